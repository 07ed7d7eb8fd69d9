"""The words of an invoice mail: what its message is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings

from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.letters import InvoiceLetter
from ebok.billing.domain.transfer_code import transfer_title
from ebok.billing.domain.wording import change_words
from ebok.einvoicing.queries.withdrawal_links import withdraw_path
from ebok.foundation.formats import long_date, nrb_groups, zloty
from ebok.kernel.identifiers import hint
from ebok.kernel.periods import Period
from ebok.notifications.domain import AttachedDocument, MessageKind

PDF: Final = "application/pdf"
_MONTHS: Final = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec",
    "lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień",
)  # fmt: skip
AFTER: Final = "Wrócimy do papierowych."
AFTER_COPIES: Final = "Faktury zostaną w KSeF i w eBOK."
"""What comes instead, for a buyer with a NIP: what is mailed are copies, and paper was never their way."""
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")
_NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail about an invoice is made of: its facts, its account, and the ledger entry that named the address.

    `payment_nrb` is the account the invoice prints, else the one its customer pays to; empty without either.
    `is_copy`: the invoice itself went to KSeF.
    """

    invoice: InvoiceLetter
    account_number: str
    payment_nrb: str
    token: str
    entry_id: int
    address: str
    is_copy: bool
    document: bytes


def kind_of(invoice: InvoiceLetter) -> MessageKind:
    """Which message tells of this invoice."""
    return MessageKind.CORRECTION if invoice.kind is InvoiceKind.KOR else MessageKind.INVOICE


def attached(mail: Mail) -> tuple[AttachedDocument, ...]:
    """The file that goes with the mail, by the installation's setting."""
    if settings.EBOK_INVOICE_MAIL == "link":
        return ()
    return (AttachedDocument(sha256=mail.document, name=_file_name(mail.invoice), media_type=PDF),)


def context_of(mail: Mail) -> Mapping[str, str]:
    """The values of the message, as `notifications.domain.kinds.NEEDED` asks for them."""
    invoice, pays = mail.invoice, mail.invoice.to_pay > 0
    nrb = mail.payment_nrb
    files = attached(mail)
    context = {
        "number": invoice.number,
        "period": months(period=invoice.period, issue_date=invoice.issue_date),
        "amount": zloty(invoice.to_pay if pays else invoice.gross_total),
        "due": long_date(invoice.due_date) if pays else "",
        "nrb": nrb_groups(nrb) if nrb else "",
        "title": transfer_title(invoice_numbers=[invoice.number], customer_number=mail.account_number),
        "account_hint": hint(mail.account_number),
        "page": f"/faktury/{invoice.id}/",
        "check_page": f"/f/{mail.token}/",
        "withdraw_page": withdraw_path(entry_id=mail.entry_id),
        "instead": AFTER_COPIES if mail.is_copy else AFTER,
        "file": files[0].name if files else "",
    }
    if invoice.kind is not InvoiceKind.KOR:
        return context
    change = change_words(invoice.gross_total, amount=zloty(abs(invoice.gross_total)))
    return context | {"corrects": ", ".join(invoice.corrects), "change": change}


def months(*, period: Period | None, issue_date: date) -> str:
    """The months of a period, or else of the day of issue: "październik 2026", "sierpień–wrzesień 2026"."""
    first, last = (period.start, period.last_day) if period else (issue_date, issue_date)
    end = f"{_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    year = "" if first.year == last.year else f" {first.year}"
    return f"{_MONTHS[first.month - 1]}{year}–{end}"


def _file_name(invoice: InvoiceLetter) -> str:
    number = _UNFIT.sub("-", invoice.number).strip("-")[:_NAME_LENGTH].strip("-")
    what = "korekta" if invoice.kind is InvoiceKind.KOR else "faktura"
    return f"{what}-{number or invoice.id}.pdf"
