import hashlib
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ebok.adapters.typst import TypstCompiler, TypstInvoiceRenderer
from ebok.adapters.typst.compiler import FONTS
from ebok.adapters.typst.consumption import consumption
from ebok.adapters.typst.coverage import drawable
from ebok.billing.domain.invoices import (
    CorrectedInvoice,
    Description,
    InvoiceKind,
    InvoiceLine,
    IssuedInvoice,
    PaidOnInvoice,
    Party,
    PaymentAccount,
    PrintedSettlement,
    SettlementItem,
    ThirdParty,
    VatTotal,
)
from ebok.billing.domain.ksef_code import verification_url
from ebok.billing.domain.recipients import Recipient
from ebok.billing.domain.use import MeterUse, UseOfMeter
from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts, amount_asked_for
from ebok.billing.domain.wording import KIND
from ebok.kernel.periods import Period
from tests.pdf_checks import assert_accessible, places_of, problems, structure

KSEF = "5265877635-20250826-0100001AF629-AF"
NRB = "08102010550000000000012445"
XML = '<?xml version="1.0" encoding="UTF-8"?>\r\n<Faktura>Zażółć</Faktura>\n'.encode()
OFFICE = OfficeFacts(
    name="Wodociągi Przykładowe Sp. z o.o.", short_name="Wodociągi", address="ul. Wodna 1, 00-001 Przykładowo",
    phone="22 000 00 00", alarm_phone="994", office_hours="pn.–pt. 7:00–15:00", email="bok@wodociagi.example",
    website="https://wodociagi.example",
)  # fmt: skip


SHIPPED = {
    "AtkinsonHyperlegibleNext-Bold.ttf": "4ba7415b7095e546",
    "AtkinsonHyperlegibleNext-Regular.ttf": "60f8c1a1b2e7da47",
    "AtkinsonHyperlegibleNext-SemiBold.ttf": "896483629d2c885e",
    "NotoSans-Regular.ttf": "fe8c022f48d8dd29",
}


def line(number, description="Dostarczona woda", *, before=False, net="73.78", quantity="14", rate="8"):
    return InvoiceLine(
        number=number, description=description, unit="m3", quantity=Decimal(quantity), unit_rate=Decimal("5.27"),
        net_total=Decimal(net), gross_total=None, vat_rate=rate, before_correction=before,
    )  # fmt: skip


INVOICE = IssuedInvoice(
    number="FV/2026/10/000124", kind=InvoiceKind.VAT, issue_date=date(2026, 10, 5), issue_place="Przykładowo",
    period=Period.inclusive(date(2026, 8, 1), date(2026, 9, 30)), supply_date=None,
    seller=Party(name=OFFICE.name, nip="5265877635", address_lines=("ul. Wodna 1", "00-001 Przykładowo")),
    buyer=Party(name="Jan Przykładowy", nip=None, address_lines=("ul. Polna 1",), customer_number="000012445"),
    third_parties=(), lines=(line(1), line(2, "Odprowadzone ścieki", net="124.74")),
    vat_totals=(VatTotal(rate="8 %", net=Decimal("211.52"), vat=Decimal("16.92")),),
    net_total=Decimal("211.52"), vat_total=Decimal("16.92"), gross_total=Decimal("228.44"),
    due_dates=(date(2026, 10, 26),), due_terms=(), payment_accounts=(PaymentAccount(nrb=NRB, bank_name="Bank"),),
    payment_form="6", paid=(),
    descriptions=(Description(key="Odczyt", value="wodomierz 12345678: 000321 - 000335", line_number=1),),
    settlement=None, corrects=(), correction_reason=None, footer=("Kapitał zakładowy 1 000 000 zł",),
)  # fmt: skip


def document(xml=XML, ksef=KSEF, **changes):
    invoice = replace(INVOICE, **changes)
    to_pay = amount_asked_for(invoice)
    digest = hashlib.sha256(xml).digest()
    return InvoiceDocument(
        invoice=invoice, account_number="000012445", due_date=next(iter(invoice.due_dates), None), to_pay=to_pay,
        payment_nrb=NRB, transfer_title="FV/2026/10/000124 000012445",
        transfer_code=f"5265877635|PL|{NRB}|022844|OPWiK|FV 1|||" if to_pay else "", ksef_number=ksef,
        verification_url=verification_url(seller_nip="5265877635", issue_date=invoice.issue_date, xml_sha256=digest)
        if ksef else "",
        office=OFFICE, xml=xml,
    )  # fmt: skip


