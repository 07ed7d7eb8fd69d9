"""Reads one FA(3) file: well-formed, valid by the XSD of Ministerstwo Finansów, of a kind eBOK takes, adding up."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from ebok.adapters import xml
from ebok.adapters.fa3 import parts
from ebok.adapters.fa3.tree import Node, node
from ebok.billing.domain.invoices import InvoiceKind, IssuedInvoice
from ebok.kernel.money import ZERO
from ebok.kernel.periods import Period
from ebok.kernel.refusals import RefusalCode, UnableToTake

MAX_FILE_BYTES: Final = 3 * 1024 * 1024
LARGEST_AMOUNT: Final = Decimal(10) ** 12
CURRENCY: Final = "PLN"
_SCHEMA: Final = Path(__file__).parent / "schemas" / "FA3_v1-0E.xsd"


class Fa3InvoiceReader:
    """The `InvoiceReader` for FA(3), version 1-0E."""

    def read(self, data: bytes) -> IssuedInvoice:
        """Return the invoice in the file.

        :raises UnableToTake: `too_large`, `doctype`, `not_xml`, `schema_invalid`, `unsupported_kind`, `currency`,
            `bad_iban`, `bad_date`, `bad_number`, `conservation`.
        """
        if len(data) > MAX_FILE_BYTES:
            raise UnableToTake(RefusalCode.TOO_LARGE, "Faktura ma więcej niż 3 MB. KSeF nie przyjmuje takich plików.")
        root = xml.parse(data)
        xml.check(_schema(), root)
        return _invoice(node(root))


@cache
def _schema() -> Any:
    return xml.load_schema(_SCHEMA)


def _invoice(root: Node) -> IssuedInvoice:
    fa = root.child("Fa")
    payment = fa.child("Platnosc")
    net, vat, gross, groups = _totals(fa)
    return IssuedInvoice(
        number=fa.token("P_2"),
        kind=_kind(fa),
        issue_date=fa.day("P_1"),
        issue_place=fa.words("P_1M"),
        period=_period(fa),
        supply_date=fa.day_or_none("P_6"),
        seller=parts.party(root.child("Podmiot1")),
        buyer=parts.party(root.child("Podmiot2")),
        third_parties=tuple(parts.third_party(p) for p in root.children("Podmiot3")),
        lines=tuple(parts.line(row) for row in fa.children("FaWiersz")),
        vat_totals=groups,
        net_total=net,
        vat_total=vat,
        gross_total=gross,
        due_dates=parts.due_dates(payment),
        due_terms=parts.due_terms(payment),
        payment_accounts=parts.payment_accounts(payment),
        payment_form=payment.words("FormaPlatnosci") or payment.words("OpisPlatnosci"),
        paid=parts.paid(payment, gross),
        descriptions=tuple(parts.description(d) for d in fa.children("DodatkowyOpis")),
        settlement=parts.settlement(fa),
        corrects=tuple(parts.corrected(c) for c in fa.children("DaneFaKorygowanej")),
        correction_reason=fa.words("PrzyczynaKorekty"),
        footer=parts.footer(root.child("Stopka")),
        annotations=parts.annotations(fa.child("Adnotacje")),
    )


def _kind(fa: Node) -> InvoiceKind:
    kind, currency = fa.token("RodzajFaktury"), fa.token("KodWaluty")
    if kind not in InvoiceKind.__members__:
        raise UnableToTake(
            RefusalCode.UNSUPPORTED_KIND,
            f"Faktury rodzaju {kind} nie są jeszcze obsługiwane. Wczytujemy faktury VAT i korekty KOR.",
        )
    if currency != CURRENCY:
        raise UnableToTake(
            RefusalCode.CURRENCY, f"Faktura jest w walucie {currency}. Wczytujemy tylko faktury w złotych (PLN)."
        )
    return InvoiceKind(kind)


def _period(fa: Node) -> Period | None:
    if not fa.has("OkresFa"):
        return None
    period = fa.child("OkresFa")
    first, last = period.day("P_6_Od"), period.day("P_6_Do")
    if last < first or last == date.max:
        raise UnableToTake(RefusalCode.BAD_DATE, f"Okres faktury kończy się ({last}), zanim się zaczyna ({first}).")
    return Period.inclusive(first, last)


def _totals(fa: Node) -> tuple[Decimal, Decimal, Decimal, tuple[Any, ...]]:
    groups, gross = parts.vat_totals(fa), fa.amount("P_15")
    net = sum((g.net for g in groups), ZERO)
    vat = sum((g.vat for g in groups), ZERO)
    if max(abs(gross), abs(net), abs(vat)) >= LARGEST_AMOUNT:
        raise UnableToTake(RefusalCode.BAD_NUMBER, "Kwota na fakturze jest większa niż bilion złotych. Sprawdź ją.")
    if net + vat != gross:
        raise UnableToTake(
            RefusalCode.CONSERVATION,
            f"Suma netto {net} i VAT {vat} nie daje kwoty brutto {gross} (P_15). Popraw fakturę u jej wystawcy.",
        )
    return net, vat, gross, groups
