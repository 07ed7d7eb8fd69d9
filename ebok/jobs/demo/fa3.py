"""Writes a bill as FA(3) XML, in the order of elements its schema asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final

from ebok.jobs.demo import utility
from ebok.jobs.demo.model import Bank, DemoAccount, DemoBill, DemoLine, Part
from ebok.kernel.money import ZERO, plain

NAMESPACE: Final = "http://crd.gov.pl/wzor/2025/06/25/13775/"
_GROUPS: Final = (("23", "P_13_1", "P_14_1"), ("8", "P_13_2", "P_14_2"), ("zw", "P_13_7", ""))
_EXEMPTION: Final = "art. 43 ust. 1 pkt 36 ustawy o VAT"
_BANKS: Final = {Bank.MT940: "Bank Przykładowy S.A.", Bank.CAMT: "Bank Zmyślony S.A."}
_JST_RECIPIENT: Final = "8"
# The schema takes no file made earlier: older invoices were written out in it later.
_SCHEMA_FROM: Final = date(2025, 9, 1)

_HEAD: Final = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<Faktura xmlns="{NAMESPACE}"><Naglowek>'
    '<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>'
    "<WariantFormularza>3</WariantFormularza>"
    "<DataWytworzeniaFa>{created}T06:00:00Z</DataWytworzeniaFa><SystemInfo>Biling</SystemInfo></Naglowek>\n"
    f"<Podmiot1><DaneIdentyfikacyjne><NIP>{utility.NIP}</NIP><Nazwa>{utility.NAME}</Nazwa></DaneIdentyfikacyjne>"
    f"<Adres><KodKraju>PL</KodKraju><AdresL1>{utility.STREET}</AdresL1>"
    f"<AdresL2>{utility.POSTAL_CODE} {utility.CITY}</AdresL2></Adres></Podmiot1>\n"
)
_ANNOTATIONS: Final = (
    "<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A><Zwolnienie>{exemption}</Zwolnienie>"
    "<NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23>"
    "<PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje>\n"
)
_FOOT: Final = (
    "</Fa>\n<Stopka><Informacje><StopkaFaktury>Masz pytanie? Zadzwoń do Biura Obsługi Klienta.</StopkaFaktury>"
    "</Informacje>"
    f"<Rejestry><KRS>{utility.KRS}</KRS></Rejestry></Stopka>\n</Faktura>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBalance:
    """What the invoice prints under `Rozliczenie`: the balance before it, positive when owed."""

    before: Decimal


def invoice_xml(bill: DemoBill, *, printed: PrintedBalance | None = None) -> bytes:
    """The bytes of the invoice: UTF-8, no BOM."""
    parts = (
        _HEAD.format(created=max(bill.issue_date, _SCHEMA_FROM)),
        _buyer(bill.account),
        "".join(_third_party(bill.account)),
        "".join(_invoice(bill, printed)),
        _FOOT,
    )
    return "".join(parts).encode()


def _buyer(account: DemoAccount) -> str:
    identity = f"<NIP>{account.nip}</NIP>" if account.nip else "<BrakID>1</BrakID>"
    contact = f"<DaneKontaktowe><Email>{account.email}</Email></DaneKontaktowe>" if account.email else ""
    municipal = 1 if account.part is Part.MUNICIPAL else 2
    return (
        f"<Podmiot2><DaneIdentyfikacyjne>{identity}<Nazwa>{escape(account.name)}</Nazwa></DaneIdentyfikacyjne>"
        f"<Adres><KodKraju>PL</KodKraju><AdresL1>{escape(account.address_line)}</AdresL1>"
        f"<AdresL2>{account.postal_code} Otwock</AdresL2></Adres>{_correspondence(account)}{contact}"
        f"<NrKlienta>{account.number}</NrKlienta><JST>{municipal}</JST><GV>2</GV></Podmiot2>\n"
    )


def _correspondence(account: DemoAccount) -> str:
    if account.correspondence is None:
        return ""
    street, house, postal_code = account.correspondence
    city = "Otwock" if postal_code.startswith("05") else "Warszawa"
    return (
        f"<AdresKoresp><KodKraju>PL</KodKraju><AdresL1>{escape(street)} {house}</AdresL1>"
        f"<AdresL2>{postal_code} {city}</AdresL2></AdresKoresp>"
    )


def _third_party(account: DemoAccount) -> Iterator[str]:
    """A municipality buys, its school receives (`JST` 1 asks for a third party of role 8)."""
    if account.part is not Part.MUNICIPAL:
        return
    yield (
        f"<Podmiot3><DaneIdentyfikacyjne><IDWew>{account.nip}-00001</IDWew><Nazwa>Szkoła Podstawowa „Pod Dębem”</Nazwa>"
        f"</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>{escape(account.address_line)}</AdresL1>"
        f"<AdresL2>{account.postal_code} Otwock</AdresL2></Adres><Rola>{_JST_RECIPIENT}</Rola></Podmiot3>\n"
    )


def _invoice(bill: DemoBill, printed: PrintedBalance | None) -> Iterator[str]:
    exempt = "zw" in bill.totals
    yield f"<Fa><KodWaluty>PLN</KodWaluty><P_1>{bill.issue_date}</P_1><P_1M>Otwock</P_1M><P_2>{bill.number}</P_2>"
    yield f"<OkresFa><P_6_Od>{bill.first_day}</P_6_Od><P_6_Do>{bill.last_day}</P_6_Do></OkresFa>\n"
    for vat, net_name, vat_name in _GROUPS:
        if vat in bill.totals:
            net, tax = bill.totals[vat]
            yield f"<{net_name}>{plain(net)}</{net_name}>" + (
                f"<{vat_name}>{plain(tax)}</{vat_name}>" if vat_name else ""
            )
    yield f"<P_15>{plain(bill.gross)}</P_15>\n"
    yield _ANNOTATIONS.format(exemption=f"<P_19>1</P_19><P_19A>{_EXEMPTION}</P_19A>" if exempt else "<P_19N>1</P_19N>")
    yield from _kind(bill)
    for line, key, value in bill.notes:
        number = f"<NrWiersza>{line}</NrWiersza>" if line else ""
        yield f"<DodatkowyOpis>{number}<Klucz>{escape(key)}</Klucz><Wartosc>{escape(value)}</Wartosc></DodatkowyOpis>\n"
    yield from _rows(bill.lines)
    if printed is not None and printed.before:
        yield _settlement(bill, printed.before)
    yield _payment(bill)


def _kind(bill: DemoBill) -> Iterator[str]:
    if bill.corrects is None:
        yield "<RodzajFaktury>VAT</RodzajFaktury>\n"
        return
    original = bill.corrects
    ksef = f"<NrKSeF>1</NrKSeF><NrKSeFFaKorygowanej>{original.ksef}</NrKSeFFaKorygowanej>" if original.ksef else ""
    yield (
        f"<RodzajFaktury>KOR</RodzajFaktury><PrzyczynaKorekty>{escape(bill.reason)}</PrzyczynaKorekty>"
        f"<TypKorekty>2</TypKorekty><DaneFaKorygowanej><DataWystFaKorygowanej>{original.issue_date}</DataWystFaKorygowanej>"
        f"<NrFaKorygowanej>{original.number}</NrFaKorygowanej>{ksef or '<NrKSeFN>1</NrKSeFN>'}</DaneFaKorygowanej>\n"
    )


def _rows(lines: Sequence[DemoLine]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        before = "<StanPrzed>1</StanPrzed>" if line.before else ""
        yield (
            f"<FaWiersz><NrWierszaFa>{number}</NrWierszaFa><P_7>{escape(line.text)}</P_7><P_8A>{line.unit}</P_8A>"
            f"<P_8B>{line.quantity}</P_8B><P_9A>{line.rate}</P_9A><P_11>{plain(line.net)}</P_11>"
            f"<P_12>{line.vat}</P_12>{before}</FaWiersz>\n"
        )


def _settlement(bill: DemoBill, before: Decimal) -> str:
    name, total, reason = (
        ("Obciazenia", "SumaObciazen", "Zaległość z poprzednich faktur")
        if before > 0
        else ("Odliczenia", "SumaOdliczen", "Nadpłata z poprzednich okresów")
    )
    size, due = plain(abs(before)), bill.gross + before
    last = f"<DoZaplaty>{plain(due)}</DoZaplaty>" if due >= ZERO else f"<DoRozliczenia>{plain(-due)}</DoRozliczenia>"
    return (
        f"<Rozliczenie><{name}><Kwota>{size}</Kwota><Powod>{reason}</Powod></{name}>"
        f"<{total}>{size}</{total}>{last}</Rozliczenie>\n"
    )


def _payment(bill: DemoBill) -> str:
    paid = f"<Zaplacono>1</Zaplacono><DataZaplaty>{bill.paid_on}</DataZaplaty>" if bill.paid_on else ""
    terms = "".join(f"<TerminPlatnosci><Termin>{day}</Termin></TerminPlatnosci>" for day in bill.due_dates)
    account = bill.account
    return (
        f"<Platnosc>{paid}{terms}<FormaPlatnosci>{1 if bill.paid_on else 6}</FormaPlatnosci>"
        f"<RachunekBankowy><NrRB>{account.payment_nrb}</NrRB><NazwaBanku>{_BANKS[account.bank]}</NazwaBanku>"
        "<OpisRachunku>Twój indywidualny rachunek do wpłat</OpisRachunku></RachunekBankowy></Platnosc>\n"
    )
