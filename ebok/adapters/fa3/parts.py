"""The parts of an FA(3) invoice, one function each. Names of elements are those of the XSD."""

from datetime import date
from decimal import Decimal
from typing import Final

from ebok.adapters.fa3.tree import Node
from ebok.billing.domain.invoices import (
    CorrectedInvoice,
    Description,
    InvoiceLine,
    PaidOnInvoice,
    Party,
    PaymentAccount,
    PrintedSettlement,
    SettlementItem,
    ThirdParty,
    VatTotal,
)
from ebok.kernel import identifiers
from ebok.kernel.money import ZERO
from ebok.kernel.refusals import RefusalCode, UnableToTake

# Net field, VAT field, words. Groups as the XSD of FA(3) describes P_13_1 .. P_13_11.
_VAT_GROUPS: Final = (
    ("P_13_1", "P_14_1", "23 %"),
    ("P_13_2", "P_14_2", "8 %"),
    ("P_13_3", "P_14_3", "5 %"),
    ("P_13_4", "P_14_4", "ryczałt dla taksówek"),
    ("P_13_5", "P_14_5", "procedura szczególna"),
    ("P_13_6_1", None, "0 %"),
    ("P_13_6_2", None, "0 % (WDT)"),
    ("P_13_6_3", None, "0 % (eksport)"),
    ("P_13_7", None, "zw"),
    ("P_13_8", None, "np"),
    ("P_13_9", None, "np (usługi UE)"),
    ("P_13_10", None, "oo"),
    ("P_13_11", None, "marża"),
)
_YES: Final = "1"
# Field of `Adnotacje` and the words the law asks for when it says 1 (art. 106e ust. 1 pkt 16–18a ustawy o VAT).
_ANNOTATIONS: Final = (
    ("P_16", "Metoda kasowa"),
    ("P_17", "Samofakturowanie"),
    ("P_18", "Odwrotne obciążenie"),
    ("P_18A", "Mechanizm podzielonej płatności"),
    ("P_23", "VAT: Faktura WE uproszczona na mocy art. 135-138 ustawy o ptu"),
)
_MARGINS: Final = (
    ("P_PMarzy_2", "Procedura marży dla biur podróży"),
    ("P_PMarzy_3_1", "Procedura marży – towary używane"),
    ("P_PMarzy_3_2", "Procedura marży – dzieła sztuki"),
    ("P_PMarzy_3_3", "Procedura marży – przedmioty kolekcjonerskie i antyki"),
)
_OLD_RATES: Final = {"P_13_1": ("23", "22"), "P_13_2": ("8", "7")}


def party(node: Node) -> Party:
    """`Podmiot1`, `Podmiot2` or `Podmiot3`. A buyer without a NIP is a consumer, or is known by another number."""
    data, contact = node.child("DaneIdentyfikacyjne"), node.child("DaneKontaktowe")
    return Party(
        name=data.words("Nazwa") or "",
        nip=data.token("NIP") or None,
        address_lines=_address(node.child("Adres")),
        customer_number=node.token("NrKlienta") or None,
        email=contact.words("Email"),
        phone=contact.words("Telefon"),
    )


def _address(node: Node) -> tuple[str, ...]:
    return tuple(text for name in ("AdresL1", "AdresL2") if (text := node.words(name)))


def third_party(node: Node) -> ThirdParty:
    """`Podmiot3` with its role: words (`OpisRoli`) or the number of `Rola`."""
    return ThirdParty(role=node.words("OpisRoli") or node.token("Rola"), party=party(node))


def line(node: Node) -> InvoiceLine:
    """`FaWiersz`; a price with VAT (`P_9B`) stands in for the net one when only that is printed."""
    rate = node.number_or_none("P_9A")
    return InvoiceLine(
        number=int(node.token("NrWierszaFa")),
        description=node.words("P_7") or "",
        unit=node.words("P_8A"),
        quantity=node.number_or_none("P_8B"),
        unit_rate=rate if rate is not None else node.number_or_none("P_9B"),
        net_total=node.amount_or_none("P_11"),
        gross_total=node.amount_or_none("P_11A"),
        vat_rate=node.token("P_12") or None,
        before_correction=node.has("StanPrzed"),
        discount=node.amount_or_none("P_10"),
        supply_date=node.day_or_none("P_6A"),
    )


def annotations(node: Node) -> tuple[str, ...]:
    """`Adnotacje` that say something, in words; an exemption from VAT with the provision it rests on (`P_19A`..`C`)."""
    said = [words for name, words in _ANNOTATIONS if node.token(name) == _YES]
    margin = node.child("PMarzy")
    said += [words for name, words in _MARGINS if margin.token(name) == _YES]
    exemption = node.child("Zwolnienie")
    bases = [text for name in ("P_19A", "P_19B", "P_19C") if (text := exemption.words(name))]
    return tuple(said + [f"Zwolnienie z VAT: {basis}" for basis in bases])


