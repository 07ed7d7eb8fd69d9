"""FA(3) files for tests: one valid template, filled with fictional people and right sums."""

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from ebok.audit.domain import Actor, ActorKind
from ebok.customers.models import CustomerAccount
from ebok.foundation.intake import SourceFile

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ACTING = Actor(kind=ActorKind.COMMAND, name="tests")
SELLER = "5265877635"


def an_account(number: str = "100001", **more: object) -> int:
    values = {
        "kind": "person", "name": "Anna Nowak", "postal_code": "05-400", "city": "Otwock",
        "registered_at": NOW, "changed_at": NOW,
    } | more  # fmt: skip
    return CustomerAccount.objects.create(number=number, **values).pk


def fa3(
    number: str = "FV/1",
    *,
    net: str = "100.00",
    issued: date = date(2026, 11, 1),
    due: date | None = None,
    account: str | None = "100001",
    nip: str | None = None,
    nrb: str | None = None,
    corrects: str | None = None,
    paid: date | None = None,
    seller: str = SELLER,
    note: str = "",
    period: tuple[date, date] | None = None,
    corrected_on: date = date(2026, 10, 1),
) -> bytes:
    """One FA(3) file at 8 % VAT: an invoice, or with `corrects` a correction of that number by `net`."""
    vat = (Decimal(net) * 8 / 100).quantize(Decimal("0.01"))
    gross = Decimal(net) + vat
    who = f"<NIP>{nip}</NIP>" if nip else "<BrakID>1</BrakID>"
    correction = (
        f"<RodzajFaktury>KOR</RodzajFaktury><PrzyczynaKorekty>Błędny odczyt</PrzyczynaKorekty><DaneFaKorygowanej>"
        f"<DataWystFaKorygowanej>{corrected_on}</DataWystFaKorygowanej><NrFaKorygowanej>{corrects}</NrFaKorygowanej>"
        f"<NrKSeFN>1</NrKSeFN></DaneFaKorygowanej>"
    )
    payment = "".join(
        [
            f"<Zaplacono>1</Zaplacono><DataZaplaty>{paid}</DataZaplaty>" if paid else "",
            f"<TerminPlatnosci><Termin>{due}</Termin></TerminPlatnosci>" if due else "",
            f"<RachunekBankowy><NrRB>{nrb}</NrRB></RachunekBankowy>" if nrb else "",
        ]
    )
    days = f"<OkresFa><P_6_Od>{period[0]}</P_6_Od><P_6_Do>{period[1]}</P_6_Do></OkresFa>" if period else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek>
<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza><WariantFormularza>3</WariantFormularza>
<DataWytworzeniaFa>2026-11-01T08:00:00Z</DataWytworzeniaFa></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>{seller}</NIP><Nazwa>Wodociągi</Nazwa></DaneIdentyfikacyjne>
<Adres><KodKraju>PL</KodKraju><AdresL1>ul. Wodna 1</AdresL1></Adres></Podmiot1>
<Podmiot2><DaneIdentyfikacyjne>{who}<Nazwa>Anna Nowak</Nazwa></DaneIdentyfikacyjne>
<Adres><KodKraju>PL</KodKraju><AdresL1>ul. Polna 1</AdresL1></Adres>
{f"<NrKlienta>{account}</NrKlienta>" if account else ""}<JST>2</JST><GV>2</GV></Podmiot2>
<Fa><KodWaluty>PLN</KodWaluty><P_1>{issued}</P_1><P_2>{number}</P_2>{days}
<P_13_2>{net}</P_13_2><P_14_2>{vat}</P_14_2><P_15>{gross}</P_15>
<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A><Zwolnienie><P_19N>1</P_19N></Zwolnienie>
<NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23><PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy>
</Adnotacje>{correction if corrects else "<RodzajFaktury>VAT</RodzajFaktury>"}
<DodatkowyOpis><Klucz>Uwaga</Klucz><Wartosc>{note or "brak"}</Wartosc></DodatkowyOpis>
<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Dostarczona woda</P_7><P_8A>m3</P_8A><P_8B>10</P_8B><P_9A>10</P_9A>
<P_11>{net}</P_11><P_12>8</P_12></FaWiersz>
{f"<Platnosc>{payment}</Platnosc>" if payment else ""}</Fa></Faktura>""".encode()


def files(contents: Iterable[tuple[str, bytes]]) -> Iterable[SourceFile]:
    """The contents as an import is offered them."""
    return iter(
        [SourceFile(name=name, size=len(data), open=lambda data=data: io.BytesIO(data)) for name, data in contents]
    )


def days(count: int) -> timedelta:
    return timedelta(days=count)
