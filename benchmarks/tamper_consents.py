"""G19: somebody who owns the database changes what customers decided. Every kind of change, by raw SQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any, Final

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from benchmarks.tamper import NOW, NothingToChange, Tampering, other_byte
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.customers.operations import register_accounts
from ebok.customers.queries import accounts_by_number
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentEntry,
    TermsKind,
    TermsText,
    consent_hash,
)
from ebok.terms.operations import change_consent_address, give_consent, publish_terms, withdraw_consent
from ebok.terms.queries import broken_consents, consent_entry, consent_history

TODAY: Final = NOW.date()
ACTING: Final = Actor(kind=ActorKind.COMMAND, name="tamper", address="192.0.2.7")
WHOLE: Final = CustomerScope.whole(acting="tamper")
EACH: Final = 6
"""Entries of an account."""
TEXTS: Final = (
    "decision", "deed", "person", "channel", "basis", "address", "price_effect", "evidence", "reference",
    "actor_kind", "actor_name",
)  # fmt: skip
HASHES: Final = ("wording_sha256", "previous_sha256", "sha256", "evidence_sha256")
CHECKS: Final = (
    "consent_decision", "consent_deed", "consent_channel", "consent_basis", "consent_place", "consent_sha256",
    "consent_wording_sha256", "consent_evidence_sha256", "consent_previous_sha256",
)  # fmt: skip
_REDRAWN_AT_MOST: Final = 200

Edit = Callable[[CursorWrapper, Random, int], str]


def write_ledgers(accounts: int) -> list[int]:
    """Write the ledgers of so many accounts, six entries each; the ids of the entries."""
    text = publish_terms(
        text="Akceptuję e-faktury.", title="Akceptacja", version="1", valid_from=TODAY, today=TODAY, acting=ACTING,
        now=NOW, kind=TermsKind.E_INVOICE, price_effect="Abonament niższy o 1,00 zł miesięcznie.",
    )  # fmt: skip
    numbers = [f"T{n}" for n in range(accounts)]
    values = {"kind": "person", "name": "Anna Nowak", "postal_code": "05-400", "city": "Otwock", "street": "ul. Polna"}
    register_accounts(
        rows=[RegistryRow(line=n, key=key, values=values) for n, key in enumerate(numbers)], acting=ACTING, now=NOW
    )
    kept = accounts_by_number(scope=WHOLE, numbers=numbers).values()
    for account in kept:
        for _ in range(EACH // 3):
            _decide(account, text)
    return [entry.id for account in kept for entry in consent_history(scope=WHOLE, account_id=account)]


def _decide(account: int, text: TermsText) -> None:
    decision, online, code = ConsentDecision.E_INVOICE, ConsentChannel.ONLINE, ConsentBasis.CODE
    give_consent(
        scope=WHOLE, account_id=account, decision=decision, person="user:7", version_id=text.id, channel=online,
        basis=code, address="anna@example.com", given_on=TODAY, evidence="Zażółć gęślą jaźń",
        evidence_sha256=bytes(range(32)), today=TODAY, acting=ACTING, now=NOW,
    )  # fmt: skip
    change_consent_address(
        scope=WHOLE, account_id=account, decision=decision, person="user:7", channel=online, basis=code,
        address="nowa@example.com", evidence="kod", today=TODAY, acting=ACTING, now=NOW,
    )  # fmt: skip
    withdraw_consent(
        scope=WHOLE, account_id=account, decision=decision, person="user:7", channel=ConsentChannel.LINK,
        evidence="odnośnik", given_on=TODAY, today=TODAY, acting=ACTING, now=NOW,
    )  # fmt: skip


def unguard() -> None:
    """Take the checks away that an owner of the database could take away too."""
    with connection.cursor() as cursor:
        for name in CHECKS:
            cursor.execute(f"ALTER TABLE terms_consententry DROP CONSTRAINT {name}")


def tamper_consent(random: Random, *, entries: list[int]) -> Tampering:
    """Make one random change with the triggers off, prove the ledgers, and take the change back."""
    for _ in range(_REDRAWN_AT_MOST):
        done = _tried(random, random.choice(entries))
        if done is not None:
            return done
    raise NothingToChange


def _tried(random: Random, entry: int) -> Tampering | None:
    """None when PostgreSQL would not store the change, or it changed nothing that is stored."""
    edit = random.choice(EDITS)
    with transaction.atomic():
        before = _stored()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                what = edit(cursor, random, entry)
        except (DataError, IntegrityError, UnicodeDecodeError, OverflowError):
            what = ""
        changed = bool(what) and _stored() != before
        found = changed and bool(broken_consents())
        transaction.set_rollback(True)
    return Tampering(what=f"consent {what} at {entry}", found=found) if changed else None


def _stored() -> tuple[str, ...]:
    """Everything the ledgers hold and point to, in PostgreSQL's own words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(c::text, ';' ORDER BY c::text) FROM terms_consententry c),"
            " (SELECT string_agg(v.text, ';' ORDER BY v.id) FROM terms_termsversion v)"
        )
        [row] = cursor.fetchall()
        return tuple(row)


def _value(cursor: CursorWrapper, column: str, entry: int) -> Any:
    cursor.execute(f"SELECT {column} FROM terms_consententry WHERE id = %s", [entry])  # noqa: S608
    [(value,)] = cursor.fetchall()
    return value


def _store(cursor: CursorWrapper, column: str, entry: int, value: Any) -> None:
    cursor.execute(f"UPDATE terms_consententry SET {column} = %s WHERE id = %s", [value, entry])  # noqa: S608


def _text(column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, entry: int) -> str:
        text = other_byte(str(_value(cursor, column, entry)).encode(), random).decode()
        _store(cursor, column, entry, text.replace("\0", " "))
        return column

    return edit


