"""Books the statements of one file: all of them or none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import copy_rows, lock_key, reserve_ids
from ebok.foundation.formats import short_date, zloty
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import array_literal
from ebok.foundation.utility import utility
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import (
    Standing,
    Statement,
    clues_of,
    conserve,
    content_keys,
    fingerprints,
    standing,
    unknown_own_account,
)
from ebok.payments.models import BankStatement, StatementMovement
from ebok.payments.operations.settling import Pending, WrittenStatement, settle
from ebok.payments.queries import booked_before, booked_touching, known_contents

MOVEMENT_COLUMNS: Final = (
    "id", "statement_id", "position", "booked_on", "value_on", "amount", "reversal", "bank_reference",
    "counterparty_name", "counterparty_nrb", "accounts_mentioned", "collect_id", "title", "details",
    "content_key", "fingerprint",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class BookedStatements:
    """What became of a file's movements: booked to an account, waiting, or known before. Notices are sentences."""

    new: int = 0
    parked: int = 0
    same: int = 0
    notices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many movements the file has."""
        return self.new + self.parked + self.same


@transaction.atomic
def book_statements(
    *, scope: CustomerScope, statements: Sequence[Statement], file_sha256: bytes, acting: Actor, now: datetime
) -> BookedStatements:
    """Book every statement of a file, in order; movements find their accounts or wait with a reason.

    Whoever books statements holds one lock until the transaction ends; see `settle` for those of accounts.

    :raises UnableToTake: `unknown_own_account`, `conservation`, `statement_overlaps`; nothing is booked then.
    """
    lock_key(Lock.STATEMENTS)
    own = frozenset(utility().ibans)
    for statement in statements:
        if statement.own_nrb not in own:
            raise unknown_own_account(statement.own_nrb)
    booked = BookedStatements()
    written = [w for s in statements if (w := _write_down(s, booked, file_sha256=file_sha256, now=now)) is not None]
    booked.new = settle(scope=scope, written=written, acting=acting, now=now)
    booked.parked = sum(len(w.pending) for w in written) - booked.new
    details = {"new": booked.new, "parked": booked.parked, "same": booked.same, "gaps": len(booked.notices)}
    fact = AuditFact(action="payments.book_statements", subject=f"file:{file_sha256.hex()}", details=details)
    record(facts=[fact], acting=acting, now=now)
    return booked


def _write_down(
    statement: Statement, booked: BookedStatements, *, file_sha256: bytes, now: datetime
) -> WrittenStatement | None:
    """Keep a statement and its movements as the bank gave them; None when they are known."""
    amounts = (m.amount for m in statement.movements)
    conserve(opening=statement.opening, amounts=amounts, closing=statement.closing, number=statement.number)
    keys = content_keys(own_nrb=statement.own_nrb, movements=statement.movements)
    touching = booked_touching(statement=statement)
    known = known_contents(keys=keys) if touching else Counter[bytes]()
    match standing(statement=statement, keys=keys, touching=touching, known=known):
        case Standing.OVERLAPS:
            raise _overlaps(statement)
        case Standing.SAME:
            booked.same += len(statement.movements)
            return None
        case Standing.NEW:
            row = _statement_row(statement, _expected_opening(statement, booked), file_sha256, now)
            pending = _write_movements(row, statement, keys, known)
            return WrittenStatement(statement_id=row.pk, own_nrb=statement.own_nrb, pending=pending)


def _overlaps(statement: Statement) -> UnableToTake:
    return UnableToTake(
        RefusalCode.STATEMENT_OVERLAPS,
        f"Wyciąg {statement.number} obejmuje dni od {short_date(statement.first_day)} do "
        f"{short_date(statement.last_day)}, które są już w innym wyciągu, i ma operacje, których tam nie ma. "
        "Sprawdź w banku, który wyciąg jest właściwy.",
    )


def _expected_opening(statement: Statement, booked: BookedStatements) -> Decimal | None:
    """The previous statement's closing balance where this one does not start from it; the gap is reported."""
    before = booked_before(own_nrb=statement.own_nrb, day=statement.first_day)
    if not before or any(b.closing == statement.opening for b in before):
        return None
    expected = before[-1].closing
    booked.notices.append(
        f"Wyciąg {statement.number} zaczyna się od salda {zloty(statement.opening)}, a poprzedni kończy się saldem "
        f"{zloty(expected)}. Brakuje wyciągu między {short_date(before[-1].last_day)} "
        f"a {short_date(statement.first_day)}."
    )
    return expected


def _statement_row(
    statement: Statement, expected_opening: Decimal | None, file_sha256: bytes, now: datetime
) -> BankStatement:
    return BankStatement.objects.create(
        own_nrb=statement.own_nrb,
        number=statement.number,
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening=statement.opening,
        closing=statement.closing,
        expected_opening=expected_opening,
        rows=len(statement.movements),
        file_sha256=file_sha256,
        booked_at=now,
    )


def _write_movements(
    row: BankStatement, statement: Statement, keys: Sequence[bytes], known: Counter[bytes]
) -> list[Pending]:
    ids = reserve_ids(StatementMovement, len(keys))
    prints = fingerprints(keys=keys, known=known)
    pending: list[Pending] = []

    def rows() -> Iterator[tuple[object, ...]]:
        # The clues are gathered here because the database takes the rows before meanwhile.
        for id_, m, key, fingerprint in zip(ids, statement.movements, keys, prints, strict=True):
            yield (
                id_, row.pk, m.position, m.booked_on, m.value_on, m.amount, m.reversal, m.bank_reference,
                m.counterparty_name, m.counterparty_nrb, array_literal(m.accounts_mentioned), m.collect_id, m.title,
                m.details, key, fingerprint,
            )  # fmt: skip
            pending.append(Pending(movement_id=id_, fingerprint=fingerprint, movement=m, clues=clues_of(m)))

    copy_rows(StatementMovement, MOVEMENT_COLUMNS, rows())
    return pending
