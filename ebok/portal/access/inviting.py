"""Answers for inviting somebody: one question a page, a check of the answers, and what comes of it."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ebok.access.domain import INVITATION_LIFETIME, AccountAction, GrantRole, grouped
from ebok.access.operations import InvitationRefusal, Invited, UnableToInvite, invite
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, Premises
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.foundation.limits import Limit, take
from ebok.notifications.queries import sms_available
from ebok.portal.access.draft import ACCOUNT, ADDRESS, CHANNEL, PERSON, ROLE, TERM, Draft
from ebok.portal.access.forms import PAPER, place_words
from ebok.portal.access.words import CHANNELS, CLOSED, OPENS, capital, until_words
from ebok.portal.premises.search import in_order
from ebok.portal.scope import acting_user, chosen_account, customer_view
from ebok.web.free_text import HAS_PESEL
from ebok.web.name_field import BAD
from ebok.web.qr import qr_svg
from ebok.web.step_up import fresh_sign_in

INVITATIONS: Final = Limit(name="invitation.login", times=20, within=timedelta(days=1))
TOO_MANY: Final = "Dziś wysłano już bardzo dużo zaproszeń. Następne wyślij jutro albo zadzwoń do nas."
URLS: Final = {
    ACCOUNT: "invite",
    ROLE: "invite_role",
    PERSON: "invite_person",
    CHANNEL: "invite_channel",
    ADDRESS: "invite_address",
    TERM: "invite_term",
}
TITLES: Final = {
    ACCOUNT: "Do którego lokalu?",
    ROLE: "Co ta osoba będzie mogła?",
    PERSON: "Kogo zapraszasz?",
    CHANNEL: "Jak przekazać kod?",
    ADDRESS: "Dokąd wysłać kod?",
    TERM: "Do kiedy?",
}
ALREADY_SENT: Final = "To zaproszenie jest już zrobione. Kodu nie pokażemy drugi raz; możesz zrobić nowy."
REFUSED: Final = {
    InvitationRefusal.ALREADY_INVITED: ALREADY_SENT,
    InvitationRefusal.NOT_THE_OWNER: "To konto nie należy już do Ciebie. Zadzwoń do nas, jeśli to pomyłka.",
    InvitationRefusal.ENDS_BEFORE_IT_STARTS: "Ostatni dzień dostępu już minął. Zmień go.",
    InvitationRefusal.BAD_RECIPIENT: "Tam nie możemy wysłać kodu. Zmień adres albo wydrukuj kod.",
    InvitationRefusal.PESEL: HAS_PESEL,
    InvitationRefusal.BAD_NAME: BAD,
}


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask to which account."""
    return _ask(request, scope, ACCOUNT)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask how much to open."""
    return _ask(request, scope, ROLE)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def invitee(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask who is invited, and on what ground."""
    return _ask(request, scope, PERSON)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask how the code travels."""
    return _ask(request, scope, CHANNEL)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask where the code goes."""
    return _ask(request, scope, ADDRESS)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def term(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Ask until when."""
    return _ask(request, scope, TERM)


@customer_view(AccountAction.MANAGE_ACCESS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show every answer before it counts; then invite and confirm, with the code when it goes on paper."""
    places = _places(scope)
    draft = _draft(request, places)
    if missing := draft.missing():
        return _already_sent(request, draft) if request.method == "POST" else redirect(URLS[missing])
    said = draft.answers()
    summary = _summary(said, places)
    if request.method != "POST":
        return render(request, "portal/access/invite_check.html", summary)
    outcome = _invited(request, scope, said | {"draft": draft.id})
    if outcome == ALREADY_SENT:
        return _already_sent(request, draft)
    if isinstance(outcome, str):
        return render(request, "portal/access/invite_check.html", summary | {"refused": outcome})
    draft.forget()
    return _confirmed(request, summary, outcome)


def _ask(request: HttpRequest, scope: CustomerScope, step: str) -> HttpResponse:
    """Show the question of a step, or keep its answer and go on to the first one still open."""
    places = _places(scope)
    draft = _draft(request, places)
    if step == ACCOUNT and len(places) == 1 and request.method != "POST":
        return redirect("invite_role")
    if request.method == "POST":
        form = draft.question(step, request.POST)
        if form.is_valid():
            draft.keep(step, form)
            return redirect(URLS.get(draft.missing(), "invite_check"))
    else:
        form = draft.question(step)
    if not form.fields:
        return redirect(URLS.get(draft.missing(), "invite_check"))
    return render(request, "portal/access/invite_question.html", _question(form, step, draft.steps()))


def _question(form: Form, step: str, steps: list[str]) -> dict[str, Any]:
    """What the page of a step shows: which of this person's steps it is, and the way one step back."""
    place = steps.index(step) if step in steps else 0
    people = (reverse("access_list"), "Osoby z dostępem")
    back = (reverse(URLS[steps[place - 1]]), "Poprzedni krok") if place else people
    return {
        "form": form,
        "title": TITLES[step],
        "step": str(place + 1),
        "steps": str(len(steps)),
        "back_url": back[0],
        "back_word": back[1],
    }


def _draft(request: HttpRequest, places: list[Premises]) -> Draft:
    ids = frozenset(one.account_id for one in places)
    chosen = chosen_account(request, CustomerScope.for_accounts(ids, reason="draft"))
    return Draft(request.session, places=places, chosen=chosen, today=clock.today(), sms=sms_available())


def _places(scope: CustomerScope) -> list[Premises]:
    """The premises to which one can invite.

    :raises Http404: when there are none.
    """
    if not scope.account_ids:
        raise Http404
    return in_order(customers.premises(scope=scope))


def _already_sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Answer a form that was sent more than once: it made one invitation."""
    draft.forget()
    messages.info(request, ALREADY_SENT)
    return redirect("access_list")


def _invited(request: HttpRequest, scope: CustomerScope, said: dict[str, Any]) -> Invited | str:
    """Invite; a refusal comes back as its sentence."""
    now, user_id = clock.now(), request.user.pk or 0
    if not take(limit=INVITATIONS, subject=str(user_id), now=now):
        return TOO_MANY
    try:
        return invite(
            scope=scope, account_id=said["account"], invited_by=user_id, invitee=said["invitee"],
            role=GrantRole(said["role"]), channel=said["channel"], recipient=said["recipient"],
            ground=said["ground"], until=said["until"], today=clock.today(), acting=acting_user(request), now=now,
            draft=said["draft"],
        )  # fmt: skip
    except UnableToInvite as unable:
        return REFUSED[unable.reason]


def _summary(said: dict[str, Any], places: list[Premises]) -> dict[str, Any]:
    given = GrantRole(said["role"])
    return {
        "several": len(places) > 1,
        "place": next(place_words(one) for one in places if one.account_id == said["account"]),
        "role": capital(given.word),
        "opens": OPENS[given],
        "closed": CLOSED[given],
        "invitee": said["invitee"],
        "ground": said["ground"],
        "how": capital(CHANNELS[said["channel"]]),
        "paper": said["channel"] == PAPER,
        "recipient": said["recipient"],
        "until": until_words(said["until"]),
    }


def _confirmed(request: HttpRequest, summary: dict[str, Any], made: Invited) -> HttpResponse:
    """Confirm at once and not by a redirect: a code on paper is shown this one time."""
    address = settings.EBOK_PUBLIC_URL + reverse("invitation")
    context = summary | {"expires": moment(clock.now() + INVITATION_LIFETIME), "list_url": reverse("access_list")}
    if summary["paper"]:
        context |= {
            "groups": grouped(made.code).split("-"),
            "address": address.partition("//")[2],
            "qr": qr_svg(address, label="Kod QR z adresem strony, na której wpisuje się kod"),
        }
    return render(request, "portal/access/invite_done.html", context)
