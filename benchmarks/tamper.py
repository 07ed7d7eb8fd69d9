"""G19: somebody who owns the database changes one byte of the audit trail. Every kind of change, by raw SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record, seal_rows
from ebok.audit.queries import prove_chain

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER: Final = NOW + timedelta(days=1)
TEXTS: Final = ("actor_kind", "actor_name", "actor_address", "action", "subject", "reason", "result")
_REDRAWN_AT_MOST: Final = 200

Edit = Callable[[CursorWrapper, Random, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """One change that was made, and whether the proof found it."""

    what: str
    found: bool


class NothingToChange(RuntimeError):
    """No change could be made in as many tries as are reasonable: the edits are wrong, not the proof."""


def write_trail(count: int) -> None:
    """Write and seal as many rows, of every shape that rows have."""
    for at in range(count):
        actor = Actor(kind=list(ActorKind)[at % len(ActorKind)], name=str(at), address="192.0.2.7" if at % 2 else "")
        fact = AuditFact(
            action="customer.opened" if at % 3 else "import.done",
            subject=f"account:{at}",
            account_id=at if at % 4 else None,
            reason="Zażółć gęślą jaźń" if at % 2 else "",
            details={"count": at, "codes": ["ok", "odmowa"], "share": at / 4, "last": None, "all": at % 2 == 0},
        )
        record(facts=[fact], acting=actor, now=NOW + timedelta(microseconds=at))
    seal_rows(now=NOW)


def unguard() -> None:
    """Take the checks away that an owner of the database could take away too."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditrow DROP CONSTRAINT audit_actor_kind")
        cursor.execute("ALTER TABLE audit_auditseal DROP CONSTRAINT audit_seal_position")


def tamper(random: Random, *, rows: int) -> Tampering:
    """Make one random change with the triggers off, prove the chain, and take the change back."""
    for _ in range(_REDRAWN_AT_MOST):
        done = _tried(random, rows)
        if done is not None:
            return done
    raise NothingToChange


def _tried(random: Random, rows: int) -> Tampering | None:
    """None when PostgreSQL would not store the change, or it changed nothing that is stored."""
    edit, place = random.choice(EDITS), random.randrange(1, rows + 1)
    with transaction.atomic():
        before = _trail(place)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                what = edit(cursor, random, place)
        except (DataError, IntegrityError, UnicodeDecodeError):
            what = ""
        changed = bool(what) and _trail(place) != before
        found = changed and not prove_chain(now=LATER).holds
        transaction.set_rollback(True)
    return Tampering(what=f"{what} at {place}", found=found) if changed else None