@pytest.fixture(scope="module")
def renderer():
    return TypstInvoiceRenderer()


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words(pdf):
    text = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_the_xml_is_attached_byte_for_byte_as_the_source(renderer):
    reader = read(renderer.render(document()))
    specification = reader.trailer["/Root"]["/AF"][0].get_object()
    assert specification["/AFRelationship"] == "/Source"
    assert list(reader.attachments) == ["faktura.xml"]
    assert reader.attachments["faktura.xml"] == [XML]


def test_an_xml_in_another_encoding_is_attached_unchanged_too(renderer):
    xml = '<?xml version="1.0" encoding="windows-1250"?><Faktura>Zażółć</Faktura>'.encode("cp1250")
    assert read(renderer.render(document(xml=xml))).attachments["faktura.xml"] == [xml]


def use(serial="12345678", last="335", *, before=True):
    since, until = date(2026, 7, 31), date(2026, 9, 30)
    now = MeterUse(
        serial_number=serial, since=since, until=until, first_m3=Decimal(321), last_m3=Decimal(last)
    )  # fmt: skip
    then = replace(now, since=date(2026, 5, 31), until=since, first_m3=Decimal(309), last_m3=Decimal(321))
    return UseOfMeter(named="Odczyt", now=now, before=then if before else None)


CHECKED = {"check_url": "https://ebok.wodociagi.example/f/7K3M9QXA2B4CDEFGHJKMNPQRST"}
CHECKED |= {"check_page": "https://ebok.wodociagi.example/sprawdz-fakture/"}
CORRECTION = {
    "kind": InvoiceKind.KOR, "number": "FK/7", "correction_reason": "Błędny odczyt", "gross_total": Decimal("-11.38"),
    "lines": (line(1, before=True), line(2, quantity="12", net="63.24")),
    "corrects": (CorrectedInvoice(number="FV/1", issue_date=date(2026, 9, 1), ksef_number=KSEF),),
}  # fmt: skip
GARDEN = Description(key="Ogród", value="wodomierz 87654321: 000321 - 000325", line_number=2)
TWO_METERS = {
    "descriptions": (
        *INVOICE.descriptions,
        GARDEN,
        Description(key="Taryfa", value="decyzja WA.RZT.70.123.2025, W1/S1"),
    ),
    "lines": tuple(line(n) for n in range(1, 5)),
    "seller": replace(INVOICE.seller, name="Otwockie Przedsiębiorstwo Wodociągów i Kanalizacji Sp. z o.o."),
    "footer": ("Sąd Rejonowy dla m.st. Warszawy, KRS 0000123456. Kapitał zakładowy 1 000 000 zł",),
}
EVERY_KIND = {
    "consumer": replace(document(ksef=""), use=(use(),), **CHECKED),
    "buyer with a NIP": replace(document(), use=(use(before=False),), **CHECKED),
    "correction": replace(document(ksef="", **CORRECTION), **CHECKED),
    "duplicate": replace(document(ksef=""), duplicate_on=date(2026, 11, 22), **CHECKED),
    "two meters": replace(document(**TWO_METERS), use=(use(), use("87654321", "325")), **CHECKED),
    "offline": replace(document(), ksef_number="", offline=True),
    "many meters": replace(document(), use=tuple(use(str(n), str(330 + n)) for n in range(40))),
    "long": document(lines=tuple(line(n) for n in range(1, 60))),
}


@pytest.mark.parametrize("drawn", EVERY_KIND.values(), ids=list(EVERY_KIND))
def test_every_kind_of_invoice_is_archivable_and_accessible(renderer, drawn):
    title = f"{KIND[drawn.invoice.kind]} {drawn.invoice.number}"
    title += ", DUPLIKAT z 22\u00a0listopada\u00a02026" if drawn.duplicate_on else ""
    assert_accessible(renderer.render(drawn), title=title, attached={"faktura.xml": XML})


