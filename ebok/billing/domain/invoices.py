"""An invoice as the seller issued it (FA(3), art. 106e ustawy o VAT). It never changes after issue."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ebok.kernel.periods import Period


class InvoiceKind(StrEnum):
    """`RodzajFaktury` of the invoices eBOK takes."""

    VAT = "VAT"
    KOR = "KOR"


class VatRate(StrEnum):
    """VAT rates as FA(3) prints them in `P_12`; advance and margin rates are not taken."""

    R23 = "23"
    R22 = "22"
    R8 = "8"
    R7 = "7"
    R5 = "5"
    R4 = "4"
    R3 = "3"
    R0_DOMESTIC = "0 KR"
    R0_EU = "0 WDT"
    R0_EXPORT = "0 EX"
    EXEMPT = "zw"
    REVERSE_CHARGE = "oo"
    NOT_SUBJECT = "np I"
    NOT_SUBJECT_EU_SERVICE = "np II"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller, buyer or third party as printed. `nip` is None for a consumer (`BrakID`)."""

    name: str
    nip: str | None
    address_lines: tuple[str, ...]
    customer_number: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """`Podmiot3`: another party with its role in words (`RolaInna`) or by number (`Rola` 1..11)."""

    role: str
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """`FaWiersz`. Amounts in złoty; `before_correction` marks the "before" half of a pair (`StanPrzed`).

    `discount` is `P_10`; `supply_date` the line's own day (`P_6A`).
    """

    number: int
    description: str
    unit: str | None
    quantity: Decimal | None
    unit_rate: Decimal | None
    net_total: Decimal | None
    gross_total: Decimal | None
    vat_rate: str | None
    before_correction: bool = False
    discount: Decimal | None = None
    supply_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTotal:
    """Net and VAT of one group (`P_13_x`, `P_14_x`); `rate` in words as printed: "8 %", "zw", "np"."""

    rate: str
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """`DodatkowyOpis`, verbatim; `line_number` when it belongs to one line."""

    key: str
    value: str
    line_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementItem:
    """One charge or deduction of `Rozliczenie`, as printed."""

    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSettlement:
    """`Rozliczenie`: shown as printed, never posted."""

    charges: tuple[SettlementItem, ...] = ()
    deductions: tuple[SettlementItem, ...] = ()
    amount_due: Decimal | None = None
    overpaid: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOnInvoice:
    """A payment the invoice itself states (`Zaplacono` in full, `ZaplataCzesciowa` in part)."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedInvoice:
    """`DaneFaKorygowanej`: which invoice a correction corrects."""

    number: str
    issue_date: date
    ksef_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """A bank account to pay to: 26 digits of the NRB and the bank's or the seller's words about it."""

    nrb: str
    bank_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvoice:
    """Everything eBOK reads from one FA(3) file. Amounts in PLN; in a correction they are differences.

    `gross_total` is `P_15`; Σ net + Σ VAT of `vat_totals` equals it (I7). `due_dates` holds every
    `TerminPlatnosci` in the order printed. `period` is half-open (`OkresFa`); `supply_date` is `P_6`. `annotations`
    are the words art. 106e ust. 1 pkt 16–20 ustawy o VAT asks for (`Adnotacje`): most invoices of water have none.
    """

    number: str
    kind: InvoiceKind
    issue_date: date
    issue_place: str | None
    period: Period | None
    supply_date: date | None
    seller: Party
    buyer: Party
    third_parties: tuple[ThirdParty, ...]
    lines: tuple[InvoiceLine, ...]
    vat_totals: tuple[VatTotal, ...]
    net_total: Decimal
    vat_total: Decimal
    gross_total: Decimal
    due_dates: tuple[date, ...]
    due_terms: tuple[str, ...]
    payment_accounts: tuple[PaymentAccount, ...]
    payment_form: str | None
    paid: tuple[PaidOnInvoice, ...]
    descriptions: tuple[Description, ...]
    settlement: PrintedSettlement | None
    corrects: tuple[CorrectedInvoice, ...]
    correction_reason: str | None
    footer: tuple[str, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """What booking asks of an invoice, as in `IssuedInvoice`; the rest of it is only kept and shown.

    `due_date` is the first term printed, None when there is none; `payment_nrbs` are in the order printed.
    """

    number: str
    kind: InvoiceKind
    issue_date: date
    due_date: date | None
    period: Period | None
    net_total: Decimal
    vat_total: Decimal
    gross_total: Decimal
    payment_nrbs: tuple[str, ...]
    seller_nip: str | None
    buyer_nip: str | None
    customer_number: str | None
    paid: tuple[PaidOnInvoice, ...]
    corrects: tuple[CorrectedInvoice, ...]


def facts_of(invoice: IssuedInvoice) -> InvoiceFacts:
    """The facts of an invoice."""
    return InvoiceFacts(
        number=invoice.number,
        kind=invoice.kind,
        issue_date=invoice.issue_date,
        due_date=invoice.due_dates[0] if invoice.due_dates else None,
        period=invoice.period,
        net_total=invoice.net_total,
        vat_total=invoice.vat_total,
        gross_total=invoice.gross_total,
        payment_nrbs=tuple(account.nrb for account in invoice.payment_accounts),
        seller_nip=invoice.seller.nip,
        buyer_nip=invoice.buyer.nip,
        customer_number=invoice.buyer.customer_number,
        paid=invoice.paid,
        corrects=invoice.corrects,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialReceipt:
    """One `Dokument` of a KSeF receipt (UPO): the number KSeF gave to the invoice with these bytes."""

    ksef_number: str
    invoice_number: str
    issue_date: date
    seller_nip: str
    xml_sha256: bytes