def _bytes(column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, entry: int) -> str:
        before = _value(cursor, column, entry)
        _store(cursor, column, entry, other_byte(bytes(before or b""), random))
        return column

    return edit


def _number(column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, entry: int) -> str:
        before = _value(cursor, column, entry)
        bits = 4 if column == "number" else 8
        changed = (before or 0) ^ random.randrange(1, 256) << 8 * random.randrange(bits)
        _store(cursor, column, entry, changed - (1 << 64) if changed >= 1 << 63 else changed)
        return column

    return edit


def _day(column: str) -> Edit:
    """A date is four bytes of days; one of them becomes another."""

    def edit(cursor: CursorWrapper, random: Random, entry: int) -> str:
        moved = random.choice((-1, 1)) * random.randrange(1, 128) << 8 * random.randrange(3)
        cursor.execute(f"UPDATE terms_consententry SET {column} = {column} + %s WHERE id = %s", [moved, entry])  # noqa: S608
        return column

    return edit


def _moment(cursor: CursorWrapper, random: Random, entry: int) -> str:
    moved = random.choice((-1, 1)) * random.randrange(1, 256) << 8 * random.randrange(8)
    cursor.execute(
        "UPDATE terms_consententry SET recorded_at = recorded_at + %s * interval '1 microsecond' WHERE id = %s",
        [moved, entry],
    )
    return "recorded_at"


def _empty(column: str) -> Edit:
    def edit(cursor: CursorWrapper, random: Random, entry: int) -> str:
        _store(cursor, column, entry, None)
        return f"{column} taken away"

    return edit


def _gone(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """A row out, the last one too; perhaps those after it moved up to close the gap."""
    account, number = _value(cursor, "account_id", entry), _value(cursor, "number", entry)
    cursor.execute("DELETE FROM terms_consententry WHERE id = %s", [entry])
    if random.randrange(2):
        later = "account_id = %s AND number > %s"
        cursor.execute(f"UPDATE terms_consententry SET number = number + 1000 WHERE {later}", [account, number])  # noqa: S608
        cursor.execute(f"UPDATE terms_consententry SET number = number - 1001 WHERE {later}", [account, 1000])  # noqa: S608
    return "row deleted"


def _ledger_gone(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """The whole ledger of an account, or its end."""
    account, number = _value(cursor, "account_id", entry), _value(cursor, "number", entry)
    since = number if random.randrange(2) else 0
    cursor.execute("DELETE FROM terms_consententry WHERE account_id = %s AND number >= %s", [account, since])
    return "end of a ledger deleted"


def _swapped(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """Two neighbours change places."""
    account, number = _value(cursor, "account_id", entry), _value(cursor, "number", entry)
    where = "WHERE account_id = %s AND number"
    cursor.execute(
        f"UPDATE terms_consententry SET number = number + 1000 {where} IN (%s, %s)",  # noqa: S608
        [account, number, number + 1],
    )
    cursor.execute(
        f"UPDATE terms_consententry SET number = %s - number {where} > 1000",  # noqa: S608
        [2 * number + 1001, account],
    )
    return "swapped"


def _put_in(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """One more entry at the end of a ledger, its hash as it should be."""
    last = _last_of(entry)
    made = replace(last, id=last.id + 10_000, number=last.number + 1, previous_sha256=last.sha256, reference="")
    _insert(cursor, replace(made, sha256=consent_hash(made)))
    return "row put in"


def _made_anew(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """An entry changed, and every hash after it made to fit."""
    changed = consent_entry(entry_id=entry)
    if changed is None:
        return ""
    own = [one for one in consent_history(scope=WHOLE, account_id=changed.account_id) if one.number >= changed.number]
    cursor.execute(
        "DELETE FROM terms_consententry WHERE account_id = %s AND number >= %s", [changed.account_id, changed.number]
    )
    previous = changed.previous_sha256
    for one in own:
        edited = replace(one, given_on=date(2020, 1, 1)) if one.id == entry else one
        edited = replace(edited, previous_sha256=previous)
        edited = replace(edited, sha256=consent_hash(edited))
        _insert(cursor, edited)
        previous = edited.sha256
    return "chain made anew"


def _last_of(entry: int) -> ConsentEntry:
    one = consent_entry(entry_id=entry)
    if one is None:
        raise NothingToChange
    return consent_history(scope=WHOLE, account_id=one.account_id)[-1]


def _insert(cursor: CursorWrapper, entry: ConsentEntry) -> None:
    values = [getattr(entry, name) for name in ConsentEntry.__slots__]
    names, places = ", ".join(ConsentEntry.__slots__), ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO terms_consententry ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})", values)  # noqa: S608


def _wording(cursor: CursorWrapper, random: Random, entry: int) -> str:
    """The text that was shown, in the version the entry points to."""
    cursor.execute("SELECT text FROM terms_termsversion WHERE id = %s", [_value(cursor, "wording_id", entry)])
    [(text,)] = cursor.fetchall()
    changed = other_byte(text.encode(), random).decode().replace("\0", " ")
    cursor.execute("UPDATE terms_termsversion SET text = %s", [changed])
    return "text of the wording"


EDITS: Final[tuple[Edit, ...]] = (
    *(_text(column) for column in TEXTS),
    *(_bytes(column) for column in HASHES),
    *(_number(column) for column in ("id", "account_id", "number", "wording_id")),
    *(_day(column) for column in ("given_on", "effective_from")),
    *(_empty(column) for column in ("wording_id", "evidence_sha256")),
    _moment,
    *(_gone,) * 2,
    _ledger_gone,
    _swapped,
    _put_in,
    *(_made_anew,) * 2,
    _wording,
)
