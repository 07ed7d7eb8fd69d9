"""FA(3) files: what is read from them, and what is refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebok.adapters.fa3 import Fa3InvoiceReader
from ebok.billing.domain.codec import from_json, to_json
from ebok.billing.domain.invoices import CorrectedInvoice, InvoiceKind
from ebok.kernel.periods import Period
from ebok.kernel.refusals import RefusalCode, UnableToTake

DATA = Path(__file__).parent.parent / "data" / "fa3"
READER = Fa3InvoiceReader()
CONSUMER = (DATA / "water-vat-consumer-brakid.xml").read_bytes()


def code_of(data: bytes) -> RefusalCode:
    with pytest.raises(UnableToTake) as refused:
        READER.read(data)
    return refused.value.refusal.code


def with_change(old: str, new: str) -> bytes:
    assert old.encode() in CONSUMER
    return CONSUMER.replace(old.encode(), new.encode())


def test_an_invoice_is_read_as_printed() -> None:
    invoice = READER.read(CONSUMER)
    assert (invoice.number, invoice.kind, invoice.issue_date) == (
        "FV/2026/10/000124", InvoiceKind.VAT, date(2026, 10, 5),
    )  # fmt: skip
    assert (invoice.net_total, invoice.vat_total, invoice.gross_total) == (
        Decimal("211.52"), Decimal("16.92"), Decimal("228.44"),
    )  # fmt: skip
    assert invoice.period == Period.inclusive(date(2026, 8, 1), date(2026, 9, 30))
    assert (invoice.buyer.customer_number, invoice.buyer.nip) == ("000012445", None)
    assert invoice.due_dates == (date(2026, 10, 26),)
    assert invoice.payment_accounts[0].nrb == "08102010550000000000012445"
    assert invoice.descriptions[0].value.startswith("wodomierz 12345678: 000321 (2026-07-31)")
    assert [line.net_total for line in invoice.lines] == [Decimal("73.78"), Decimal("124.74"), Decimal("13.00")]


def test_a_correction_names_what_it_corrects() -> None:
    invoice = READER.read((DATA / "water-kor-b2b.xml").read_bytes())
    assert invoice.gross_total == Decimal("-30.63")
    assert invoice.corrects == (
        CorrectedInvoice(
            number="FV/2026/10/000123",
            issue_date=date(2026, 10, 5),
            ksef_number="5265877635-20250826-0100001AF629-AF",
        ),
    )
    assert [line.before_correction for line in invoice.lines] == [True, False, True, False]
    assert invoice.correction_reason == "Bledny odczyt wodomierza"


@pytest.mark.parametrize("path", sorted(DATA.glob("*template*.xml")), ids=lambda p: p.stem)
def test_a_template_with_placeholders_is_refused(path: Path) -> None:
    assert code_of(path.read_bytes()) is RefusalCode.SCHEMA_INVALID


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<KodWaluty>PLN", "<KodWaluty>EUR", RefusalCode.CURRENCY),
        ("<RodzajFaktury>VAT", "<RodzajFaktury>ZAL", RefusalCode.UNSUPPORTED_KIND),
        ("<P_15>228.44", "<P_15>228.45", RefusalCode.CONSERVATION),
        ("<P_6_Do>2026-09-30", "<P_6_Do>2026-07-30", RefusalCode.BAD_DATE),
        ("<NrRB>0810", "<NrRB>0910", RefusalCode.BAD_IBAN),
        ("<P_15>228.44", "<P_15>+228.44", RefusalCode.SCHEMA_INVALID),
        ("</Faktura>", "", RefusalCode.NOT_XML),
        ("<Faktura ", '<!DOCTYPE Faktura [<!ENTITY x "y">]><Faktura ', RefusalCode.DOCTYPE),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(old: str, new: str, code: RefusalCode) -> None:
    assert code_of(with_change(old, new)) is code


def test_a_file_over_three_megabytes_is_refused_unread() -> None:
    assert code_of(CONSUMER + b" " * 3 * 1024 * 1024) is RefusalCode.TOO_LARGE


def test_a_comment_inside_a_number_does_not_cut_it_short() -> None:
    assert READER.read(with_change("<P_15>228.44", "<P_15>2<!-- -->28.44")).gross_total == Decimal("228.44")


def test_everything_about_paying_is_read() -> None:
    payment = (
        "<Platnosc><ZnacznikZaplatyCzesciowej>1</ZnacznikZaplatyCzesciowej><ZaplataCzesciowa>"
        "<KwotaZaplatyCzesciowej>28.44</KwotaZaplatyCzesciowej><DataZaplatyCzesciowej>2026-10-07"
        "</DataZaplatyCzesciowej></ZaplataCzesciowa><TerminPlatnosci><Termin>2026-10-26</Termin></TerminPlatnosci>"
        "<TerminPlatnosci><TerminOpis><Ilosc>14</Ilosc><Jednostka>dni</Jednostka><ZdarzeniePoczatkowe>od otrzymania"
        "</ZdarzeniePoczatkowe></TerminOpis></TerminPlatnosci><TerminPlatnosci><Termin>2026-11-26</Termin>"
        "</TerminPlatnosci><FormaPlatnosci>6</FormaPlatnosci>"
    )
    invoice = READER.read(
        with_change("<Platnosc><TerminPlatnosci><Termin>2026-10-26</Termin></TerminPlatnosci>"
                    "<FormaPlatnosci>6</FormaPlatnosci>", payment)
    )  # fmt: skip
    assert [(p.paid_on, p.amount) for p in invoice.paid] == [(date(2026, 10, 7), Decimal("28.44"))]
    assert invoice.due_dates == (date(2026, 10, 26), date(2026, 11, 26))
    assert invoice.due_terms == ("14 dni od otrzymania",)


@pytest.mark.parametrize("path", sorted(DATA.glob("water-*.xml")), ids=lambda p: p.stem)
def test_what_is_kept_of_an_invoice_reads_back_as_the_invoice(path: Path) -> None:
    invoice = READER.read(path.read_bytes())
    assert from_json(to_json(invoice)) == invoice


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, len(CONSUMER) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(position: int, byte: int, cut: bool) -> None:
    damaged = CONSUMER[:position] if cut else CONSUMER[:position] + bytes([byte]) + CONSUMER[position + 1 :]
    try:
        invoice = READER.read(damaged)
    except UnableToTake:
        return
    assert invoice.net_total + invoice.vat_total == invoice.gross_total
