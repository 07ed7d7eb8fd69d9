"""What a former holder of an account decided ends with them: no invoice of somebody else goes to their mailbox."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor
from ebok.foundation.bulk import lock_key, reserve_ids
from ebok.foundation.locks import Lock
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations.consents import Ledger, following, ledger_of, rows_of
from ebok.terms.operations.ledger import Said, keep, next_entry
from ebok.terms.queries.consents import entry_of

NOBODY: Final = "zmiana odbiorcy"
"""Who decided, where nobody did."""


@transaction.atomic
def end_consents(
    *,
    account_ids: Collection[int],
    recorded_before: datetime | None = None,
    said_by: str = "",
    today: date,
    acting: Actor,
    now: datetime,
) -> int:
    """Withdraw what is in force on accounts that are another's now; it counts from today. Returns how many ended.

    `recorded_before` spares what was recorded at that moment or later: it is the new holder's. `said_by` (`user:7`)
    ends only what rests on the word of that login: a form and the billing system speak of the customer, who may well
    be the same. Once more changes nothing.
    """
    lock_key(Lock.CONSENTS)
    ended: list[ConsentEntry] = []
    for _, rows in groupby(rows_of(account_ids), key=lambda row: row.account_id):
        ended += _ends([entry_of(row) for row in rows], recorded_before, said_by, today, acting, now)
    keep(entries=ended, acting=acting, now=now)
    return len(ended)


def _ends(  # noqa: PLR0917
    entries: Sequence[ConsentEntry],
    recorded_before: datetime | None,
    said_by: str,
    today: date,
    acting: Actor,
    now: datetime,
) -> list[ConsentEntry]:
    last, ended = entries[-1], []
    for decision in ConsentDecision:
        ledger = ledger_of(entries, decision)
        if _is_former(ledger, recorded_before, said_by):
            [entry_id] = reserve_ids(Row, 1)
            said = _ending(ledger, today)
            last = next_entry(said=said, last=last, entry_id=entry_id, today=today, acting=acting, now=now)
            ended.append(last)
    return ended


def _is_former(ledger: Ledger, recorded_before: datetime | None, said_by: str) -> bool:
    last = ledger.last_said
    if last is None or not ledger.standing.in_force:
        return False
    theirs = recorded_before is None or last.recorded_at < recorded_before
    return theirs and said_by in {"", last.person}


def _ending(ledger: Ledger, today: date) -> Said:
    return following(
        ledger, deed=ConsentDeed.WITHDRAWN, person=NOBODY, channel=ConsentChannel.HANDOVER, basis=ConsentBasis.NONE,
        address="", evidence="", given_on=today,
    )  # fmt: skip
