"""Answers of the last steps: whose login the account becomes, and what became of it."""

from dataclasses import asdict
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.operations import UnableToCreateUser
from ebok.access.operations.newcomers import terms_accepted
from ebok.enrolment.domain import ProofTicket
from ebok.enrolment.operations import ActivationRefusal, NewLogin, UnableToActivate, activate
from ebok.enrolment.queries import Proved, proved
from ebok.foundation import clock
from ebok.portal.enrolment.forms import NewLoginForm, TermsForm
from ebok.portal.enrolment.proving import PROOF
from ebok.portal.enrolment.said import named, said_of
from ebok.portal.enrolment.ways import LOGIN_TRIED, by_phone, may_go_on
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.sign_in.entering import NEW_LOGIN, enter
from ebok.terms.domain import TermsText
from ebok.terms.queries import terms_in_force
from ebok.web.rules import public

DONE: Final = "activated"
START_OVER: Final = "Minęło za dużo czasu albo ten krok jest już zrobiony. Zacznij jeszcze raz."
SENTENCES: Final = {
    ActivationRefusal.PROOF_GONE: START_OVER,
    ActivationRefusal.CODE_GONE: "Ten kod jest już użyty. Zaloguj się albo zamów nowy list.",
    ActivationRefusal.STAFF_LOGIN: "To login pracownika. Wyloguj się i załóż login klienta.",
    ActivationRefusal.CLOSED_LOGIN: "Ten login jest zamknięty. Załóż nowy.",
    ActivationRefusal.FORMER_OWNER: "To konto należało do Ciebie i masz jego dawne faktury.",
}


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let somebody with a fresh proof make a login, or add the account to the one they are signed in with."""
    ticket = _ticket(request)
    found = proved(ticket=ticket, now=clock.now()) if ticket else None
    if ticket is None or found is None:
        return _start_over(request, ActivationRefusal.PROOF_GONE)
    form = _form(request, _terms(request))
    if request.method == "POST" and form.is_valid() and may_go_on(request, form, LOGIN_TRIED):
        answer = _activated(request, ticket, form)
        if answer is not None:
            return answer
    return _page(request, form, found)


@signed_in
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say what the login can do now, and what comes next."""
    made = request.session.get(DONE)
    if made is None:
        return redirect("panel")
    has_email = bool(getattr(request.user, "email", ""))
    return render(request, "portal/enrolment/done.html", {"said": said_of(made), "has_email": has_email})


def _ticket(request: HttpRequest) -> ProofTicket | None:
    kept = request.session.get(PROOF)
    return ProofTicket(**kept) if kept else None


def _terms(request: HttpRequest) -> TermsText | None:
    """The regulations to be accepted now; None when there are none, or they are accepted."""
    today = clock.today()
    if request.user.is_authenticated and terms_accepted(user_id=request.user.pk, today=today):
        return None
    return terms_in_force(today=today)


def _form(request: HttpRequest, terms: TermsText | None) -> TermsForm:
    form = TermsForm if request.user.is_authenticated else NewLoginForm
    return form(request.POST if request.method == "POST" else None, terms=terms)


def _activated(request: HttpRequest, ticket: ProofTicket, form: TermsForm) -> HttpResponse | None:
    """Do it and go on; None when the form now says what to mend."""
    login = request.user.pk if request.user.is_authenticated else _new_login(form)
    try:
        made = activate(
            ticket=ticket,
            login=login,
            terms_version_id=form.version_id,
            today=clock.today(),
            acting=acting_user(request),
            now=clock.now(),
        )
    except UnableToCreateUser as unable:
        if isinstance(form, NewLoginForm):
            form.say_refusal(unable)
        return None
    except UnableToActivate as unable:
        return _not_activated(request, form, unable.reason)
    request.session.pop(PROOF, None)
    request.session[DONE] = {key: value for key, value in asdict(made).items() if key != "user_id"}
    if request.user.is_authenticated:
        return redirect("activation_done")
    return enter(request, user_id=made.user_id, method=NEW_LOGIN, redirect_url="/aktywacja/gotowe/")


def _new_login(form: TermsForm) -> NewLogin:
    said = form.cleaned_data
    return NewLogin(username=said["username"], password=said["new_password"], full_name=said["full_name"])


def _not_activated(request: HttpRequest, form: TermsForm, reason: ActivationRefusal) -> HttpResponse | None:
    if reason is ActivationRefusal.TERMS:
        form.say_new_terms()
        return None
    return _start_over(request, reason)


def _start_over(request: HttpRequest, reason: ActivationRefusal) -> HttpResponse:
    request.session.pop(PROOF, None)
    messages.warning(request, f"{SENTENCES[reason]} {by_phone()}")
    return redirect("activation")


def _page(request: HttpRequest, form: TermsForm, found: Proved) -> HttpResponse:
    several = len(found.account_numbers) > 1
    return render(
        request,
        "portal/enrolment/login.html",
        {
            "form": form,
            "terms": form.terms,
            "accounts": named(found.account_numbers),
            "accounts_term": "Konta klienta" if several else "Konto klienta",
            "person": request.user,
        },
    )
