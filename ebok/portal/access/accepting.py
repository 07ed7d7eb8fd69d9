"""Answers for accepting an invitation: type its code, say who you are, accept."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.access.domain import GrantRole, OpenInvitation
from ebok.access.operations import (
    InvitationRefusal,
    UnableToCreateUser,
    UnableToInvite,
)
from ebok.access.operations.newcomers import join_by_invitation, join_with_login, terms_accepted
from ebok.access.queries import invitation_by_code
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.foundation.limits import Limit, give_each_back, take_each
from ebok.kernel.identifiers import hint
from ebok.portal.access.accepting_forms import AcceptForm, CodeForm, InvitedLoginForm
from ebok.portal.access.codes import INVITATION
from ebok.portal.access.words import CLOSED, OPENS, capital, until_words
from ebok.portal.enrolment.ways import LOGIN_TRIED, may_go_on
from ebok.portal.scope import CHOSEN, acting_user
from ebok.portal.sign_in.entering import sign_in_new_login
from ebok.terms.domain import TermsText
from ebok.terms.queries import terms_in_force
from ebok.web.rules import public
from ebok.web.sign_in_first import network_address

HOUR: Final = timedelta(hours=1)
BY_ADDRESS: Final = Limit(name="invitation_code.address", times=20, within=HOUR)
BY_ALL: Final = Limit(name="invitation_code.all", times=1_000, within=HOUR)
TOO_MANY: Final = "Za dużo prób. Odczekaj ponad godzinę albo zadzwoń do nas."
NO_SUCH_CODE: Final = "Ten kod nie działa. Sprawdź znaki albo poproś o nowe zaproszenie."
REFUSED: Final = {
    InvitationRefusal.ALREADY_GRANTED: "Masz już dostęp do tego konta. Poproś właściciela, żeby najpierw go odebrał.",
    InvitationRefusal.FORMER_OWNER: "To konto było Twoje i masz jego dawne faktury. Zadzwoń do nas.",
    InvitationRefusal.STAFF_LOGIN: "Login pracownika nie może mieć dostępu do kont klientów. Użyj prywatnego loginu.",
}


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Nothing is told apart: a code works or it does not."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method == "POST" and form.is_valid():
        fault = _try(request, form.cleaned_data["code"])
        if not fault:
            INVITATION.put(request.session, form.cleaned_data["code"])
            return redirect("invitation_accept")
        form.add_error("code", fault)
    return render(request, "portal/access/invitation_code.html", {"form": form})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Show what is offered and by whom; take it on POST, once one is signed in and has accepted the regulations."""
    row = _open(request)
    if row is None:
        return _no_longer(request)
    form = AcceptForm(request.POST if request.method == "POST" else None, terms=_terms(request))
    signed_in = request.user.is_authenticated
    if signed_in and form.is_valid() and (answer := _accepted(request, form, row)):
        return answer
    here = reverse("invitation_accept")
    sign_in = f"{reverse('account_login')}?{urlencode({'next': here})}"
    context = _offer(row) | {"sign_in_url": "" if signed_in else sign_in, "form": form, "terms": form.terms}
    return render(request, "portal/access/invitation_accept.html", context)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_login(request: HttpRequest) -> HttpResponse:
    """Make a login for whoever holds a code and has none; with it comes the access."""
    row, terms = _open(request), terms_in_force(today=clock.today())
    if row is None:
        return _no_longer(request)
    if request.user.is_authenticated:
        return redirect("invitation_accept")
    typed = request.POST if request.method == "POST" else None
    form = InvitedLoginForm(typed, terms=terms, initial={"full_name": row.invitee})
    if form.is_valid() and may_go_on(request, form, LOGIN_TRIED) and (user_id := _joined(request, form, row)):
        return _entered(request, row, user_id)
    context = _offer(row) | {"form": form, "email": _email(row), "terms_url": reverse("regulations") if terms else ""}
    return render(request, "portal/access/invitation_login.html", context)


def _try(request: HttpRequest, code: str) -> str:
    """Count a try and say what is wrong with the code; empty when it works, and then it does not count."""
    now, uses = clock.now(), [(BY_ADDRESS, network_address(request)), (BY_ALL, "")]
    if take_each(uses=uses, now=now):
        return TOO_MANY
    if invitation_by_code(code=code, now=now) is None:
        return NO_SUCH_CODE
    give_each_back(uses=uses, now=now)
    return ""


def _code(request: HttpRequest) -> str:
    return str(INVITATION.get(request.session) or "")


def _open(request: HttpRequest) -> OpenInvitation | None:
    code = _code(request)
    return invitation_by_code(code=code, now=clock.now()) if code else None


def _no_longer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        INVITATION.forget(request.session)
    if _code(request):
        messages.error(request, NO_SUCH_CODE)
    return redirect("invitation")


def _terms(request: HttpRequest) -> TermsText | None:
    """The regulations that whoever is signed in has yet to accept; None when there are none."""
    today, user_id = clock.today(), request.user.pk
    return None if user_id is None or terms_accepted(user_id=user_id, today=today) else terms_in_force(today=today)


def _accepted(request: HttpRequest, form: AcceptForm, row: OpenInvitation) -> HttpResponse | None:
    """Take it and go on; None when the form now shows other regulations."""
    try:
        join_with_login(
            code=_code(request), user_id=request.user.pk or 0, terms_id=form.version_id, today=clock.today(),
            acting=acting_user(request), now=clock.now(),
        )  # fmt: skip
    except UnableToInvite as unable:
        if unable.reason is InvitationRefusal.TERMS:
            form.say_new_terms()
            return None
        messages.error(request, REFUSED.get(unable.reason, NO_SUCH_CODE))
        INVITATION.forget(request.session)
        return redirect("invitation")
    return _welcome(request, row)


def _joined(request: HttpRequest, form: InvitedLoginForm, row: OpenInvitation) -> int | None:
    """Make the login with its access; what is wrong is said at the field."""
    said = form.cleaned_data
    try:
        return join_by_invitation(
            code=_code(request), username=said["username"], password=said["new_password"],
            full_name=said["full_name"], email=_email(row), terms_id=form.version_id, today=clock.today(),
            acting=acting_user(request), now=clock.now(),
        )  # fmt: skip
    except UnableToCreateUser as unable:
        form.say_refusal(unable)
    except UnableToInvite as unable:
        if unable.reason is InvitationRefusal.TERMS:
            form.say_new_terms()
        else:
            form.add_error(None, NO_SUCH_CODE)
    return None


def _entered(request: HttpRequest, row: OpenInvitation, user_id: int) -> HttpResponse:
    INVITATION.forget(request.session)
    answer = sign_in_new_login(request, user_id)
    _welcome(request, row)
    return answer


def _welcome(request: HttpRequest, row: OpenInvitation) -> HttpResponse:
    """Look at the account one just got."""
    INVITATION.forget(request.session)
    request.session[CHOSEN] = row.account_id
    messages.success(request, f"Masz dostęp do konta {row.account_number}: {row.role.word}.")
    return redirect("panel")


def _email(row: OpenInvitation) -> str:
    """The address the code went to: whoever typed the code from it has shown that they read it."""
    return row.recipient if row.channel == "email" else ""


def _offer(row: OpenInvitation) -> dict[str, Any]:
    role = GrantRole(row.role)
    return {
        "inviter": row.inviter,
        "account": hint(row.account_number),
        "role": capital(role.word),
        "opens": OPENS[role],
        "closed": CLOSED[role],
        "until": until_words(row.grant_ends_on),
        "expires": moment(row.expires_at),
    }
