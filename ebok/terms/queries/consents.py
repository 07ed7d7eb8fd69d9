"""How consents stand on a day, and the entries they rest on."""

from collections.abc import Collection
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from ebok.customers.domain import CustomerScope
from ebok.foundation.clock import day_start
from ebok.foundation.lookups import among
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentCourse,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    ConsentStanding,
    course_of,
    standing_on,
)
from ebok.terms.models import ConsentEntry as Row


def standings(*, scope: CustomerScope, account_id: int, day: date) -> dict[ConsentDecision, ConsentStanding]:
    """How each decision of an account stands on a day; outside the scope each was never given."""
    entries = consent_history(scope=scope, account_id=account_id)
    return {
        decision: standing_on(decision=decision, entries=(e for e in entries if e.decision is decision), day=day)
        for decision in ConsentDecision
    }


def standings_on(
    *, wanted: Collection[tuple[int, date]], decision: ConsentDecision = ConsentDecision.E_INVOICE
) -> dict[tuple[int, date], ConsentStanding]:
    """How a decision stands for each account (its id) and day: one query, however many. For jobs and imports."""
    accounts = {account for account, _ in wanted}
    rows = Row.objects.filter(among("account_id", accounts), decision=decision.value).order_by("account_id", "number")
    kept = {account: [entry_of(row) for row in own] for account, own in groupby(rows, key=lambda row: row.account_id)}
    return {
        (account, day): standing_on(decision=decision, entries=kept.get(account, ()), day=day)
        for account, day in wanted
    }


def courses(*, entry_ids: Collection[int]) -> dict[int, ConsentCourse]:
    """What became of the givings these entries belong to, by entry: one query, however many. For jobs."""
    accounts = Row.objects.filter(among("id", entry_ids)).values("account_id")
    rows = Row.objects.filter(account_id__in=accounts).order_by("account_id", "number")
    wanted, found = set(entry_ids), dict[int, ConsentCourse]()
    for _, own in groupby(rows, key=lambda row: row.account_id):
        entries = [entry_of(row) for row in own]
        found |= {one.id: course_of(entry=one, entries=entries) for one in entries if one.id in wanted}
    return found


def ended_entries(*, entry_ids: Collection[int], account_ids: Collection[int]) -> set[int]:
    """Those of these entries, of these accounts, whose giving has ended since: the few worth asking `courses` about.

    One query and no objects, however many. For jobs.
    """
    rows = Row.objects.filter(among("account_id", account_ids)).order_by("number")
    wanted, places, last = set(entry_ids), dict[int, tuple[int, str, int]](), dict[tuple[int, str], int]()
    for entry_id, account, decision, number, deed in rows.values_list("id", "account_id", "decision", "number", "deed"):
        if entry_id in wanted:
            places[entry_id] = account, decision, number
        if deed != ConsentDeed.CHANGED.value:
            last[account, decision] = number
    return {one for one, (account, decision, number) in places.items() if last.get((account, decision), 0) > number}


def consent_history(*, scope: CustomerScope, account_id: int) -> list[ConsentEntry]:
    """Every entry of an account, the oldest first; none of another holder's time, and none outside the scope."""
    if not scope.allows(account_id):
        return []
    return [entry_of(row) for row in _seen(scope, account_id).order_by("number")]


def consent_entry(*, entry_id: int) -> ConsentEntry | None:
    """One entry by its id, None when there is none; the caller has made sure of who asks."""
    row = Row.objects.filter(id=entry_id).first()
    return None if row is None else entry_of(row)


def consents_after(*, scope: CustomerScope, position: int, limit: int) -> list[tuple[ConsentEntry, str]]:
    """Entries past `position` in the order they were recorded, each with its account's number.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    if scope.account_ids is not None:
        raise PermissionError("the export of consents needs the whole scope")
    rows = Row.objects.filter(id__gt=position).select_related("account").order_by("id")
    return [(entry_of(row), row.account.number) for row in rows[:limit]]


def entry_of(row: Row) -> ConsentEntry:
    """A row as the rest of eBOK knows it."""
    return ConsentEntry(
        id=row.id,
        account_id=row.account_id,
        number=row.number,
        decision=ConsentDecision(row.decision),
        deed=ConsentDeed(row.deed),
        person=row.person,
        channel=ConsentChannel(row.channel),
        basis=ConsentBasis(row.basis),
        address=row.address,
        wording_id=row.wording_id,
        wording_sha256=bytes(row.wording_sha256),
        price_effect=row.price_effect,
        evidence=row.evidence,
        evidence_sha256=None if row.evidence_sha256 is None else bytes(row.evidence_sha256),
        reference=row.reference,
        given_on=row.given_on,
        effective_from=row.effective_from,
        recorded_at=row.recorded_at,
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        previous_sha256=bytes(row.previous_sha256),
        sha256=bytes(row.sha256),
    )


def _seen(scope: CustomerScope, account_id: int) -> QuerySet[Row]:
    rows, window = Row.objects.filter(account_id=account_id), scope.windows.get(account_id)
    if window is not None and window.since is not None:
        rows = rows.filter(recorded_at__gte=day_start(window.since))
    if window is not None and window.until is not None:
        rows = rows.filter(recorded_at__lt=day_start(window.until))
    return rows
