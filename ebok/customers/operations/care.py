"""A holder changes the contacts of an account, and asks for other data of the agreement."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import (
    ADDRESS_LENGTHS,
    REASON_MAX_LENGTH,
    WAITING_AT_MOST,
    WANTED_MAX_LENGTH,
    WHY_MAX_LENGTH,
    Address,
    ContactChanged,
    ContactField,
    ContactValue,
    CustomerScope,
    DataChangeDecided,
    DataField,
    effective,
    parts_of,
)
from ebok.customers.models import ContactChange, CustomerAccount, DataChangeDecision, DataChangeRequest
from ebok.customers.queries.care import last_words, registry_value, requests_seen
from ebok.foundation.background import Job, enqueue
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.kernel.emails import email_address
from ebok.kernel.identifiers import holds_pesel

CONTACT_CHANGED = Job(name="customers.contact_changed", payload=ContactChanged)
DATA_CHANGE_DECIDED = Job(name="customers.data_change_decided", payload=DataChangeDecided)
PREMISES: Final = Address(street="", house="", flat="", postal_code="", city="")
"""No correspondence address of its own: letters go to the address of the account."""
_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_POSTAL_CODE: Final = re.compile(r"[0-9]{2}-[0-9]{3}")


class ContactRefusal(StrEnum):
    """Why a contact was not changed."""

    NOT_YOURS = "not_yours"
    UNFIT = "unfit"


class UnableToChangeContact(ValueError):
    """The contact was not changed."""

    def __init__(self, reason: ContactRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class DataRefusal(StrEnum):
    """Why a request was not taken, or not decided."""

    NOT_YOURS = "not_yours"
    UNFIT = "unfit"
    PESEL = "pesel"
    """A PESEL was written: eBOK keeps none, not even in a request."""
    ASKED_ALREADY = "asked_already"
    TOO_MANY = "too_many"
    DECIDED_ALREADY = "decided_already"
    NO_REASON = "no_reason"


class UnableToAskForData(ValueError):
    """The request was not taken."""

    def __init__(self, reason: DataRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class UnableToDecideData(ValueError):
    """The request was not decided."""

    def __init__(self, reason: DataRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def change_correspondence(
    *, scope: CustomerScope, account_id: int, address: Address | None, acting: Actor, now: datetime
) -> bool:
    """Send letters to another address from now on; None: to the address of the account again.

    Holds at once and until the billing system delivers another address than it has now. Every contact is told.
    Returns False when letters go there already.

    :raises UnableToChangeContact: when the account is not in scope, or the address is none in Poland.
    """
    wanted = address or PREMISES
    if address is not None and not _is_postal(address):
        raise UnableToChangeContact(ContactRefusal.UNFIT)
    return _change(scope, account_id, ContactField.CORRESPONDENCE, parts_of(wanted), acting, now)


def change_contact(
    *, scope: CustomerScope, account_id: int, field: ContactField, value: str, acting: Actor, now: datetime
) -> bool:
    """Set the e-mail address, or the phone number as E.164 writes it; proved by the caller, empty for none.

    Holds and is told as `change_correspondence`. Returns False when it is so already.

    :raises UnableToChangeContact: when the account is not in scope, or the value is no such contact.
    """
    read = {ContactField.EMAIL: email_address, ContactField.PHONE: _e164}.get(field)
    fit = read(value) if read and value else ""
    if read is None or fit is None:
        raise UnableToChangeContact(ContactRefusal.UNFIT)
    return _change(scope, account_id, field, fit, acting, now)


@transaction.atomic
def change_contacts(
    *, scope: CustomerScope, account_ids: Iterable[int], field: ContactField, value: str, acting: Actor, now: datetime
) -> int:
    """Set the same e-mail address or phone number for several accounts, or for none of them. Returns how many changed.

    :raises UnableToChangeContact: as `change_contact`.
    """
    ids = sorted(set(account_ids))
    return sum(
        change_contact(scope=scope, account_id=one, field=field, value=value, acting=acting, now=now) for one in ids
    )


@transaction.atomic
def _change(  # noqa: PLR0917
    scope: CustomerScope, account_id: int, field: ContactField, new: ContactValue, acting: Actor, now: datetime
) -> bool:
    lock_key(Lock.CONTACTS)
    row = CustomerAccount.objects.in_scope(scope).select_for_update().filter(id=account_id).first()
    if row is None:
        raise UnableToChangeContact(ContactRefusal.NOT_YOURS)
    registry = registry_value(row, field)
    old = effective(registry=registry, last=last_words(account_ids=[row.id]).get((row.id, field)))
    if old == new:
        return False
    change = ContactChange.objects.create(
        account=row, field=field.value, old=old, new=new, registry_value=registry, at=now, by=acting.name
    )
    fact = AuditFact(
        action="customers.contact_changed", subject=f"contact:{change.id}", account_id=row.id,
        details={"field": field.value},
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    enqueue(CONTACT_CHANGED, ContactChanged(account_id=row.id, change_id=change.id))
    return True


@transaction.atomic
def ask_for_data_change(
    *,
    scope: CustomerScope,
    account_id: int,
    what: DataField,
    wanted: str,
    why: str,
    asked_by: int,
    acting: Actor,
    now: datetime,
) -> int:
    """Ask staff for other data of the agreement, in the asker's words. Returns the number of the request.

    :raises UnableToAskForData: when the account is not in scope, nothing or too much is said, the same is
        asked for already, or too many requests of the account wait.
    """
    lock_key(Lock.CONTACTS)
    if not CustomerAccount.objects.in_scope(scope).filter(id=account_id).exists():
        raise UnableToAskForData(DataRefusal.NOT_YOURS)
    if not (0 < len(wanted.strip()) <= WANTED_MAX_LENGTH and 0 < len(why.strip()) <= WHY_MAX_LENGTH):
        raise UnableToAskForData(DataRefusal.UNFIT)
    if holds_pesel(f"{wanted} {why}"):
        raise UnableToAskForData(DataRefusal.PESEL)
    _check_waiting(scope.narrowed(account_id), what)
    row = DataChangeRequest.objects.create(
        account_id=account_id, what=what.value, wanted=wanted.strip(), why=why.strip(), asked_by=asked_by, asked_at=now
    )
    fact = AuditFact(
        action="customers.data_change_asked", subject=f"data_change:{row.id}", account_id=account_id,
        details={"what": what.value},
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    return row.id


def _check_waiting(scope: CustomerScope, what: DataField) -> None:
    waiting = requests_seen(scope=scope).filter(decision__isnull=True)
    kinds = list(waiting.values_list("what", flat=True))
    if len(kinds) >= WAITING_AT_MOST:
        raise UnableToAskForData(DataRefusal.TOO_MANY)
    if what is not DataField.OTHER and what.value in kinds:
        raise UnableToAskForData(DataRefusal.ASKED_ALREADY)


@transaction.atomic
def decide_data_change(
    *, scope: CustomerScope, request_id: int, approve: bool, reason: str, acting: Actor, now: datetime
) -> None:
    """Approve a request, or refuse it with a reason; whoever asked is told.

    Approving changes no data here: the billing system is their master, and takes the request from
    `ebok export_contacts`.

    :raises UnableToDecideData: when the request is not in scope, is decided, is refused without a reason, or
        the reason holds a PESEL.
    """
    lock_key(Lock.CONTACTS)
    row = DataChangeRequest.objects.filter(id=request_id).first()
    if row is None or not scope.allows(row.account_id):
        raise UnableToDecideData(DataRefusal.NOT_YOURS)
    if DataChangeDecision.objects.filter(request=row).exists():
        raise UnableToDecideData(DataRefusal.DECIDED_ALREADY)
    said = reason.strip()[:REASON_MAX_LENGTH]
    if holds_pesel(said):
        raise UnableToDecideData(DataRefusal.PESEL)
    if not approve and not said:
        raise UnableToDecideData(DataRefusal.NO_REASON)
    DataChangeDecision.objects.create(
        request=row, approved=approve, reason=said, decided_by=acting.name, decided_at=now
    )
    fact = AuditFact(
        action="customers.data_change_decided", subject=f"data_change:{row.id}", account_id=row.account_id,
        reason=said, result="approved" if approve else "refused",
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    enqueue(DATA_CHANGE_DECIDED, DataChangeDecided(account_id=row.account_id, request_id=row.id))


def _e164(number: str) -> str | None:
    return number if _E164.fullmatch(number) else None


def _is_postal(address: Address) -> bool:
    parts = parts_of(address)
    printable = all(len(parts[name]) <= most and parts[name].isprintable() for name, most in ADDRESS_LENGTHS.items())
    return printable and bool(_POSTAL_CODE.fullmatch(address.postal_code)) and bool(address.city and address.house)
