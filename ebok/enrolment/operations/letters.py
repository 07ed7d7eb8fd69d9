"""Letters with an activation code: ordering them, and forgetting their codes once they are printed."""

from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import Account, CustomerScope
from ebok.customers.queries import account
from ebok.enrolment.domain import Delivery, may_have_letter, may_order_again
from ebok.enrolment.models import ActivationCode
from ebok.enrolment.operations.codes import make_activation_code
from ebok.enrolment.operations.proofs import NOBODY
from ebok.enrolment.queries.numbers import account_numbered
from ebok.enrolment.queries.proofs import good_from
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock


class LetterRefusal(StrEnum):
    """Why a letter cannot be ordered."""

    UNKNOWN_ACCOUNT = "unknown_account"
    NO_ADDRESS = "no_address"
    CLOSED = "closed"
    """The account was closed more than `LETTERS_AFTER_CLOSING` ago: somebody else lives at its address by now."""


class UnableToOrderLetter(ValueError):
    """No letter was ordered; `reason` says why."""

    def __init__(self, reason: LetterRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def order_letter(*, scope: CustomerScope, account_id: int, acting: Actor, now: datetime) -> int:
    """Order a letter to the address on file, for staff. Returns the letter's id. The scope's reason goes on record.

    One that waits to be printed is the one they get: of two ordered at once one is made.

    :raises UnableToOrderLetter: when the account is not in scope, has no address, or was closed long ago.
    """
    lock_key(Lock.LETTERS)
    found = account(scope=scope, account_id=account_id)
    if found is None:
        raise UnableToOrderLetter(LetterRefusal.UNKNOWN_ACCOUNT)
    if not (found.correspondence or found.address):
        raise UnableToOrderLetter(LetterRefusal.NO_ADDRESS)
    if not _gets_letters(found, now):
        raise UnableToOrderLetter(LetterRefusal.CLOSED)
    waiting = _waiting(account_id, now)
    if waiting is not None:
        return waiting
    made = make_activation_code(
        account_ids=[account_id], delivery=Delivery.LETTER, acting=acting, now=now, reason=scope.reason
    )
    return made.code_id


@transaction.atomic
def order_letter_unseen(*, account_number: str, postal_code: str, acting: Actor, now: datetime) -> None:
    """Order a letter for whoever asks on the public page, when number and postal code are those of one account that
    is open, or was not long ago.

    `account_number` is as `read_number` gives it, `postal_code` as `05-400`. At most one letter an account in
    `DAYS_BETWEEN_LETTERS`. The same work is done and nothing is told, whatever comes of it: a letter nobody
    should get is made and taken back.
    """
    lock_key(Lock.LETTERS)
    scope = CustomerScope.for_proof(acting="letter")
    found = account(scope=scope, account_id=account_numbered(scope=scope, number=account_number) or NOBODY)
    account_id = found.id if found is not None else NOBODY
    codes = ActivationCode.objects.filter(accounts=account_id, delivery=Delivery.LETTER.value)
    since = _good_from(account_id, now)
    last = codes.filter(ordered_at__gt=since).aggregate(last=Max("ordered_at"))["last"]
    may = may_order_again(last_ordered_at=last, now=now)
    wanted = found is not None and _lives_at(found, postal_code) and _gets_letters(found, now) and may
    with transaction.atomic():
        make_activation_code(account_ids=[account_id], delivery=Delivery.LETTER, acting=acting, now=now)
        transaction.set_rollback(not wanted)
    result = "ok" if wanted else "refused"
    fact = AuditFact(action="letter.order", subject="activation", account_id=found.id if found else None, result=result)
    record(facts=[fact], acting=acting, now=now)


def _good_from(account_id: int, now: datetime) -> datetime:
    return good_from(account_ids=[account_id], now=now) or datetime.min.replace(tzinfo=UTC)


def _waiting(account_id: int, now: datetime) -> int | None:
    """The newest letter to the account that nobody has printed, none of a former owner's time."""
    waiting = ActivationCode.objects.waiting_for_print(now).filter(accounts=account_id)
    rows = waiting.filter(ordered_at__gt=_good_from(account_id, now)).order_by("-ordered_at", "-id")
    return rows.values_list("id", flat=True).first()


def _gets_letters(found: Account, now: datetime) -> bool:
    return may_have_letter(closed_on=found.closed_on, today=timezone.localdate(now))


def _lives_at(found: Account, postal_code: str) -> bool:
    # Not the correspondence address: that one is changed online, this one by the agreement alone.
    return postal_code == found.address.postal_code


@transaction.atomic
def mark_printed(*, letter_ids: Collection[int], acting: Actor, now: datetime) -> int:
    """Note that these letters are printed and forget their codes: nobody can read them again. Returns how many.

    Letters already printed stay as they are. Each account a letter opens has its row of audit.
    """
    waiting = ActivationCode.objects.waiting_for_print(now).filter(id__in=letter_ids)
    rows = list(waiting.select_for_update().order_by("id"))
    for row in rows:
        row.code_encrypted, row.printed_at, row.printed_by = None, now, acting.name
    ActivationCode.objects.bulk_update(rows, ["code_encrypted", "printed_at", "printed_by"])
    ids = [row.id for row in rows]
    pairs = ActivationCode.objects.filter(id__in=ids).order_by("id", "accounts").values_list("id", "accounts")
    facts = [
        AuditFact(action="letter.print", subject=f"activation_code:{code}", account_id=account)
        for code, account in pairs
    ]
    record(facts=facts, acting=acting, now=now)
    return len(rows)


def forget_unprinted(*, now: datetime) -> int:
    """Forget the codes of letters that ran out before anybody printed them. Returns how many."""
    stale = ActivationCode.objects.filter(code_encrypted__isnull=False, expires_at__lte=now)
    return stale.update(code_encrypted=None)
