"""What a picture of an issued invoice shows: only the invoice's own figures, arranged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ebok.billing.domain.invoices import InvoiceKind, InvoiceLine, IssuedInvoice
from ebok.billing.domain.recipients import Recipient, recipient_of
from ebok.billing.domain.use import UseOfMeter
from ebok.customers.domain import NOWHERE
from ebok.kernel.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """How to reach the utility, printed at the foot of a document."""

    name: str
    short_name: str
    address: str
    phone: str
    alarm_phone: str
    office_hours: str
    email: str
    website: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """Everything a renderer needs to make one invoice visible.

    `due_date` is the one that counts; `to_pay` what the invoice itself asks for (see `amount_asked_for`), not what is
    owed today. `transfer_code` is the ZBP text or empty. `verification_url` (KOD I) is set with `ksef_number`, or when
    the invoice was issued `offline` and has none yet. `xml` are the exact bytes of the invoice.

    `check_url` is what the printed code of the invoice leads to, empty when it has none; `check_page` where a person
    types what stands on it. `recipient` is for the window of the envelope; None: the buyer as printed. With
    `duplicate_on` the document is a duplicate made on that day (art. 106l ustawy o VAT).
    """

    invoice: IssuedInvoice
    account_number: str
    due_date: date | None
    to_pay: Decimal
    payment_nrb: str
    transfer_title: str
    transfer_code: str
    ksef_number: str
    verification_url: str
    office: OfficeFacts
    xml: bytes
    check_url: str = ""
    check_page: str = ""
    duplicate_on: date | None = None
    offline: bool = False
    recipient: Recipient | None = None
    use: tuple[UseOfMeter, ...] = ()

    @property
    def sent_to(self) -> Recipient:
        """Whom a paper copy is for."""
        if self.recipient is not None:
            return self.recipient
        return recipient_of(buyer=self.invoice.buyer, holder="", correspondence=NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedLine:
    """One line of a correction as it was and as it is; either is None when the line was added or taken away."""

    before: InvoiceLine | None
    after: InvoiceLine | None


def amount_asked_for(invoice: IssuedInvoice) -> Decimal:
    """Return how many złoty the invoice as issued asks the buyer to pay: never below zero.

    `Rozliczenie/DoZaplaty` when printed; nothing when it prints an overpayment; else `P_15` less what it says is paid.
    """
    settlement = invoice.settlement
    if settlement is not None and settlement.amount_due is not None:
        return max(settlement.amount_due, ZERO)
    if settlement is not None and settlement.overpaid is not None:
        return ZERO
    return max(invoice.gross_total - sum((p.amount for p in invoice.paid), ZERO), ZERO)


def shows_before_and_after(invoice: IssuedInvoice) -> bool:
    """Say whether the correction prints lines as they were (`StanPrzed`); otherwise its lines are plain."""
    return invoice.kind is InvoiceKind.KOR and any(line.before_correction for line in invoice.lines)


def price_kind(lines: Sequence[InvoiceLine]) -> str:
    """Say which prices the lines print: "netto" (`P_9A`, `P_11`), "brutto" (`P_9B`, `P_11A`), or nothing when mixed."""
    if all(line.net_total is not None for line in lines):
        return "netto"
    return "brutto" if all(line.net_total is None for line in lines) else ""


def corrected_lines(lines: Sequence[InvoiceLine]) -> tuple[CorrectedLine, ...]:
    """Join the "before" and "after" halves of a correction's lines, in the order printed.

    Halves belong together by line number, else by description and unit; a half without its other stands alone. Equal
    candidates are joined in their order.
    """
    before = [line for line in lines if line.before_correction]
    after = [line for line in lines if not line.before_correction]
    pairs: dict[int, InvoiceLine] = {}
    for same in (_same_number, _same_service):
        for old in before:
            partner = next((new for new in after if id(new) not in map(id, pairs.values()) and same(old, new)), None)
            if id(old) not in pairs and partner is not None:
                pairs[id(old)] = partner
    taken = {id(line) for line in pairs.values()}
    joined = [
        CorrectedLine(before=line, after=pairs.get(id(line)))
        if line.before_correction
        else CorrectedLine(before=None, after=line)
        for line in lines
        if id(line) not in taken
    ]
    return tuple(joined)


def _same_number(old: InvoiceLine, new: InvoiceLine) -> bool:
    return old.number == new.number


def _same_service(old: InvoiceLine, new: InvoiceLine) -> bool:
    return (old.description, old.unit, old.vat_rate) == (new.description, new.unit, new.vat_rate)
