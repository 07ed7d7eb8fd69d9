"""One invoice as its page shows it: everything printed on it, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ebok.billing.domain.invoices import InvoiceKind, IssuedInvoice, Party
from ebok.billing.domain.visualization import price_kind, shows_before_and_after
from ebok.billing.domain.wording import KIND, PAYMENT_FORM, THIRD_PARTY_ROLE, change_words
from ebok.foundation.formats import NBSP, long_date, nrb_groups, period_words, short_date, zloty
from ebok.portal.invoices.lines import LineRow, change_rows, line_rows

TERMS = (
    ("wod", "Woda", "Woda, którą dostarczyliśmy. Liczymy ją w metrach sześciennych (m³). Jeden m³ to 1000 litrów."),
    ("ciek", "Ścieki", "Ścieki, które odebraliśmy. Bez osobnego licznika ścieków jest ich tyle, ile pobranej wody."),
    ("abonament", "Abonament", "Stała opłata za gotowość sieci, odczyt i rozliczenie. Nie zależy od zużycia."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A term and its value."""

    term: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """One row of the VAT table."""

    rate: str
    net: str
    vat: str
    gross: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party of the invoice."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedInvoice:
    """The content of the invoice for its page."""

    title: str
    facts: tuple[Fact, ...]
    lines_heading: str
    rate_heading: str
    value_heading: str
    lines: tuple[LineRow, ...]
    changes: tuple[LineRow, ...]
    terms: tuple[Fact, ...]
    totals_heading: str
    totals: tuple[VatRow, ...]
    sum: VatRow
    change_words: str
    correction_reason: str
    descriptions: tuple[Fact, ...]
    settlement: tuple[Fact, ...]
    payment: tuple[Fact, ...]
    parties: tuple[PartyCard, ...]
    footer: tuple[str, ...]


def printed(*, invoice: IssuedInvoice, account_number: str, due_date: date) -> PrintedInvoice:
    """Arrange the invoice for reading. `due_date` is the one that counts."""
    correction, paired = invoice.kind is InvoiceKind.KOR, shows_before_and_after(invoice)
    kind = price_kind(invoice.lines)
    return PrintedInvoice(
        title=f"{KIND[invoice.kind]} {invoice.number}",
        facts=_facts(invoice, account_number, due_date),
        lines_heading="Pozycje korekty" if correction else "Za co płacisz",
        rate_heading=f"Cena {kind}".strip(),
        value_heading=f"Wartość {kind}".strip(),
        lines=() if paired else line_rows(invoice.lines),
        changes=change_rows(invoice.lines) if paired else (),
        terms=_terms(invoice),
        totals_heading="Różnica po korekcie" if correction else "Podsumowanie",
        totals=tuple(
            VatRow(rate=t.rate, net=zloty(t.net), vat=zloty(t.vat), gross=zloty(t.net + t.vat))
            for t in invoice.vat_totals
        ),
        sum=VatRow(
            rate="", net=zloty(invoice.net_total), vat=zloty(invoice.vat_total), gross=zloty(invoice.gross_total)
        ),
        change_words=change_words(invoice.gross_total, amount=zloty(abs(invoice.gross_total))) if correction else "",
        correction_reason=invoice.correction_reason or "",
        descriptions=tuple(_description(d.key, d.value, d.line_number) for d in invoice.descriptions),
        settlement=_settlement(invoice),
        payment=_payment(invoice),
        parties=_parties(invoice),
        footer=invoice.footer,
    )


def _facts(invoice: IssuedInvoice, account_number: str, due_date: date) -> tuple[Fact, ...]:
    rows = [
        ("Numer", invoice.number),
        ("Data wystawienia", long_date(invoice.issue_date)),
        ("Miejsce wystawienia", invoice.issue_place or ""),
        ("Okres", period_words(invoice.period) if invoice.period else ""),
        ("Data dostawy lub usługi", long_date(invoice.supply_date) if invoice.supply_date else ""),
        ("Termin płatności", long_date(due_date) if invoice.gross_total > 0 else ""),
        ("Konto klienta", account_number),
    ]
    return tuple(Fact(term=term, value=value) for term, value in rows if value)


def _terms(invoice: IssuedInvoice) -> tuple[Fact, ...]:
    names = " ".join(line.description for line in invoice.lines).casefold()
    return tuple(Fact(term=term, value=words) for stem, term, words in TERMS if stem in names)


def _description(key: str, value: str, line: int | None) -> Fact:
    return Fact(term=key if line is None else f"{key} (pozycja {line})", value=value)


def _settlement(invoice: IssuedInvoice) -> tuple[Fact, ...]:
    if invoice.settlement is None:
        return ()
    charges = [Fact(term=f"Obciążenie: {c.reason}", value=zloty(c.amount)) for c in invoice.settlement.charges]
    cuts = [Fact(term=f"Odliczenie: {d.reason}", value=zloty(-d.amount)) for d in invoice.settlement.deductions]
    ends = [("Do zapłaty", invoice.settlement.amount_due), ("Nadpłata do rozliczenia", invoice.settlement.overpaid)]
    return (*charges, *cuts, *(Fact(term=term, value=zloty(amount)) for term, amount in ends if amount is not None))


def _payment(invoice: IssuedInvoice) -> tuple[Fact, ...]:
    form = invoice.payment_form or ""
    rows = [("Forma płatności", PAYMENT_FORM.get(form, form))] if form else []
    rows += [("Termin płatności", long_date(due)) for due in invoice.due_dates]
    rows += [("Warunek płatności", term) for term in invoice.due_terms]
    rows += [("Zapłacono", f"{zloty(p.amount)} ({short_date(p.paid_on)})") for p in invoice.paid]
    for account in invoice.payment_accounts:
        words = ", ".join(filter(None, (account.bank_name, account.description)))
        rows.append(("Rachunek", nrb_groups(account.nrb).replace(NBSP, " ") + (f" ({words})" if words else "")))
    return tuple(Fact(term=term, value=value) for term, value in rows)


def _parties(invoice: IssuedInvoice) -> tuple[PartyCard, ...]:
    parties: Sequence[tuple[str, Party]] = [("Sprzedawca", invoice.seller), ("Nabywca", invoice.buyer)]
    others = [(THIRD_PARTY_ROLE.get(t.role, t.role), t.party) for t in invoice.third_parties]
    return tuple(
        PartyCard(role=role, name=party.name, lines=_party_lines(party)) for role, party in [*parties, *others]
    )


def _party_lines(party: Party) -> tuple[str, ...]:
    nip = (f"NIP {party.nip}",) if party.nip else ()
    customer = (f"Numer klienta {party.customer_number}",) if party.customer_number else ()
    return (*party.address_lines, *nip, *customer)