def vat_totals(fa: Node) -> tuple[VatTotal, ...]:
    """Every group printed. A group that may hold two rates is named by the one its lines have."""
    printed = [group for group in _VAT_GROUPS if fa.has(group[0])]
    return tuple(
        VatTotal(
            rate=_rate(fa, net, words),
            net=fa.amount(net),
            vat=(fa.amount_or_none(vat) if vat else None) or ZERO,
        )
        for net, vat, words in printed
    )


def _rate(fa: Node, net: str, words: str) -> str:
    new, old = _OLD_RATES.get(net, ("", ""))
    if not old:
        return words
    rates = {row.token("P_12") for row in fa.children("FaWiersz")}
    return f"{old} %" if old in rates and new not in rates else words


def due_dates(payment: Node) -> tuple[date, ...]:
    """Every `Termin`, in the order printed."""
    found = (term.day_or_none("Termin") for term in payment.children("TerminPlatnosci"))
    return tuple(day for day in found if day is not None)


def due_terms(payment: Node) -> tuple[str, ...]:
    """Every `TerminOpis` in its own words: `14 dni od otrzymania faktury`."""
    found = (opis for term in payment.children("TerminPlatnosci") for opis in term.children("TerminOpis"))
    names = ("Ilosc", "Jednostka", "ZdarzeniePoczatkowe")
    return tuple(" ".join(opis.token(name) for name in names) for opis in found)


def payment_accounts(payment: Node) -> tuple[PaymentAccount, ...]:
    """`RachunekBankowy`, then `RachunekBankowyFaktora`, in the order printed."""
    return tuple(
        _payment_account(node)
        for name in ("RachunekBankowy", "RachunekBankowyFaktora")
        for node in payment.children(name)
    )


def _payment_account(node: Node) -> PaymentAccount:
    nrb = identifiers.nrb(node.token("NrRB"))
    if nrb is None:
        raise UnableToTake(
            RefusalCode.BAD_IBAN,
            f"Numer rachunku {node.token('NrRB')} na fakturze ma błędną sumę kontrolną. Popraw go u wystawcy faktury.",
        )
    return PaymentAccount(nrb=nrb, bank_name=node.words("NazwaBanku"), description=node.words("OpisRachunku"))


def paid(payment: Node, gross: Decimal) -> tuple[PaidOnInvoice, ...]:
    """What the invoice says was paid: all of `P_15` (`Zaplacono`), or each `ZaplataCzesciowa`."""
    if payment.has("Zaplacono"):
        return (PaidOnInvoice(paid_on=payment.day("DataZaplaty"), amount=gross),)
    return tuple(
        PaidOnInvoice(paid_on=part.day("DataZaplatyCzesciowej"), amount=part.amount("KwotaZaplatyCzesciowej"))
        for part in payment.children("ZaplataCzesciowa")
    )


def description(node: Node) -> Description:
    """`DodatkowyOpis`, verbatim."""
    number = node.token("NrWiersza")
    return Description(
        key=node.words("Klucz") or "", value=node.words("Wartosc") or "", line_number=int(number) if number else None
    )


def settlement(fa: Node) -> PrintedSettlement | None:
    """`Rozliczenie`, as printed."""
    if not fa.has("Rozliczenie"):
        return None
    node = fa.child("Rozliczenie")
    return PrintedSettlement(
        charges=_items(node, "Obciazenia"),
        deductions=_items(node, "Odliczenia"),
        amount_due=node.amount_or_none("DoZaplaty"),
        overpaid=node.amount_or_none("DoRozliczenia"),
    )


def _items(node: Node, name: str) -> tuple[SettlementItem, ...]:
    return tuple(
        SettlementItem(amount=item.amount("Kwota"), reason=item.words("Powod") or "") for item in node.children(name)
    )


def corrected(node: Node) -> CorrectedInvoice:
    """`DaneFaKorygowanej`."""
    return CorrectedInvoice(
        number=node.token("NrFaKorygowanej"),
        issue_date=node.day("DataWystFaKorygowanej"),
        ksef_number=node.token("NrKSeFFaKorygowanej") or None,
    )


def footer(node: Node) -> tuple[str, ...]:
    """`Stopka`: its texts, then the registers."""
    texts = [text for info in node.children("Informacje") if (text := info.words("StopkaFaktury"))]
    registers = [_register(row) for row in node.children("Rejestry")]
    return tuple(text for text in [*texts, *registers] if text)


def _register(node: Node) -> str:
    numbers = [f"{name} {text}" for name in ("KRS", "REGON", "BDO") if (text := node.token(name))]
    return ", ".join([name for name in [node.words("PelnaNazwa")] if name] + numbers)
