"""What changing an e-mail and changing a phone have in common: limits, the waiting code, the sentences."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ebok.access.domain import AccountAction, CodeTicket
from ebok.access.operations import IdentityRefusal, UnableToChangeIdentity
from ebok.audit.domain import Actor
from ebok.foundation import clock
from ebok.foundation.limits import Use
from ebok.portal.scope import acting_user, held_grants
from ebok.portal.security.frame import CUSTOMER_LAYOUT, STAFF_LAYOUT
from ebok.portal.sign_in import throttles
from ebok.web.kept import Kept
from ebok.web.sessions import STAFF

HOME: Final = {False: ("me", "Ja"), True: ("security", "Bezpieczeństwo")}
"""Where customers and staff come from: the name of the page, and its word."""
CODE_SENTENCES: Final = {
    IdentityRefusal.WRONG_CODE: "Ten kod się nie zgadza. Sprawdź cyfry w najnowszej wiadomości.",
    IdentityRefusal.EXPIRED: "Ten kod już nie działa. Wyślij nowy kod i wpisz go tutaj.",
}


class Asking(Protocol):
    """An operation that sends a code to the new value."""

    def __call__(self, *, user_id: int, new: str, acting: Actor, now: datetime) -> CodeTicket:
        """Send the code."""


class Confirming(Protocol):
    """An operation that takes the new value over when the code is right."""

    def __call__(self, *, user_id: int, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> str:
        """Take it over and return it."""


def ask_for(
    request: HttpRequest,
    form: forms.Form,
    *,
    field: str,
    ask: Asking,
    words: dict[IdentityRefusal, str],
    uses: tuple[Use, ...] = (),
) -> bool:
    """Send a code to what a sent form has in its field and remember that it waits; say at the field why not.

    False as well for a form that was not sent, or is not right.
    """
    if not form.is_valid():
        return False
    now, new, user_id = clock.now(), form.cleaned_data[field], request.user.pk or 0
    shared = [(throttles.IDENTITY_CHANGE, f"{field}:{user_id}"), (throttles.IDENTITY_TARGET, new), *uses]
    if refusal := throttles.refusal(uses=shared, now=now):
        form.add_error(field, refusal)
        return False
    try:
        ticket = ask(user_id=user_id, new=new, acting=acting_user(request), now=now)
    except UnableToChangeIdentity as refused:
        form.add_error(field, words[refused.reason])
        return False
    _kept(field).put(request.session, {"ticket": asdict(ticket), "new": new})
    return True


def waiting(request: HttpRequest, *, field: str) -> dict[str, Any] | None:
    """The change that waits for its code in this session."""
    kept: dict[str, Any] | None = _kept(field).get(request.session)
    return kept


def confirm_with(request: HttpRequest, form: forms.Form, *, field: str, confirm: Confirming) -> bool:
    """Take the new value over with the code of a sent form; say at the field why not."""
    kept = waiting(request, field=field)
    if kept is None or not form.is_valid():
        return False
    now, user_id = clock.now(), request.user.pk or 0
    if refusal := throttles.refusal(uses=[(throttles.IDENTITY_CODE, str(user_id))], now=now):
        form.add_error("code", refusal)
        return False
    ticket, code = CodeTicket(**kept["ticket"]), form.cleaned_data["code"]
    try:
        confirm(user_id=user_id, ticket=ticket, code=code, acting=acting_user(request), now=now)
    except UnableToChangeIdentity as refused:
        form.add_error("code", CODE_SENTENCES[refused.reason])
        return False
    _kept(field).forget(request.session)
    return True


def page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Answer with a page in the frame of customers, or in the plain one for staff."""
    staff = STAFF in request.session
    frame = {"layout": STAFF_LAYOUT if staff else CUSTOMER_LAYOUT, "home": HOME[staff]}
    return render(request, f"portal/identity/{template}", frame | dict(context))


def leave(request: HttpRequest, *, contact: str = "") -> HttpResponse:
    """Go back to where one came from; by way of the page `contact` for whoever may change details of an account."""
    if contact and held_grants(request).may_anywhere(AccountAction.CHANGE_DETAILS):
        return redirect(contact)
    return redirect(HOME[STAFF in request.session][0])


def _kept(field: str) -> Kept:
    """Where the change waits: the new address or number is nobody's business but its owner's."""
    return Kept(name=f"identity_change.{field}")
