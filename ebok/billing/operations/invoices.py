"""Issuing: keeps invoices as they are, with what they correct, and posts them to the ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ebok.audit.domain import Actor
from ebok.billing.domain.invoices import InvoiceFacts, InvoiceKind, PaidOnInvoice
from ebok.billing.domain.ledger import (
    SAME_PAYMENT_DAYS,
    EntryKind,
    EntrySource,
    InvoiceToIssue,
    Posting,
    due_date_of,
    invoice_posting,
    paid_posting,
)
from ebok.billing.models import Invoice, InvoiceCorrection, LedgerEntry, PaidByStatement, SuppliedPdf
from ebok.billing.operations.ledger import lock_accounts, post_entries
from ebok.foundation.bulk import copy_rows, reserve_ids

INVOICE_COLUMNS = (
    "id", "number", "kind", "account_id", "issue_date", "due_date", "period_start", "period_end", "net_total",
    "vat_total", "gross_total", "payment_nrb", "buyer_nip", "xml_sha256", "content", "imported_at",
)  # fmt: skip
CORRECTION_COLUMNS = ("correction_id", "corrected_number", "corrected_issue_date")
StatementCredits = dict[tuple[int, Decimal], list[tuple[date, int]]]


@transaction.atomic
def issue_invoices(*, invoices: Sequence[InvoiceToIssue], acting: Actor, now: datetime) -> list[int]:
    """Keep invoices that are not here yet and post them; returns their ids in the order given.

    The caller has made sure that neither their bytes nor their (number, kind) are here. They are
    posted in the order of issue, corrections after invoices of the same day.

    :raises django.db.IntegrityError: when one is here already.
    """
    if not invoices:
        return []
    ids = list(reserve_ids(Invoice, len(invoices)))
    copy_rows(Invoice, INVOICE_COLUMNS, map(_invoice_row, ids, invoices, [now] * len(ids)))
    copy_rows(InvoiceCorrection, CORRECTION_COLUMNS, _correction_rows(ids, invoices))
    lock_accounts({i.account_id for i in invoices})
    in_order = sorted(zip(ids, invoices, strict=True), key=lambda pair: _order(pair[1].facts))
    postings, paid_before = _postings(in_order)
    post_entries(postings=postings, acting=acting, now=now)
    copy_rows(PaidByStatement, ("invoice_id", "entry_id", "noted_at"), ((*pair, now) for pair in paid_before))
    return ids


def _order(invoice: InvoiceFacts) -> tuple[date, bool, str]:
    return invoice.issue_date, invoice.kind is InvoiceKind.KOR, invoice.number


def _due(invoice: InvoiceFacts) -> date:
    return due_date_of(invoice, default_days=settings.EBOK_DEFAULT_PAYMENT_DAYS)


def _invoice_row(invoice_id: int, issue: InvoiceToIssue, now: datetime) -> tuple[object, ...]:
    i = issue.facts
    period = (i.period.start, i.period.end) if i.period else (None, None)
    nrb = i.payment_nrbs[0] if i.payment_nrbs else ""
    return (
        invoice_id, i.number, i.kind.value, issue.account_id, i.issue_date, _due(i), *period, i.net_total, i.vat_total,
        i.gross_total, nrb, i.buyer_nip or "", issue.xml_sha256, issue.content, now,
    )  # fmt: skip


def _correction_rows(ids: Sequence[int], invoices: Sequence[InvoiceToIssue]) -> Iterator[tuple[object, ...]]:
    for invoice_id, issue in zip(ids, invoices, strict=True):
        for number, day in {c.number: c.issue_date for c in issue.facts.corrects}.items():
            yield invoice_id, number, day


def _postings(in_order: Sequence[tuple[int, InvoiceToIssue]]) -> tuple[list[Posting], list[tuple[int, int]]]:
    """What to post, and pairs (invoice, statement entry) for payments that a statement has booked already."""
    on_statements = _statement_credits([issue for _, issue in in_order])
    postings, paid_before = [], []
    for invoice_id, issue in in_order:
        postings.append(invoice_posting(issue, invoice_id=invoice_id, due_on=_due(issue.facts)))
        for position, paid in enumerate(issue.facts.paid):
            entry = _take_equal(on_statements, issue.account_id, paid)
            if entry is not None:
                paid_before.append((invoice_id, entry))
            elif paid.amount:
                postings.append(paid_posting(issue, position))
    return postings, paid_before


def _statement_credits(invoices: Sequence[InvoiceToIssue]) -> StatementCredits:
    """Payments of statements that no invoice has claimed, by account and amount."""
    stated = [(i.account_id, p.amount) for i in invoices for p in i.facts.paid]
    found: StatementCredits = defaultdict(list)
    if stated:
        rows = LedgerEntry.objects.filter(
            account_id__in={account for account, _ in stated},
            amount__in={-amount for _, amount in stated},
            kind=EntryKind.PAYMENT.value,
            source=EntrySource.STATEMENT.value,
            reversals__isnull=True,
        ).exclude(Q(pk__in=PaidByStatement.objects.values("entry_id")))
        for account, amount, day, entry in rows.order_by("id").values_list("account_id", "amount", "booked_on", "id"):
            found[account, -amount].append((day, entry))
    return found


def _take_equal(credits_: StatementCredits, account_id: int, paid: PaidOnInvoice) -> int | None:
    near = timedelta(days=SAME_PAYMENT_DAYS)
    candidates = [c for c in credits_.get((account_id, paid.amount), ()) if abs(c[0] - paid.paid_on) <= near]
    if not candidates:
        return None
    nearest = min(candidates, key=lambda c: (abs(c[0] - paid.paid_on), c[1]))
    credits_[account_id, paid.amount].remove(nearest)
    return nearest[1]


def attach_pdfs(*, pdfs: Mapping[int, bytes], now: datetime) -> int:
    """Say which stored PDF (its SHA-256) is the document of an invoice. The first stays; returns how many are new."""
    there = set(SuppliedPdf.objects.filter(invoice_id__in=pdfs).values_list("invoice_id", flat=True))
    rows = [SuppliedPdf(invoice_id=i, sha256=sha, attached_at=now) for i, sha in pdfs.items() if i not in there]
    SuppliedPdf.objects.bulk_create(rows)
    return len(rows)
