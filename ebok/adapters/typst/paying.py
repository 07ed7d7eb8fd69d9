"""What to pay, by when and how."""

from decimal import Decimal
from typing import Any, Final

from ebok.adapters.typst.compiler import qr_picture
from ebok.billing.domain.invoices import InvoiceKind, PaymentAccount
from ebok.billing.domain.visualization import InvoiceDocument
from ebok.billing.domain.wording import PAYMENT_FORM
from ebok.foundation.formats import long_date, nrb_groups, short_date, zloty

Fact = dict[str, Any]
NOTHING_TO_PAY: Final = "Z tej faktury nie ma nic do zapłaty."


def fact(term: str, value: str, *, strong: bool = False) -> Fact:
    """A term and its value."""
    return {"term": term, "value": value, "strong": strong}


def ask(document: InvoiceDocument) -> dict[str, Any]:
    """Return the sum in the box at the top, the day it is due, and the bank code."""
    label, amount = _headline(document)
    found: dict[str, Any] = {"label": label, "amount": zloty(amount), "by": None, "note": None, "qr": None}
    if document.to_pay <= 0:
        return found | {"note": NOTHING_TO_PAY}
    alt = f"Kod przelewu: {zloty(document.to_pay)} na rachunek {nrb_groups(document.payment_nrb)}"
    code = document.transfer_code
    return found | {
        "by": f"do {long_date(document.due_date)}" if document.due_date else None,
        "qr": qr_picture(code, alt=alt) if code else None,
    }


def payment(document: InvoiceDocument) -> dict[str, list[Fact]]:
    """Return how to pay, the transfer first; and all else the invoice says of payment."""
    transfer: list[Fact] = []
    if document.to_pay > 0:
        transfer = [fact("Rachunek", nrb_groups(document.payment_nrb), strong=True)] if document.payment_nrb else []
        transfer += [fact("Odbiorca", document.invoice.seller.name), fact("Tytuł przelewu", document.transfer_title)]
    return {"transfer": transfer, "printed": _printed(document)}


def _headline(document: InvoiceDocument) -> tuple[str, Decimal]:
    invoice = document.invoice
    settlement = invoice.settlement
    if document.to_pay > 0:
        return "Do zapłaty", document.to_pay
    if settlement is not None and settlement.overpaid:
        return "Nadpłata", settlement.overpaid
    if invoice.kind is InvoiceKind.KOR and invoice.gross_total < 0:
        return "Kwota faktury jest mniejsza o", -invoice.gross_total
    return ("Zapłacono" if invoice.paid else "Do zapłaty"), sum((p.amount for p in invoice.paid), Decimal(0))


def _printed(document: InvoiceDocument) -> list[Fact]:
    invoice, form = document.invoice, document.invoice.payment_form
    facts = [fact("Forma płatności", PAYMENT_FORM.get(form, form))] if form else []
    facts += [fact("Termin płatności", long_date(due)) for due in invoice.due_dates]
    facts += [fact("Warunek płatności", term) for term in invoice.due_terms]
    facts += [fact("Zapłacono", f"{zloty(p.amount)} ({short_date(p.paid_on)})") for p in invoice.paid]
    shown = document.payment_nrb if document.to_pay > 0 else ""
    return facts + [made for account in invoice.payment_accounts for made in _account(account, shown)]


def _account(account: PaymentAccount, shown: str) -> list[Fact]:
    """An account as printed; of the one that stands above already, only the bank and the words about it."""
    words = ", ".join(w for w in (account.bank_name, account.description) if w)
    if account.nrb == shown:
        return [fact("Bank", words)] if words else []
    return [fact("Rachunek", nrb_groups(account.nrb) + (f" ({words})" if words else ""))]