@pytest.mark.parametrize("kind", ["consumer", "buyer with a NIP", "correction", "duplicate", "two meters", "offline"])
def test_the_usual_invoice_fits_one_page(renderer, kind):
    assert len(read(renderer.render(EVERY_KIND[kind])).pages) == 1


def test_tables_have_header_cells_and_pictures_have_words(renderer):
    nodes = list(structure(read(renderer.render(EVERY_KIND["consumer"]))))
    kinds = [node["/S"] for node in nodes]
    assert (kinds.count("/Table"), kinds.count("/TH"), kinds.count("/H1")) == (3, 7 + 4 + 5, 1)
    assert [node["/Alt"].replace("\u00a0", " ") for node in nodes if node["/S"] == "/Figure"] == [
        "Kod przelewu: 228,44 zł na rachunek 08 1020 1055 0000 0000 0001 2445",
        "Wykres zużycia wody. 14 m³ w 61 dni, poprzednio 12 m³ w 61 dni.",
        f"Kod do sprawdzenia tej faktury: {CHECKED['check_url']}",
    ]


def test_use_is_told_by_a_table_and_a_sentence_too_and_compared_only_when_known(renderer):
    compared = words(renderer.render(EVERY_KIND["consumer"]))
    assert "O 2 m³ więcej niż poprzednio." in compared
    assert "12345678 321 31.07.2026 335 30.09.2026 14 m³ 12 m³" in compared
    alone = words(renderer.render(EVERY_KIND["buyer with a NIP"]))
    assert "12345678 321 31.07.2026 335 30.09.2026 14 m³" in alone
    assert "poprzednio" not in alone.lower()
    assert "Odczyty i zużycie" not in words(renderer.render(document()))


def test_bars_of_several_meters_have_one_scale():
    drawn = consumption((use(), use("87654321", "325"), use("3", "321")))
    parts = [[row["part"] for row in bars["rows"]] for bars in drawn["bars"]]
    assert parts == [[1.0, 0.8571], [0.2857, 0.8571], [0.0, 0.8571]]


def test_a_further_page_says_of_which_invoice_it_is(renderer):
    pages = [" ".join(page.extract_text().split()) for page in read(renderer.render(EVERY_KIND["long"])).pages]
    assert "Faktura FV/2026/10/000124 Strona 2 z 2" in pages[1].replace("\u00a0", " ")
    assert pages[0].count("Faktura FV/2026/10/000124") == 1


def test_a_duplicate_is_marked_with_its_day_and_is_dated_by_it(renderer):
    reader = read(renderer.render(EVERY_KIND["duplicate"]))
    assert "DUPLIKAT z 22\u00a0listopada\u00a02026" in reader.pages[0].extract_text()
    assert reader.metadata.creation_date.date() == date(2026, 11, 22)
    assert "DUPLIKAT" not in words(renderer.render(EVERY_KIND["consumer"]))


def test_below_the_code_of_ksef_stands_its_number_or_offline(renderer):
    numbered, offline = (words(renderer.render(EVERY_KIND[kind])) for kind in ("buyer with a NIP", "offline"))
    assert numbered.count(KSEF) == 1
    assert "OFFLINE" not in numbered
    assert "Faktura wystawiona w trybie OFFLINE. Numer KSeF dostanie później. OFFLINE" in offline
    assert "To jest wizualizacja faktury z KSeF." in offline


def test_how_to_check_the_invoice_names_the_code_the_page_and_the_phone(renderer):
    text = words(renderer.render(EVERY_KIND["consumer"]))
    assert "Jak sprawdzić, że to prawdziwa faktura" in text
    assert "ebok.wodociagi.example/f/7K3M9QXA2B4CDEFGHJKMNPQRST" in text.replace(" ", "")
    assert "ebok.wodociagi.example/sprawdz-fakture i wpisz numer rachunku, numer faktury oraz kwotę" in text
    assert "Jak sprawdzić" not in words(renderer.render(document()))


def test_the_address_stands_in_the_window_and_is_that_of_the_recipient(renderer):
    to = Recipient(name="Anna Przykładowa", lines=("ul. Leśna 7/2", "05-402 Otwock"))
    page = read(renderer.render(replace(document(), recipient=to))).pages[0]
    for row in (to.name, *to.lines):
        ((x, y),) = places_of(page, row)
        assert 20 <= x <= 30
        assert 50 <= y <= 84


