"""Print batches: a list and the invoices in the order of the post, in one accessible file."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ebok.adapters.typst import TypstCompiler, TypstInvoicePrinter
from ebok.adapters.typst.fake import FakeInvoicePrinter
from ebok.billing.domain.invoices import Party
from ebok.billing.domain.recipients import Recipient, address_in, recipient_of
from ebok.customers.domain import NOWHERE, Address
from ebok.einvoicing.domain.printing import PrintCover, PrintItem, in_postal_order
from ebok.einvoicing.ports import UnableToPrintSupplied
from ebok.jobs.demo.pdf import one_page
from tests.adapters.test_typst import CHECKED, EVERY_KIND, MARKUP, OFFICE, document, line, use
from tests.pdf_checks import assert_accessible, problems, structure

COVER = PrintCover(batch=12, made_on=date(2026, 11, 22), office=OFFICE)
TITLE = "Partia wydruku 12 z 22\u00a0listopada\u00a02026"


def item(
    place: str = "ul. Polna 1", town: str = "05-400 Otwock", *, number: str = "FV/1", supplied: bytes = b"", **more
):
    lines = tuple(part for part in (place, town) if part)
    drawn = replace(document(ksef="", number=number, **more), use=(use(),), **CHECKED)
    to = Recipient(name="Anna Przykładowa", lines=lines, address=address_in(lines))
    return PrintItem(document=replace(drawn, recipient=to), supplied_pdf=supplied)


@pytest.fixture(scope="module")
def printer() -> TypstInvoicePrinter:
    return TypstInvoicePrinter(TypstCompiler())


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in PdfReader(BytesIO(pdf)).pages]


LONG = {"lines": tuple(line(n) for n in range(1, 60))}
BATCH = [item(number="FV/1"), item("ul. Polna 2", number="FV/2", **LONG), *(item(number=f"FV/{n}") for n in (3, 4, 5))]


def test_a_batch_is_archivable_and_accessible_as_a_whole(printer) -> None:
    assert_accessible(printer.batch(cover=COVER, documents=BATCH), title=TITLE)
    assert_accessible(printer.batch(cover=replace(COVER, both_sides=True), documents=BATCH), title=TITLE)


def test_the_structure_of_a_batch_reads_in_the_order_of_its_pages(printer) -> None:
    reader = PdfReader(BytesIO(printer.batch(cover=COVER, documents=BATCH)))
    heads = [node for node in structure(reader) if node["/S"] == "/H1"]
    assert len(heads) == 1 + len(BATCH)
    cells = [node["/ID"] for node in structure(reader) if node["/S"] == "/TH"]
    assert len(set(cells)) == len(cells)
    assert [mark.title for mark in reader.outline] == [TITLE, *(one.number for one in BATCH)]


def test_the_list_names_place_recipient_invoice_and_pages_in_the_order_given(printer) -> None:
    first, *rest = pages(printer.batch(cover=COVER, documents=BATCH))
    assert "5 faktur, 6 stron bez tej listy." in first
    assert "1 05-400 Otwock ul. Polna 1 Anna Przykładowa FV/1 1" in first
    assert "2 05-400 Otwock ul. Polna 2 Anna Przykładowa FV/2 2" in first
    assert "po jednej stronie kartki" in first
    assert len(rest) == 6
    assert [n for n in range(1, 6) for text in rest if f"Faktura FV/{n} Do zapłaty" in text] == [1, 2, 3, 4, 5]
    assert "Strona 2 z 2" in rest[2]


def test_pages_do_not_speak_of_an_attachment_that_is_not_there(printer) -> None:
    assert not any("załącznik" in text for text in pages(printer.batch(cover=COVER, documents=BATCH)))


def test_on_both_sides_every_invoice_begins_on_the_front_of_a_sheet(printer) -> None:
    made = pages(printer.batch(cover=replace(COVER, both_sides=True), documents=BATCH))
    fronts = [at for at, text in enumerate(made) if "Do zapłaty" in text]
    assert [at % 2 for at in fronts] == [0] * len(BATCH)
    assert len(made) % 2 == 0


def test_equal_batches_give_equal_bytes(printer) -> None:
    assert printer.batch(cover=COVER, documents=BATCH) == printer.batch(cover=COVER, documents=BATCH)


def test_supplied_pages_stand_at_their_place_as_they_are_and_the_file_claims_nothing_untrue(printer) -> None:
    supplied = item(number="FV/9", supplied=one_page(["Supplied by the billing system"]))
    pdf = printer.batch(cover=COVER, documents=[BATCH[0], supplied, BATCH[2]])
    first, *rest = pages(pdf)
    assert "FV/9 1" in first
    assert "Supplied by the billing system" in rest[1]
    assert ["Faktura FV/1" in rest[0], "Faktura FV/3" in rest[2]] == [True, True]
    assert b"pdfaid" not in PdfReader(BytesIO(pdf)).root_object["/Metadata"].get_object().get_data().replace(
        b"xmlns:pdfaid", b""
    )
    assert any("pdfaid" in one for one in problems(pdf))


def test_nothing_that_acts_comes_in_with_supplied_pages(printer) -> None:
    writer, made = PdfWriter(clone_from=BytesIO(one_page(["x"]))), BytesIO()
    acts = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(key): value for key, value in acts.items()})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.write(made)
    pdf = printer.batch(cover=COVER, documents=[item(supplied=made.getvalue())])
    assert b"app.alert" not in pdf
    assert b"/AA" not in pdf


def with_empty_page(data: bytes, *, alone: bool = False) -> bytes:
    writer, made = PdfWriter() if alone else PdfWriter(clone_from=BytesIO(data)), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(made)
    return made.getvalue()


def test_a_supplied_invoice_with_an_empty_back_is_printed_with_it(printer) -> None:
    supplied = item(number="FV/9", supplied=with_empty_page(one_page(["Supplied by the billing system"])))
    first, *rest = pages(printer.batch(cover=COVER, documents=[supplied]))
    assert "FV/9 2" in first
    assert ["Supplied by the billing system" in text for text in rest] == [True, False]


@pytest.mark.parametrize("data", [b"x", b"%PDF-1.7\n", one_page(["x"])[:300], with_empty_page(b"", alone=True)])
def test_a_supplied_file_that_cannot_be_printed_is_named(printer, data: bytes) -> None:
    with pytest.raises(UnableToPrintSupplied, match="FV/7"):
        printer.batch(cover=COVER, documents=[item(number="FV/7", supplied=data)])


@pytest.mark.parametrize("kind", ["typst", "fake"])
def test_whoever_prints_gives_the_list_and_every_invoice(printer, kind: str) -> None:
    made = (printer if kind == "typst" else FakeInvoicePrinter()).batch(cover=COVER, documents=BATCH[2:])
    assert len(PdfReader(BytesIO(made)).pages) == 4


def test_hostile_recipients_stay_text(printer) -> None:
    nasty = Recipient(name=MARKUP, lines=(MARKUP, "W" * 300), address=replace(NOWHERE, street=MARKUP, city="(5 0 R)"))
    made = printer.batch(cover=COVER, documents=[PrintItem(document=replace(BATCH[0].document, recipient=nasty))])
    assert "root:" not in " ".join(pages(made))
    assert problems(made) == []


def places(*items: PrintItem) -> list[str]:
    return [one.recipient.lines[0] for one in in_postal_order(items)]


def test_the_post_counts_houses_as_people_do_and_sorts_by_the_polish_alphabet() -> None:
    wanted = ["ul. Łąkowa 2", "ul. Łąkowa 2/1", "ul. Łąkowa 2a", "Łąkowa 10", "ul. Łąkowa 10/9", "ul. Łąkowa 10/10"]
    assert places(*(item(place) for place in reversed(wanted))) == wanted
    assert places(*(item(f"ul. {name} 1") for name in ("Źródlana", "Zielona", "Łąkowa", "Lipowa", "Mokra"))) == [
        f"ul. {name} 1" for name in ("Lipowa", "Łąkowa", "Mokra", "Zielona", "Źródlana")
    ]


def test_the_postal_code_comes_first_and_an_address_nobody_can_read_last() -> None:
    unknown = item("Skrytka", "zagranica")
    others = [item("ul. Polna 1", "05-402 Otwock"), item("ul. Wodna 9", "05-400 Otwock")]
    assert in_postal_order([unknown, *others]) == [others[1], others[0], unknown]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("ul. Polna 1/2", "05-400 Otwock"), ("ul. Polna", "1", "2", "05-400", "Otwock")),
        (("ul. Polna 12A m. 3, 05-400 Otwock",), ("ul. Polna", "12A", "3", "05-400", "Otwock")),
        (("Wola Karczewska 7", "05-408 Wola Karczewska"), ("", "7", "", "05-408", "Wola Karczewska")),
        (("05-400 Otwock",), ("", "", "", "05-400", "Otwock")),
        (("ul. 3 Maja 5", "05-400 Otwock"), ("ul. 3 Maja", "5", "", "05-400", "Otwock")),
    ],
)
def test_lines_are_read_as_an_address(lines: tuple[str, ...], expected: tuple[str, ...]) -> None:
    found = address_in(lines)
    assert (found.street, found.house, found.flat, found.postal_code, found.city) == expected


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_lines_at_all_can_be_read_and_ordered(lines: list[str]) -> None:
    to = recipient_of(buyer=Party(name="A", nip=None, address_lines=tuple(lines)), holder="A", correspondence=NOWHERE)
    one = PrintItem(document=replace(EVERY_KIND["consumer"], recipient=to))
    assert in_postal_order([one, item()])
    assert to.lines == tuple(lines)


def test_an_address_of_somebody_else_is_not_used() -> None:
    buyer = Party(name="Anna Nowak", nip=None, address_lines=("ul. Polna 1", "05-400 Otwock"))
    other = Address(street="ul. Leśna", house="7", flat="", postal_code="05-402", city="Otwock")
    assert recipient_of(buyer=buyer, holder="Nowak  ANNA", correspondence=other).lines == (
        "ul. Leśna 7",
        "05-402 Otwock",
    )
    assert recipient_of(buyer=buyer, holder="Jan Nowak", correspondence=other).lines == buyer.address_lines
