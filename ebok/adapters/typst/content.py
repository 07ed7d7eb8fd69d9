"""What an invoice's page says, as plain strings in the order of the page: the template adds only shape."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ebok.adapters.typst.compiler import qr_picture
from ebok.adapters.typst.lines import change_groups, plain_lines
from ebok.billing.domain.invoices import InvoiceKind, IssuedInvoice, Party, PrintedSettlement
from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts, price_kind, shows_before_and_after
from ebok.billing.domain.wording import KIND, PAYMENT_FORM, THIRD_PARTY_ROLE, change_words
from ebok.foundation.formats import long_date, nrb_groups, period_words, short_date, zloty

Fact = dict[str, Any]


def content(document: InvoiceDocument) -> dict[str, Any]:
    """Return the whole page as JSON-ready values."""
    invoice = document.invoice
    heading = KIND[invoice.kind]
    return {
        "title": f"{heading} {invoice.number}",
        "summary": f"{heading} {invoice.number} z {long_date(invoice.issue_date)}, {invoice.seller.name}",
        "heading": heading,
        "number": invoice.number,
        "date": {"year": invoice.issue_date.year, "month": invoice.issue_date.month, "day": invoice.issue_date.day},
        "seller": {"name": invoice.seller.name},
        "office": {"short_name": document.office.short_name, "phone_words": f"tel. {document.office.phone}"},
        "corrects": [_corrects(c.number, c.issue_date, c.ksef_number) for c in invoice.corrects],
        "correction_reason": invoice.correction_reason,
        "ask": _ask(document),
        "parties": _parties(invoice),
        "facts": _facts(document),
        **_lines(invoice),
        "totals": _totals(invoice),
        "descriptions": [
            [d.key, d.value, str(d.line_number) if d.line_number is not None else "–"] for d in invoice.descriptions
        ],
        "settlement": _settlement(invoice.settlement),
        "payment": _payment(invoice),
        "ksef": _ksef(document),
        "footer": list(invoice.footer),
        "contact": _contact(document.office),
    }


def _corrects(number: str, issue_date: date, ksef_number: str | None) -> str:
    suffix = f", numer KSeF {ksef_number}" if ksef_number else ""
    return f"Koryguje fakturę {number} z {long_date(issue_date)}{suffix}"


def _ask(document: InvoiceDocument) -> dict[str, Any]:
    invoice = document.invoice
    label, amount = _headline(document)
    if document.to_pay <= 0:
        return {"label": label, "amount": zloty(amount), "by": None, "facts": [], "qr": None}
    by = f"do {long_date(document.due_date)}" if document.due_date else None
    facts = [_fact("Rachunek", nrb_groups(document.payment_nrb), strong=True)] if document.payment_nrb else []
    facts += [_fact("Odbiorca", invoice.seller.name), _fact("Tytuł przelewu", document.transfer_title)]
    alt = f"Kod przelewu: {zloty(amount)} na rachunek {nrb_groups(document.payment_nrb)}"
    qr = _qr(document.transfer_code, alt=alt)
    return {"label": label, "amount": zloty(amount), "by": by, "facts": facts, "qr": qr}


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


def _qr(text: str, *, alt: str) -> dict[str, str] | None:
    return qr_picture(text, alt=alt) if text else None


def _parties(invoice: IssuedInvoice) -> list[dict[str, Any]]:
    rows = [("Sprzedawca", invoice.seller), ("Nabywca", invoice.buyer)]
    rows += [(THIRD_PARTY_ROLE.get(t.role, t.role), t.party) for t in invoice.third_parties]
    return [{"role": role, "name": party.name, "lines": _party_lines(party)} for role, party in rows]


def _party_lines(party: Party) -> list[str]:
    lines = list(party.address_lines)
    lines += [f"NIP {party.nip}"] if party.nip else []
    return lines + ([f"Numer klienta {party.customer_number}"] if party.customer_number else [])


def _facts(document: InvoiceDocument) -> tuple[list[Fact], list[Fact]]:
    invoice = document.invoice
    left = [_fact("Data wystawienia", long_date(invoice.issue_date))]
    left += [_fact("Miejsce wystawienia", invoice.issue_place)] if invoice.issue_place else []
    left += [_fact("Data dostawy lub usługi", long_date(invoice.supply_date))] if invoice.supply_date else []
    right = [_fact("Okres", period_words(invoice.period))] if invoice.period else []
    right += [_fact("Konto klienta", document.account_number)] if document.account_number else []
    return left, right


def _lines(invoice: IssuedInvoice) -> dict[str, Any]:
    paired = shows_before_and_after(invoice)
    kind = price_kind(invoice.lines)
    return {
        "rate_heading": f"Cena {kind}".strip(),
        "value_heading": f"Wartość {kind}".strip(),
        "lines_heading": "Pozycje korekty" if invoice.kind is InvoiceKind.KOR else "Za co płacisz",
        "lines": [] if paired else plain_lines(invoice.lines),
        "changes": change_groups(invoice.lines) if paired else [],
    }


def _totals(invoice: IssuedInvoice) -> dict[str, Any]:
    correction = invoice.kind is InvoiceKind.KOR
    words = change_words(invoice.gross_total, amount=zloty(abs(invoice.gross_total))) if correction else None
    return {
        "heading": "Różnica po korekcie" if correction else "Podsumowanie",
        "rows": [[t.rate, zloty(t.net), zloty(t.vat), zloty(t.net + t.vat)] for t in invoice.vat_totals],
        "sum": ["Razem", zloty(invoice.net_total), zloty(invoice.vat_total), zloty(invoice.gross_total)],
        "words": words,
    }


def _settlement(settlement: PrintedSettlement | None) -> dict[str, Any] | None:
    if settlement is None:
        return None
    rows = [[f"Obciążenie: {c.reason}", zloty(c.amount)] for c in settlement.charges]
    rows += [[f"Odliczenie: {d.reason}", zloty(-d.amount)] for d in settlement.deductions]
    total: Sequence[str] = ()
    if settlement.amount_due is not None:
        total = ("Do zapłaty", zloty(settlement.amount_due))
    elif settlement.overpaid is not None:
        total = ("Nadpłata do rozliczenia", zloty(settlement.overpaid))
    return {"rows": rows, "sum": list(total)}


def _payment(invoice: IssuedInvoice) -> list[Fact]:
    form = invoice.payment_form
    facts = [_fact("Forma płatności", PAYMENT_FORM.get(form, form))] if form else []
    facts += [_fact("Termin płatności", long_date(due)) for due in invoice.due_dates]
    facts += [_fact("Warunek płatności", term) for term in invoice.due_terms]
    facts += [_fact("Zapłacono", f"{zloty(p.amount)} ({short_date(p.paid_on)})") for p in invoice.paid]
    for account in invoice.payment_accounts:
        words = ", ".join(w for w in (account.bank_name, account.description) if w)
        facts.append(_fact("Rachunek", nrb_groups(account.nrb) + (f" ({words})" if words else "")))
    return facts


def _ksef(document: InvoiceDocument) -> dict[str, Any] | None:
    if not (document.ksef_number and document.verification_url):
        return None
    qr = _qr(document.verification_url, alt=f"Kod weryfikacji faktury w KSeF, numer {document.ksef_number}")
    return {"number": document.ksef_number, "url": document.verification_url, "qr": qr}


def _contact(office: OfficeFacts) -> list[str]:
    return [
        f"Kontakt: {office.name}, {office.address}",
        f"tel. {office.phone} ({office.office_hours}), {office.email}, {office.website}",
        f"Pogotowie wodociągowe: tel. {office.alarm_phone}",
        "To jest wizualizacja faktury. Powstała z pliku XML faktury, który jest załącznikiem tego dokumentu PDF.",
    ]


def _fact(term: str, value: str, *, strong: bool = False) -> Fact:
    return {"term": term, "value": value, "strong": strong}