def test_the_same_invoice_gives_the_same_bytes_also_after_another_one(renderer):
    first = renderer.render(document())
    renderer.render(document(number="FV/2"))
    assert renderer.render(document()) == first
    assert TypstInvoiceRenderer().render(document()) == first
    assert first.endswith(b"%%EOF\n")


def test_what_to_pay_and_by_when_comes_before_everything_else(renderer):
    text = words(renderer.render(document()))
    places = [text.index(w) for w in ("Do zapłaty", "228,44 zł", "do 26 października 2026", "Sprzedawca")]
    assert places == sorted(places)
    assert "08 1020 1055 0000 0000 0001 2445" in text
    assert "wodomierz 12345678: 000321 - 000335" in text
    assert "To jest wizualizacja faktury z KSeF." in text


def test_without_a_ksef_number_there_is_no_word_about_ksef(renderer):
    assert "KSeF" not in words(renderer.render(document(ksef="")))


def test_a_correction_shows_before_after_the_difference_and_what_it_corrects(renderer):
    text = words(renderer.render(EVERY_KIND["correction"]))
    assert "Dostarczona woda: ilość było 14 m³, jest 12 m³, wartość było 73,78 zł, jest 63,24 zł." in text
    assert "Koryguje fakturę FV/1 z 1 września 2026" in text
    assert "Korekta zmniejsza kwotę faktury o 11,38 zł." in text
    assert "Do zapłaty" not in text
    assert [text.index(w) for w in ("przed 14", "po 12", "różnica −2")] == sorted(
        text.index(w) for w in ("przed 14", "po 12", "różnica −2")
    )
    assert "−10,54 zł" in text


def test_the_printed_settlement_stands_as_printed(renderer):
    settlement = PrintedSettlement(
        charges=(SettlementItem(amount=Decimal("12.30"), reason="Odsetki"),),
        deductions=(SettlementItem(amount=Decimal("2.30"), reason="Nadpłata"),), amount_due=Decimal("238.44"),
    )  # fmt: skip
    text = words(renderer.render(document(settlement=settlement)))
    assert "Obciążenie: Odsetki 12,30 zł" in text
    assert "Odliczenie: Nadpłata −2,30 zł" in text
    assert text.count("238,44 zł") == 2


def test_a_paid_invoice_asks_for_nothing(renderer):
    text = words(renderer.render(document(paid=(PaidOnInvoice(paid_on=date(2026, 10, 5), amount=Decimal("228.44")),))))
    assert "Zapłacono 228,44 zł" in text
    assert "Zapłać kodem" not in text


MARKUP = '#read("/etc/passwd") #include "/etc/hosts" *b* $x$ \\ @a <b> `c` // d /* e */'


def test_text_from_outside_is_never_markup(renderer):
    pdf = renderer.render(
        document(
            footer=(MARKUP,), descriptions=(Description(key=MARKUP, value=MARKUP),),
            buyer=Party(name=MARKUP, nip=None, address_lines=(MARKUP,)), lines=(line(1, MARKUP),),
        )
    )  # fmt: skip
    text = words(pdf)
    assert "root:" not in text
    assert text.count("passwd") == 8


def test_the_template_cannot_read_outside_its_folder():
    with pytest.raises(RuntimeError, match="would escape the project root"):
        TypstCompiler()._compiler.compile(input=b'#read("../../../../../../../../etc/passwd")', format="pdf")


ODD = {
    "a hundred lines": {"lines": tuple(line(n, f"Pozycja {n} " * 9) for n in range(1, 101))},
    "no lines": {"lines": (), "vat_totals": (), "descriptions": ()},
    "very long words": {"buyer": Party(name="W" * 512, nip="1111111111", address_lines=("X" * 512, "Y" * 512))},
    "zw and np": {
        "lines": (line(1, rate="zw"), line(2, rate="np I")),
        "vat_totals": (VatTotal(rate="zw", net=Decimal(1), vat=Decimal(0)),),
    },
    "negative": {"lines": (line(1, quantity="-3.123456", net="-1.00"),), "gross_total": Decimal("-1.08")},
    "third parties": {"third_parties": tuple(ThirdParty(role=str(n), party=INVOICE.buyer) for n in range(1, 12))},
    "other scripts": {"footer": ("Дмитро Шевченко, Ελλάδα, 日本, 😀, \u0301\u200f\ufeff",)},
    "several due dates": {"due_dates": (date(2026, 10, 26), date(2026, 11, 26)), "due_terms": ("14 dni",)},
    "nothing optional": {
        "issue_place": None, "period": None, "due_dates": (), "payment_accounts": (), "payment_form": None,
        "footer": (),
    },
}  # fmt: skip


