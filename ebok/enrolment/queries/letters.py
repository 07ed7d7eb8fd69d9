"""Letters that wait for the printer, and the file that is printed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils import timezone

from ebok.access.queries import owners_left
from ebok.audit.domain import ActorKind
from ebok.billing.queries.documents import office_facts
from ebok.customers.domain import Account, Address, CustomerScope
from ebok.customers.queries import accounts, holder_changes, letter_addresses
from ebok.enrolment.domain import ActivationLetter, Delivery, WaitingLetter, in_postal_order
from ebok.enrolment.models import ActivationCode
from ebok.enrolment.ports import EnrolmentPapers
from ebok.foundation.encryption import UnableToDecrypt, decrypt
from ebok.foundation.ports import adapter

SEALED: Final = "enrolment.activation_code"
"""For what codes are encrypted until they are printed."""
PAGE: Final = "/aktywacja/list/"
"""Where the code of a letter is typed."""
WHOLE_DAY: Final = timedelta(days=1)
"""A code ends at the hour it was made: the last day named in a letter is the last whole one."""


class PrintRefusal(StrEnum):
    """Why no file of letters can be made."""

    NONE_WAITS = "none_waits"
    """They are printed already, too old, or not there."""
    TOO_MANY = "too_many"
    """More than one file may hold."""
    NEEDS_REASON = "needs_reason"
    """Somebody has the file of one of them already."""
    KEY_LOST = "key_lost"
    """The code of one of them cannot be read: its key is not among `EBOK_FIELD_KEYS` any more."""


class UnableToPrint(ValueError):
    """No file was made; `reason` says why."""

    def __init__(self, reason: PrintRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def letters_waiting(*, now: datetime) -> list[WaitingLetter]:
    """Letters nobody has printed yet, in postal order, for the office: it prints and posts them all.

    Those ordered in the time of a former owner or holder are not among them: their codes open nothing.
    """
    rows = list(ActivationCode.objects.waiting_for_print(now))
    return in_postal_order(_good(rows, now))


def letters_pdf(*, letter_ids: Collection[int], now: datetime) -> bytes:
    """One PDF of these letters, as far as they wait, in postal order. Nothing is changed: see `mark_printed`.

    :raises UnableToPrint: when none of them waits, or the code of one cannot be read.
    """
    rows = {row.id: row for row in ActivationCode.objects.waiting_for_print(now).filter(id__in=letter_ids)}
    order = in_postal_order(_good(rows.values(), now))
    if not order:
        raise UnableToPrint(PrintRefusal.NONE_WAITS)
    return adapter(EnrolmentPapers).letters([_letter(rows[one.id], one, now) for one in order])


def _good(rows: Collection[ActivationCode], now: datetime) -> list[WaitingLetter]:
    held = _accounts_of(rows)
    ids = {account.id for accounts_of_one in held.values() for account in accounts_of_one}
    gone = _gone(ids, now)
    goes_to = letter_addresses(held=[one for of_one in held.values() for one in of_one[:1]], now=now)
    past = {row.id for row in rows for one in held[row.id] if one.id in gone and row.ordered_at <= gone[one.id]}
    return [_waiting(row, held[row.id], goes_to) for row in rows if held[row.id] and row.id not in past]


def _gone(account_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When the last owner of each account left, or the registry named another holder: the later of both."""
    left = owners_left(account_ids=account_ids, today=timezone.localdate(now))
    changed = holder_changes(account_ids=account_ids)
    both = left.keys() & changed.keys()
    return left | changed | {account: max(left[account], changed[account]) for account in both}


def _accounts_of(rows: Iterable[ActivationCode]) -> dict[int, list[Account]]:
    pairs = ActivationCode.accounts.through.objects.filter(activationcode__in=[row.id for row in rows])
    joined = list(pairs.values_list("activationcode_id", "customeraccount_id"))
    scope = CustomerScope.for_accounts(frozenset(account for _, account in joined), reason="letters")
    known = {one.id: one for one in accounts(scope=scope)}
    found: dict[int, list[Account]] = defaultdict(list)
    for code, account in sorted(joined):
        found[code].append(known[account])
    return found


def _waiting(row: ActivationCode, held: list[Account], goes_to: Mapping[int, Address]) -> WaitingLetter:
    first = held[0]
    return WaitingLetter(
        id=row.id,
        delivery=Delivery(row.delivery),
        account_numbers=tuple(one.number for one in held),
        name=first.name,
        address=goes_to[first.id],
        ordered_at=row.ordered_at,
        ordered_by_customer=row.ordered_by_kind == ActorKind.ANONYMOUS.value,
        expires_at=row.expires_at,
        fetched_at=row.fetched_at,
        fetched_by=row.fetched_by,
    )


def _letter(row: ActivationCode, waiting: WaitingLetter, now: datetime) -> ActivationLetter:
    at = waiting.address
    return ActivationLetter(
        account_numbers=waiting.account_numbers,
        name=waiting.name,
        address_lines=tuple(line for line in (at.place, f"{at.postal_code} {at.city}".strip()) if line),
        code=_code(row),
        printed_on=timezone.localdate(now),
        last_day=last_day(row.expires_at),
        page_url=settings.EBOK_PUBLIC_URL + PAGE,
        office=office_facts(),
    )


def last_day(expires_at: datetime) -> date:
    """The last whole day on which a code works: what paper and the office's list say."""
    return timezone.localdate(expires_at) - WHOLE_DAY


def _code(row: ActivationCode) -> str:
    try:
        return decrypt(purpose=SEALED, sealed=bytes(row.code_encrypted or b"")).decode()
    except UnableToDecrypt as error:
        raise UnableToPrint(PrintRefusal.KEY_LOST) from error
