"""The file of letters for the printer: whoever has it has the codes, so who fetched it is on record."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.enrolment.models import ActivationCode
from ebok.enrolment.queries.letters import PrintRefusal, UnableToPrint, letters_pdf

LETTERS_AT_ONCE: Final = 300
"""The most letters in one file."""
REASON_MAX_LENGTH: Final = 200


@transaction.atomic
def fetch_letters(*, letter_ids: Collection[int], reason: str, acting: Actor, now: datetime) -> bytes:
    """Make one PDF of these letters, as far as they wait, and note who has it: for each letter and account it opens.

    A letter somebody has fetched before needs a `reason`. Letters wait on: see `mark_printed`.

    :raises UnableToPrint: with the reason.
    """
    if len(letter_ids) > LETTERS_AT_ONCE:
        raise UnableToPrint(PrintRefusal.TOO_MANY)
    waiting = ActivationCode.objects.waiting_for_print(now).filter(id__in=letter_ids)
    rows = list(waiting.select_for_update().order_by("id"))
    why = " ".join(reason.split())[:REASON_MAX_LENGTH]
    if not why and any(row.fetched_at is not None for row in rows):
        raise UnableToPrint(PrintRefusal.NEEDS_REASON)
    content = letters_pdf(letter_ids=[row.id for row in rows], now=now)
    ids = [row.id for row in rows]
    ActivationCode.objects.filter(id__in=ids, fetched_at__isnull=True).update(fetched_at=now, fetched_by=acting.name)
    pairs = ActivationCode.objects.filter(id__in=ids).order_by("id", "accounts").values_list("id", "accounts")
    facts = [
        AuditFact(action="letter.pdf", subject=f"activation_code:{code}", account_id=account_id, reason=why)
        for code, account_id in pairs
    ]
    record(facts=facts, acting=acting, now=now)
    return content
