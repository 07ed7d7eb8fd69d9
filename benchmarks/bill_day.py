"""Invoices decided and queued: 100,000 of them within a minute, from booked to messages in the outbox.

Their documents are there already, as a job makes them after booking; here a row stands for each.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.bench import Figure, print_figures, say, seconds
from benchmarks.databases import migrated, release

INVOICES, QUICK_INVOICES = 100_000, 4_000
GOAL_SECONDS: Final = 60
BATCH: Final = 1_000
ON: Final = date(2026, 11, 20)


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    count = QUICK_INVOICES if quick else INVOICES
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        base.use()
        ids = _booked(count)
        deciding = seconds(lambda: _decide(ids))
        _sealed(ids)
        queueing = seconds(_queue)
        _all_queued(count)
        release()
    spent = deciding + queueing
    return [
        Figure(
            id="bill day",
            what=f"{count} invoices decided and queued as messages",
            seen=f"{spent:.1f} s (decided {deciding:.1f} s, queued {queueing:.1f} s)",
            goal=f"≤ {GOAL_SECONDS} s",
            ok=spent <= GOAL_SECONDS,
        )
    ]


def _booked(count: int) -> list[int]:
    """So many accounts that accepted e-invoices, and an invoice for each, written past the imports."""
    from django.conf import settings

    from ebok.billing.models import Invoice
    from ebok.customers.models import CustomerAccount
    from ebok.foundation import clock
    from ebok.foundation.bulk import copy_rows, reserve_ids
    from ebok.terms.models import ConsentEntry

    say(f"{count} accounts, acceptances and invoices…")
    settings.EBOK_DELIVER_SINCE, now = ON, clock.now()
    accounts, invoices = list(reserve_ids(CustomerAccount, count)), list(reserve_ids(Invoice, count))
    customers = ((i, f"{i:09d}", "person", "Anna", "05-400", "Otwock", now, now) for i in accounts)
    copy_rows(CustomerAccount, _ACCOUNT, customers)
    copy_rows(ConsentEntry, _CONSENT, (_consent(account, now) for account in accounts))
    content, facts = _content()
    rows = (
        (i, f"FV/{i}", "VAT", account, ON, ON, ON, ON + timedelta(days=30), facts.net_total, facts.vat_total,
         facts.gross_total, "", "", _digest("xml", i), content, now)
        for i, account in zip(invoices, accounts, strict=True)
    )  # fmt: skip
    copy_rows(Invoice, _INVOICE, rows)
    return invoices


def _content() -> tuple[str, Any]:
    """What one invoice of the bulk files says."""
    from ebok.billing.domain.codec import to_json
    from ebok.billing.domain.invoices import facts_of
    from ebok.foundation.ports import adapter
    from ebok.interchange.ports import InvoiceReader
    from ebok.jobs.demo import bulk

    _, data = next(iter(bulk.invoices(count=1, accounts=1, on=ON)))
    invoice = adapter(InvoiceReader).read(data)
    return to_json(invoice), facts_of(invoice)


def _consent(account: int, now: datetime) -> tuple[object, ...]:
    address = f"klient{account}@poczta.example"
    return (
        account, 1, "e_invoice", "given", "user:1", "online", "code", address, bytes(32), "", "", "", ON, ON, now,
        "command", "bench", bytes(32), _digest("consent", account),
    )  # fmt: skip


def _decide(ids: Sequence[int]) -> None:
    from ebok.audit.domain import Actor, ActorKind
    from ebok.einvoicing.operations.ways import decide_ways
    from ebok.foundation import clock

    acting = Actor(kind=ActorKind.COMMAND, name="bench")
    for start in range(0, len(ids), BATCH):
        decide_ways(invoice_ids=ids[start : start + BATCH], acting=acting, now=clock.now())


def _sealed(ids: Sequence[int]) -> None:
    from ebok.einvoicing.models import SealedDocument
    from ebok.foundation import clock
    from ebok.foundation.bulk import copy_rows

    now = clock.now()
    rows = ((i, "", False, _digest("pdf", i), now) for i in ids)
    copy_rows(SealedDocument, ("invoice_id", "ksef_number", "supplied", "sha256", "sealed_at"), rows)


def _queue() -> None:
    from ebok.audit.domain import Actor, ActorKind
    from ebok.einvoicing.operations.runs import advance_runs, start_run
    from ebok.foundation import clock

    start_run(acting=Actor(kind=ActorKind.COMMAND, name="bench"), now=clock.now())
    while advance_runs(clock=clock.now):
        pass


def _all_queued(count: int) -> None:
    from ebok.einvoicing.models import Mailing
    from ebok.einvoicing.queries.runs import runs

    [run] = runs()
    assert (run.taken, run.queued, Mailing.objects.count()) == (count, count, count), run


def _digest(what: str, number: int) -> bytes:
    return hashlib.sha256(f"{what} {number}".encode()).digest()


_ACCOUNT: Final = ("id", "number", "kind", "name", "postal_code", "city", "registered_at", "changed_at")
_CONSENT: Final = (
    "account_id", "number", "decision", "deed", "person", "channel", "basis", "address", "wording_sha256",
    "price_effect", "evidence", "reference", "given_on", "effective_from", "recorded_at", "actor_kind", "actor_name",
    "previous_sha256", "sha256",
)  # fmt: skip
_INVOICE: Final = (
    "id", "number", "kind", "account_id", "issue_date", "due_date", "period_start", "period_end", "net_total",
    "vat_total", "gross_total", "payment_nrb", "buyer_nip", "xml_sha256", "content", "imported_at",
)  # fmt: skip

if __name__ == "__main__":
    print_figures(figures)
