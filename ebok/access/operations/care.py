"""Telling people what became of the data of their account."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.access.domain import Contacts
from ebok.access.models import User
from ebok.access.operations.telling import contacts_of, tell, tell_user
from ebok.customers import queries as customers
from ebok.customers.domain import ContactChange, ContactField, CustomerScope, RequestState
from ebok.foundation.formats import moment
from ebok.kernel.identifiers import hint
from ebok.notifications.domain import MessageKind, UnfitMessage, check_address, check_phone

_DECISIONS: Final = {
    RequestState.APPROVED: "Przyjmujemy Twoją prośbę.",
    RequestState.REFUSED: "Nie zmienimy tych danych.",
}


@transaction.atomic
def tell_of_contact_change(*, account_id: int, change_id: int, now: datetime) -> None:
    """Tell every contact of the account, the one that was given up among them, that a contact was changed."""
    change = customers.contact_change(scope=_of(account_id), change_id=change_id)
    if change is None:
        return
    contacts = _with_old(contacts_of(account_id=account_id, now=now), change)
    context = {"account_hint": hint(change.account_number), "what": change.field.word, "when": moment(change.at)}
    tell(contacts=contacts, kind=MessageKind.DETAILS_CHANGED, context=context, now=now)


def _with_old(contacts: Contacts, change: ContactChange) -> Contacts:
    """Whoever changes a contact behind its owner's back cannot keep the news from them."""
    emails = _joined(contacts.emails, change, ContactField.EMAIL, check_address)
    return Contacts(emails=emails, phones=_joined(contacts.phones, change, ContactField.PHONE, check_phone))


def _joined(
    present: tuple[str, ...], change: ContactChange, field: ContactField, check: Callable[[str], str]
) -> tuple[str, ...]:
    if change.field is not field or not isinstance(change.old, str):
        return present
    with suppress(UnfitMessage):
        return tuple(dict.fromkeys((*present, check(change.old.lower()))))
    return present


@transaction.atomic
def tell_of_data_decision(*, account_id: int, request_id: int, now: datetime) -> None:
    """Tell the login that asked for other data what was decided; nobody when it was closed since."""
    request = customers.data_change(scope=_of(account_id), request_id=request_id)
    if request is None or request.state is RequestState.WAITING:
        return
    user = User.objects.filter(id=request.asked_by, closed_at__isnull=True).first()
    if user is not None:
        context = {
            "account_hint": hint(request.account_number),
            "decision": _DECISIONS[request.state],
            "reason": request.reason,
        }
        tell_user(user=user, kind=MessageKind.DATA_CHANGE_DECIDED, context=context, now=now)


def _of(account_id: int) -> CustomerScope:
    return CustomerScope.for_accounts(frozenset({account_id}), reason="access:care")