def _trail(place: int) -> list[tuple[Any, ...]]:
    """What PostgreSQL holds of one row and its seal, in its own words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s::text, r::text FROM audit_auditseal s LEFT JOIN audit_auditrow r ON r.id = s.row_id"
            " WHERE s.position = %s",
            [place],
        )
        return list(cursor.fetchall())


_ROW_OF: Final = "(SELECT row_id FROM audit_auditseal WHERE position = %s)"


def _value(cursor: CursorWrapper, table: str, column: str, place: int) -> Any:
    where = f"id = {_ROW_OF}" if table == "audit_auditrow" else "position = %s"
    cursor.execute(f"SELECT {column} FROM {table} WHERE {where}", [place])  # noqa: S608
    [(value,)] = cursor.fetchall()
    return value


def _store(cursor: CursorWrapper, table: str, column: str, place: int, value: Any) -> None:
    where = f"id = {_ROW_OF}" if table == "audit_auditrow" else "position = %s"
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", [value, place])  # noqa: S608


def other_byte(data: bytes, random: Random) -> bytes:
    """The same bytes with one replaced, put in or taken out."""
    at, kind = random.randrange(len(data) + 1), random.randrange(3)
    if kind == 0 or not data:
        return data[:at] + random.randbytes(1) + data[at:]
    at = min(at, len(data) - 1)
    return data[:at] + (random.randbytes(1) if kind == 1 else b"") + data[at + 1 :]


def _text(column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, place: int) -> str:
        before = _value(cursor, "audit_auditrow", column, place)
        text = other_byte(before.encode(), random).decode()
        _store(cursor, "audit_auditrow", column, place, text.replace("\0", " "))
        return column

    return edit


def _details(cursor: CursorWrapper, random: Random, place: int) -> str:
    before = _value(cursor, "audit_auditrow", "details::text", place)
    text = other_byte(before.encode(), random).decode()
    _store(cursor, "audit_auditrow", "details", place, text.replace("\0", " "))
    return "details"


def _number(table: str, column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, place: int) -> str:
        before = _value(cursor, table, column, place) or 0
        _store(cursor, table, column, place, _as_bigint(before ^ random.randrange(1, 256) << 8 * random.randrange(8)))
        return f"{table}.{column}"

    return edit


def _moment(table: str, column: str) -> Edit:
    """A timestamp is eight bytes of microseconds; one of them becomes another."""

    def edit(cursor: CursorWrapper, random: Random, place: int) -> str:
        moved = random.choice((-1, 1)) * random.randrange(1, 256) << 8 * random.randrange(8)
        where = f"id = {_ROW_OF}" if table == "audit_auditrow" else "position = %s"
        cursor.execute(
            f"UPDATE {table} SET {column} = {column} + %s * interval '1 microsecond' WHERE {where}",  # noqa: S608
            [moved, place],
        )
        return f"{table}.{column}"

    return edit


def _no_account(cursor: CursorWrapper, random: Random, place: int) -> str:
    _store(cursor, "audit_auditrow", "account_id", place, None)
    return "account taken away"


def _hash(cursor: CursorWrapper, random: Random, place: int) -> str:
    before = bytes(_value(cursor, "audit_auditseal", "chain_hash", place))
    _store(cursor, "audit_auditseal", "chain_hash", place, other_byte(before, random))
    return "chain_hash"


def _row_gone(cursor: CursorWrapper, random: Random, place: int) -> str:
    cursor.execute(f"DELETE FROM audit_auditrow WHERE id = {_ROW_OF}", [place])  # noqa: S608
    return "row deleted"


def _seal_gone(cursor: CursorWrapper, random: Random, place: int) -> str:
    cursor.execute("DELETE FROM audit_auditseal WHERE position = %s", [place])
    return "seal deleted"


def _both_gone(cursor: CursorWrapper, random: Random, place: int) -> str:
    """A row in the middle with its seal, and those after it moved up to close the gap."""
    cursor.execute("SELECT max(position) FROM audit_auditseal")
    [(last,)] = cursor.fetchall()
    if place == last:
        # A chain cut at its end: found by the head noted elsewhere, see `test_a_chain_cut_at_its_end…`.
        return ""
    _row_gone(cursor, random, place)
    _seal_gone(cursor, random, place)
    if random.randrange(2):
        cursor.execute("UPDATE audit_auditseal SET position = -position WHERE position > %s", [place])
        cursor.execute("UPDATE audit_auditseal SET position = -position - 1 WHERE position < 0")
    return "row and seal deleted"


def _swapped(cursor: CursorWrapper, random: Random, place: int) -> str:
    """Two neighbours change places."""
    cursor.execute("UPDATE audit_auditseal SET position = -position WHERE position IN (%s, %s)", [place, place + 1])
    cursor.execute("UPDATE audit_auditseal SET position = %s + position WHERE position < 0", [2 * place + 1])
    return "swapped"


def _as_bigint(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


EDITS: Final[tuple[Edit, ...]] = (
    *(_text(column) for column in TEXTS),
    *(_details,) * 4,
    _number("audit_auditrow", "id"),
    _number("audit_auditrow", "account_id"),
    _number("audit_auditseal", "position"),
    _number("audit_auditseal", "row_id"),
    _moment("audit_auditrow", "at"),
    _moment("audit_auditseal", "sealed_at"),
    _no_account,
    *(_hash,) * 2,
    _row_gone,
    _seal_gone,
    _both_gone,
    _swapped,
)
