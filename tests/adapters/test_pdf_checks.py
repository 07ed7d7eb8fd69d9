"""The checker of PDF files finds what is wrong: each flaw put into a good file has its sentence."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from ebok.adapters.typst import TypstInvoiceRenderer
from tests.adapters.test_typst import EVERY_KIND, XML
from tests.pdf_checks import problems, structure

ATTACHED = {"faktura.xml": XML}


@pytest.fixture(scope="module")
def good() -> bytes:
    return TypstInvoiceRenderer().render(EVERY_KIND["consumer"])


def _metadata(old: bytes, new: bytes) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        stream = writer.root_object["/Metadata"].get_object()
        assert old in stream.get_data()
        made = DecodedStreamObject()
        made.set_data(stream.get_data().replace(old, new))
        made[NameObject("/Type")], made[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
        writer.root_object[NameObject("/Metadata")] = writer._add_object(made)

    return change


def _without(*names: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        for name in names:
            del writer.root_object[name]

    return change


def _element(kind: str, change: Callable[[DictionaryObject], object]) -> Callable[[PdfWriter], None]:
    def changed(writer: PdfWriter) -> None:
        change(next(node for node in structure(writer) if node["/S"] == kind))

    return changed


def _kind(kind: str) -> Callable[[DictionaryObject], None]:
    return lambda node: node.update({NameObject("/S"): NameObject(kind)})


def _headers_are_cells(writer: PdfWriter) -> None:
    for node in structure(writer):
        if node["/S"] == "/TH":
            node[NameObject("/S")] = NameObject("/TD")


def _drawn_outside(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(writer.pages[0].get_contents().get_data() + b"\n0 0 10 10 re f\n")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def _font_without_file(writer: PdfWriter) -> None:
    font = next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object()
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    for name in ("/FontFile2", "/FontFile3"):
        descriptor.pop(name, None)


def _link_without_words(writer: PdfWriter) -> None:
    del writer.pages[0]["/Annots"][0].get_object()["/Contents"]


def _visible_field(writer: PdfWriter) -> None:
    link = writer.pages[0]["/Annots"][0].get_object()
    link[NameObject("/Subtype")] = NameObject("/Widget")


def _forgotten_by_the_structure(writer: PdfWriter) -> None:
    tree = writer.root_object["/StructTreeRoot"]
    tree["/ParentTree"].get_object()[NameObject("/Nums")] = ArrayObject()


FLAWS = {
    "XMP does not say pdfaid:conformance A": _metadata(
        b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<"
    ),
    "XMP does not say pdfuaid:part 1": _metadata(b"<pdfuaid:part>1<", b"<pdfuaid:part>2<"),
    "no XMP": _without("/Metadata"),
    "the language is not Polish": _without("/Lang"),
    "the title is not displayed": _without("/ViewerPreferences"),
    "not marked as tagged": _without("/MarkInfo"),
    "no output intent": _without("/OutputIntents"),
    "no structure tree": _without("/StructTreeRoot"),
    "an attached file without its relationship": _without("/AF"),
    "carries [] instead of ['faktura.xml'], or other bytes": _without("/Names", "/AF"),
    "the first heading is not of level 1": _element("/H1", _kind("/P")),
    "a level of headings is left out": _element("/H2", _kind("/H3")),
    "a table without header cells": _headers_are_cells,
    "a header cell without its scope": _element("/TH", lambda node: node.pop("/A")),
    "a table whose rows have [1, 7] columns": _element("/TR", lambda node: node["/K"].__delitem__(slice(1, None))),
    "a picture without words": _element(
        "/Figure", lambda node: node.update({NameObject("/Alt"): TextStringObject(" ")})
    ),
    "page 1: something is drawn that is neither tagged nor an artifact": _drawn_outside,
    "page 1: tagged content that the structure does not know": _forgotten_by_the_structure,
    "page 1: a link without words": _link_without_words,
    "page 1: a form field that can be seen": _visible_field,
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "flaw"), FLAWS.items(), ids=list(FLAWS))
def test_each_flaw_is_found(good: bytes, sentence: str, flaw: Callable[[PdfWriter], None]) -> None:
    writer, made = PdfWriter(clone_from=BytesIO(good)), BytesIO()
    flaw(writer)
    writer.write(made)
    found = problems(made.getvalue(), attached=ATTACHED)
    assert any(sentence in one for one in found), found


def test_a_font_that_is_not_embedded_is_found(good: bytes) -> None:
    writer, made = PdfWriter(clone_from=BytesIO(good)), BytesIO()
    _font_without_file(writer)
    writer.write(made)
    assert any("is not embedded" in one for one in problems(made.getvalue(), attached=ATTACHED))


def test_a_good_file_has_no_problem_and_other_bytes_inside_are_one(good: bytes) -> None:
    assert problems(good, attached=ATTACHED) == []
    assert problems(good, attached={"faktura.xml": XML + b" "}) != []
    assert problems(good[:-1], attached=ATTACHED) == ["does not end with a line"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04"])
def test_what_is_no_pdf_is_said_to_be_none(data: bytes) -> None:
    assert problems(data)[0].startswith("no PDF")