@pytest.mark.parametrize("changes", ODD.values(), ids=list(ODD))
def test_odd_invoices_are_drawn_within_the_page(renderer, changes):
    reader = read(renderer.render(document(**changes)))
    assert len(reader.pages) >= 1
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, _, matrix, *__: None if not text.strip() else _inside(matrix))


def _inside(matrix):
    assert 0 <= matrix[4] <= 596
    assert 0 <= matrix[5] <= 842


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_at_all_can_be_drawn(renderer, text):
    assert renderer.render(document(footer=(text,), number=text or "1", correction_reason=text)).startswith(b"%PDF-")


OURS = {"transfer_code", "verification_url", "check_url", "check_page"}
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.sampled_from([MARKUP, "", "-", "\x00", "W" * 600, "#", "]", "a-b " * 90, "\u202e\u2028x", "(5 0 R)", "\\", "ﬃ"]),
)


def with_hostile_words(value, draw):
    """The same value with every text that comes from outside, however deep, in other words."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return draw(HOSTILE)
    if isinstance(value, tuple):
        return tuple(with_hostile_words(one, draw) for one in value)
    if is_dataclass(value) and not isinstance(value, Period):
        kept = [field.name for field in fields(value) if field.name not in OURS]
        return replace(value, **{name: with_hostile_words(getattr(value, name), draw) for name in kept})
    return value


FULL = replace(
    document(
        annotations=("Metoda kasowa",), third_parties=(ThirdParty(role="2", party=INVOICE.buyer),),
        due_terms=("14 dni",), lines=(replace(line(1), discount=Decimal(5), supply_date=date(2026, 9, 1)), line(2)),
        correction_reason="Powód",
        settlement=PrintedSettlement(charges=(SettlementItem(amount=Decimal(1), reason="Odsetki"),)),
    ),
    use=(use(), use("1")), recipient=Recipient(name="Anna", lines=("ul. Polna 1", "05-400 Otwock")), **CHECKED,
)  # fmt: skip
FULL_CORRECTION = replace(FULL, invoice=replace(FULL.invoice, **CORRECTION))


@settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(data=st.data(), drawn=st.sampled_from([FULL, FULL_CORRECTION]))
def test_hostile_words_in_every_field_are_drawn_as_words_in_a_good_file(renderer, data, drawn):
    pdf = renderer.render(with_hostile_words(drawn, data.draw))
    assert problems(pdf, attached={"faktura.xml": XML}) == []
    assert "root:" not in words(pdf)


def test_every_character_the_fonts_claim_to_know_can_be_drawn(renderer):
    known = sorted(c for c in renderer.compiler.known if not c.isspace())
    rows = tuple("".join(known[i : i + 30]) for i in range(0, len(known), 30))
    assert "ż" in known
    assert "Ж" in known
    assert renderer.render(document(footer=rows)).startswith(b"%PDF-")


def test_long_words_get_places_to_break_and_unknown_characters_a_mark():
    assert drawable("a\n b\u00a0c", frozenset("abc \u00a0")) == "a b\u00a0c"
    assert drawable("日", frozenset("a")) == "\ufffd"
    assert drawable("a" * 80, frozenset("a")).split("\u200b") == ["a" * 36, "a" * 36, "a" * 8]


def test_the_fonts_are_the_listed_ones_and_their_licences_lie_beside_them():
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest()[:16] for p in FONTS.glob("*.ttf")} == SHIPPED
    licences = [path.read_text("utf-8") for path in FONTS.glob("OFL-*.txt")]
    assert ["SIL Open Font License" in text for text in licences] == [True, True]
