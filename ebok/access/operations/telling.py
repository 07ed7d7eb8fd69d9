"""Telling people what became of access to an account."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from ebok.access.domain import Contacts, GrantRole
from ebok.access.models import User
from ebok.access.queries import owners
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation.formats import moment
from ebok.kernel.identifiers import hint
from ebok.notifications.domain import BY_SMS, Channel, MessageKind, UnfitMessage, check_address, check_phone
from ebok.notifications.operations import queue_message
from ebok.notifications.queries import sms_available


def contacts_of(*, account_id: int, now: datetime) -> Contacts:
    """Everywhere the account's people can be told: what the registry has on file, and its owners in force.

    What is on file and is no address or number is left out: nobody can be told there.
    """
    scope = CustomerScope.for_accounts(frozenset({account_id}), reason="access:contacts")
    account = customers.account(scope=scope, account_id=account_id)
    holders = [held.user for held in owners(account_id=account_id, today=timezone.localdate(now))]
    on_file = [(account.email, account.phone)] if account else []
    pairs = [*on_file, *((user.email, user.phone) for user in holders)]
    return Contacts(
        emails=_each_once((email.lower() for email, _ in pairs), check_address),
        phones=_each_once((phone for _, phone in pairs), check_phone),
    )


def tell(*, contacts: Contacts, kind: MessageKind, context: Mapping[str, str], now: datetime) -> None:
    """Queue the message to these contacts: by e-mail, and by SMS where the kind and the installation can."""
    for email in contacts.emails:
        queue_message(kind=kind, recipient=email, context=context, now=now)
    for phone in contacts.phones if kind in BY_SMS and sms_available() else ():
        queue_message(kind=kind, recipient=phone, context=context, now=now, channel=Channel.SMS)


def tell_owners(*, account_id: int, kind: MessageKind, context: Mapping[str, str], now: datetime) -> None:
    """Queue the message to the owners in force."""
    for held in owners(account_id=account_id, today=timezone.localdate(now)):
        tell_user(user=held.user, kind=kind, context=context, now=now)


def tell_user(*, user: User, kind: MessageKind, context: Mapping[str, str], now: datetime) -> None:
    """Queue the message to a login: by e-mail, or by SMS when that is all it has."""
    emails = (user.email,) if user.email else ()
    phones = () if emails or not user.phone else (user.phone,)
    tell(contacts=Contacts(emails=emails, phones=phones), kind=kind, context=context, now=now)


def account_hint(account_id: int) -> str:
    """The end of the account's number, for a message."""
    scope = CustomerScope.for_accounts(frozenset({account_id}), reason="access:hint")
    account = customers.account(scope=scope, account_id=account_id)
    return hint(account.number) if account else ""


def added(*, account_id: int, user: User, role: GrantRole, now: datetime) -> dict[str, str]:
    """What `ACCESS_ADDED` says."""
    return {
        "account_hint": account_hint(account_id),
        "who": user.get_full_name(),
        "role": role.word,
        "when": moment(now),
    }


def _each_once(values: Iterable[str], check: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if _passes(check, value)))


def _passes(check: Callable[[str], str], value: str) -> bool:
    try:
        check(value)
    except UnfitMessage:
        return False
    return True
