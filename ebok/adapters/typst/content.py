"""What an invoice's page says, as plain strings in the order of the page: the template adds only shape."""

from collections.abc import Sequence
from typing import Any

from ebok.adapters.typst.changes import changed_lines
from ebok.adapters.typst.consumption import consumption
from ebok.adapters.typst.genuine import check, ksef
from ebok.adapters.typst.lines import change_groups, plain_lines
from ebok.adapters.typst.paying import Fact, ask, fact, payment
from ebok.billing.domain.invoices import CorrectedInvoice, InvoiceKind, IssuedInvoice, Party, PrintedSettlement
from ebok.billing.domain.recipients import Recipient
from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts, price_kind, shows_before_and_after
from ebok.billing.domain.wording import KIND, THIRD_PARTY_ROLE, change_words
from ebok.foundation.formats import NBSP, long_date, period_words, zloty


def content(document: InvoiceDocument, *, with_file: bool) -> dict[str, Any]:
    """Return the whole page as JSON-ready values; `with_file` when the XML goes with it."""
    invoice = document.invoice
    heading = KIND[invoice.kind]
    day = document.duplicate_on or invoice.issue_date
    duplicate = f"DUPLIKAT z {long_date(document.duplicate_on)}" if document.duplicate_on else None
    name = f"{heading} {invoice.number}"
    return {
        "title": f"{name}, {duplicate}" if duplicate else name,
        "summary": f"{name} z {long_date(invoice.issue_date)}, {invoice.seller.name}",
        "heading": heading,
        "number": invoice.number,
        "duplicate": duplicate,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "seller": {"name": invoice.seller.name},
        "office": _masthead(document.office),
        "to": _window(document.sent_to),
        "ask": ask(document),
        "correction": _correction(invoice),
        "payment": payment(document),
        "parties": _parties(invoice),
        "facts": _facts(document),
        **_lines(invoice),
        "totals": _totals(invoice),
        "use": consumption(document.use),
        "descriptions": [_description(d.key, d.value, d.line_number) for d in invoice.descriptions],
        "annotations": list(invoice.annotations),
        "settlement": _settlement(invoice.settlement),
        "ksef": ksef(document),
        "check": check(document),
        "footer": list(invoice.footer),
        "contact": _contact(document, with_file=with_file),
    }


def _masthead(office: OfficeFacts) -> dict[str, str]:
    return {
        "short_name": office.short_name,
        "phone_words": f"tel. {_unbroken(office.phone)}",
        "sender": f"{office.short_name}, {office.address}",
    }


def _window(recipient: Recipient) -> dict[str, Any]:
    return {"name": recipient.name, "lines": list(recipient.lines)}


def _correction(invoice: IssuedInvoice) -> dict[str, Any] | None:
    if invoice.kind is not InvoiceKind.KOR:
        return None
    return {
        "corrects": [_corrects(one) for one in invoice.corrects],
        "reason": invoice.correction_reason,
        "words": change_words(invoice.gross_total, amount=zloty(abs(invoice.gross_total))),
        "changes": changed_lines(invoice.lines) if shows_before_and_after(invoice) else [],
    }


def _corrects(one: CorrectedInvoice) -> str:
    suffix = f", numer KSeF {one.ksef_number}" if one.ksef_number else ""
    return f"Koryguje fakturę {one.number} z {long_date(one.issue_date)}{suffix}"


def _parties(invoice: IssuedInvoice) -> list[dict[str, Any]]:
    rows = [("Sprzedawca", invoice.seller), ("Nabywca", invoice.buyer)]
    # A heading without a letter would break the PDF/UA promise.
    rows += [(THIRD_PARTY_ROLE.get(t.role, t.role).strip() or "Inny podmiot", t.party) for t in invoice.third_parties]
    return [{"role": role, "name": party.name, "lines": _party_lines(party)} for role, party in rows]


def _party_lines(party: Party) -> list[str]:
    lines = list(party.address_lines)
    lines += [f"NIP {party.nip}"] if party.nip else []
    return lines + ([f"Numer klienta {party.customer_number}"] if party.customer_number else [])


def _facts(document: InvoiceDocument) -> list[Fact]:
    invoice = document.invoice
    facts = [fact("Data wystawienia", long_date(invoice.issue_date))]
    facts += [fact("Miejsce wystawienia", invoice.issue_place)] if invoice.issue_place else []
    facts += [fact("Data dostawy lub usługi", long_date(invoice.supply_date))] if invoice.supply_date else []
    facts += [fact("Okres", period_words(invoice.period))] if invoice.period else []
    return facts + ([fact("Konto klienta", document.account_number)] if document.account_number else [])


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
    return {
        "heading": "Różnica po korekcie" if invoice.kind is InvoiceKind.KOR else "Podsumowanie",
        "rows": [[t.rate, zloty(t.net), zloty(t.vat), zloty(t.net + t.vat)] for t in invoice.vat_totals],
        "sum": ["Razem", zloty(invoice.net_total), zloty(invoice.vat_total), zloty(invoice.gross_total)],
    }


def _description(key: str, value: str, line_number: int | None) -> Fact:
    return fact(f"{key} (pozycja {line_number})" if line_number is not None else key, value)


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


def _contact(document: InvoiceDocument, *, with_file: bool) -> list[str]:
    office = document.office
    nature = "To jest wizualizacja faktury z KSeF. " if document.ksef_number or document.offline else ""
    said = nature + ("Plik XML faktury jest załącznikiem tego dokumentu PDF." if with_file else "")
    contact = [
        f"{office.name}, {office.address}, tel. {_unbroken(office.phone)} ({office.office_hours}), {office.email}, "
        f"{office.website}. Pogotowie wodociągowe: tel. {_unbroken(office.alarm_phone)}.",
    ]
    return contact + ([said] if said else [])


def _unbroken(words: str) -> str:
    return words.replace(" ", NBSP)
