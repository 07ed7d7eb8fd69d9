"""Is a PDF archivable (PDF/A-3a) and accessible (PDF/UA-1)? The same questions for every file eBOK makes.

`problems` answers with sentences, none when all is well; `assert_accessible` is what tests of documents call. It asks
what a machine can: the marks and what they ask for. Whether an alternative text is a good one, a person must say.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from lxml import etree
from pypdf import PageObject, PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

XMP: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}
MARKS: Final = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
HEADINGS: Final = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
PAINTING: Final = frozenset(
    {b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"INLINE IMAGE"}
)
FORBIDDEN_ACTIONS: Final = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Sound", "/Movie")
FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
HIDDEN: Final = 2
MILLIMETRE: Final = 72 / 25.4


def assert_accessible(pdf: bytes, *, title: str, attached: Mapping[str, bytes] | None = None) -> PdfReader:
    """Fail with every problem of the file; return a reader for further questions."""
    found = problems(pdf, attached=attached)
    reader = PdfReader(BytesIO(pdf))
    said = reader.metadata.title if reader.metadata else None
    assert [*found, *([] if said == title else [f"the title is {said!r}"])] == []
    return reader


def problems(pdf: bytes, *, attached: Mapping[str, bytes] | None = None) -> list[str]:
    """Say what keeps the file from its two promises; `attached` are the files it must carry, byte for byte."""
    try:
        reader = PdfReader(BytesIO(pdf), strict=True)
        root = reader.root_object
    except PdfReadError as error:
        return [f"no PDF: {error}"]
    found = [*_file(reader, pdf), *_marks(root), *_said_of_itself(root), *_attachments(reader, attached or {})]
    if "/StructTreeRoot" not in root:
        return [*found, "no structure tree"]
    tree = structure(reader)
    found += [*_headings(tree), *_tables(tree), *_figures(tree), *_lists(tree)]
    parents = _parent_tree(root)
    for number, page in enumerate(reader.pages, start=1):
        found += [f"page {number}: {what}" for what in _page(page, parents)]
    return found


def structure(reader: PdfReader) -> list[DictionaryObject]:
    """Every element of the structure tree, in the order it is read."""
    return list(_below(reader.root_object["/StructTreeRoot"]))


def places_of(page: PageObject, wanted: str) -> list[tuple[float, float]]:
    """Where these words stand: millimetres from the left and from the top edge of the page."""
    found: list[tuple[float, float]] = []

    def seen(text: str, of_page: Sequence[float], of_text: Sequence[float], *_: object) -> None:
        if wanted in text:
            x = of_text[4] * of_page[0] + of_text[5] * of_page[2] + of_page[4]
            y = of_text[4] * of_page[1] + of_text[5] * of_page[3] + of_page[5]
            found.append((x / MILLIMETRE, (float(page.mediabox.height) - y) / MILLIMETRE))

    page.extract_text(visitor_text=seen)
    return found


def _below(node: Any) -> Iterator[DictionaryObject]:
    for kid in _kids(node):
        if "/S" in kid:
            yield kid
            yield from _below(kid)


def _kids(node: Any) -> list[DictionaryObject]:
    kids = _object(_object(node).get("/K", []))
    listed = kids if isinstance(kids, list) else [kids]
    return [kid for one in listed if isinstance(kid := _object(one), DictionaryObject)]


def _object(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _file(reader: PdfReader, pdf: bytes) -> Iterator[str]:
    if not pdf.endswith(b"%%EOF\n"):
        yield "does not end with a line"
    if not pdf.startswith(b"%PDF-1."):
        yield "PDF/A-3 rests on PDF 1.7"
    if reader.is_encrypted:
        yield "encrypted"
    if "/ID" not in reader.trailer:
        yield "no /ID"
    if any(name.encode() in pdf for name in FORBIDDEN_ACTIONS):
        yield "an action that is not allowed"


def _marks(root: DictionaryObject) -> Iterator[str]:
    if "/Metadata" not in root:
        yield "no XMP"
        return
    xmp = etree.fromstring(_object(root["/Metadata"]).get_data())
    for name, value in MARKS.items():
        prefix, local = name.split(":")
        as_attribute = xmp.xpath(f"//rdf:Description/@{name}", namespaces=XMP)
        as_element = xmp.xpath(f"//{prefix}:{local}/text()", namespaces=XMP)
        if [str(one) for one in [*as_attribute, *as_element]] != [value]:
            yield f"XMP does not say {name} {value}"
    if not xmp.xpath("//dc:title/rdf:Alt/rdf:li/text()", namespaces=XMP):
        yield "XMP says no title"


def _said_of_itself(root: DictionaryObject) -> Iterator[str]:
    if not str(root.get("/Lang", "")).startswith("pl"):
        yield "the language is not Polish"
    if not _object(root.get("/ViewerPreferences", {})).get("/DisplayDocTitle"):
        yield "the title is not displayed"
    if not _object(root.get("/MarkInfo", {})).get("/Marked"):
        yield "not marked as tagged"
    intents = [_object(one) for one in _object(root.get("/OutputIntents", []))]
    if not any("/DestOutputProfile" in one for one in intents):
        yield "no output intent"


def _attachments(reader: PdfReader, attached: Mapping[str, bytes]) -> Iterator[str]:
    if {name: b"".join(data) for name, data in reader.attachments.items()} != dict(attached):
        yield f"carries {sorted(reader.attachments)} instead of {sorted(attached)}, or other bytes"
    files = [_object(one) for one in _object(reader.root_object.get("/AF", []))]
    if len(files) != len(attached) or not all("/AFRelationship" in one and "/UF" in one for one in files):
        yield "an attached file without its relationship"


def _headings(tree: Sequence[DictionaryObject]) -> Iterator[str]:
    levels = [HEADINGS.index(kind) for node in tree if (kind := node["/S"]) in HEADINGS]
    if not levels or levels[0] != 0:
        yield "the first heading is not of level 1"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "a level of headings is left out"


def _tables(tree: Sequence[DictionaryObject]) -> Iterator[str]:
    for table in (node for node in tree if node["/S"] == "/Table"):
        rows = [row for row in _below(table) if row["/S"] == "/TR"]
        heads = [cell for row in rows for cell in _kids(row) if cell.get("/S") == "/TH"]
        if not heads:
            yield "a table without header cells"
        if not all(_attribute(cell, "/Scope") for cell in heads):
            yield "a header cell without its scope"
        if len(set(_widths(rows))) > 1:
            yield f"a table whose rows have {sorted(set(_widths(rows)))} columns"


def _widths(rows: Sequence[DictionaryObject]) -> list[int]:
    """How many columns each row has, cells from the rows above counted."""
    widths, below = [], [0] * len(rows)
    for at, row in enumerate(rows):
        cells = [(int(_attribute(c, "/ColSpan") or 1), int(_attribute(c, "/RowSpan") or 1)) for c in _kids(row)]
        widths.append(below[at] + sum(columns for columns, _ in cells))
        for columns, deep in cells:
            for later in range(at + 1, min(at + deep, len(rows))):
                below[later] += columns
    return widths


def _attribute(node: DictionaryObject, name: str) -> Any:
    given = _object(node.get("/A", []))
    listed = given if isinstance(given, list) else [given]
    return next((_object(one)[name] for one in listed if name in _object(one)), None)


def _figures(tree: Sequence[DictionaryObject]) -> Iterator[str]:
    for node in tree:
        if node["/S"] in ("/Figure", "/Formula") and not str(node.get("/Alt", "")).strip():
            yield "a picture without words"


def _lists(tree: Sequence[DictionaryObject]) -> Iterator[str]:
    for node in tree:
        kinds = {kid.get("/S") for kid in _kids(node)}
        if node["/S"] == "/L" and not kinds <= {"/LI", "/Caption"}:
            yield "a list of something else than items"
        if node["/S"] == "/LI" and "/LBody" not in kinds:
            yield "an item of a list without its body"


def _parent_tree(root: DictionaryObject) -> dict[int, Any]:
    found: dict[int, Any] = {}
    queue = [_object(_object(root["/StructTreeRoot"])["/ParentTree"])]
    while queue:
        node = queue.pop()
        queue += [_object(kid) for kid in node.get("/Kids", [])]
        numbers = _object(node.get("/Nums", []))
        found |= {int(numbers[at]): _object(numbers[at + 1]) for at in range(0, len(numbers), 2)}
    return found


def _page(page: PageObject, parents: Mapping[int, Any]) -> Iterator[str]:
    marked, loose = _marked_content(page)
    if loose:
        yield "something is drawn that is neither tagged nor an artifact"
    known = parents.get(int(page.get("/StructParents", -1)), [])
    if any(place >= len(known) or not _object(known[place]) for place in marked):
        yield "tagged content that the structure does not know"
    annotations = [_object(one) for one in _object(page.get("/Annots", []))]
    if annotations and page.get("/Tabs") != "/S":
        yield "the tab order is not that of the structure"
    for one in annotations:
        yield from _annotation(one, page, parents)
    yield from _fonts(page)


def _marked_content(page: PageObject) -> tuple[set[int], bool]:
    """The numbers of tagged content on the page, and whether anything is drawn outside of all marks."""
    content = page.get_contents()
    operations = ContentStream(content, page.pdf).operations if content is not None else []
    open_marks, numbers, loose = 0, set(), False
    for operands, operator in operations:
        if operator in (b"BDC", b"BMC"):
            open_marks += 1
            said = _object(operands[1]) if operator == b"BDC" else {}
            numbers |= {int(said["/MCID"])} if "/MCID" in said else set()
        elif operator == b"EMC":
            open_marks -= 1
        elif operator in PAINTING and open_marks == 0:
            loose = True
    return numbers, loose


def _annotation(one: DictionaryObject, page: PageObject, parents: Mapping[int, Any]) -> Iterator[str]:
    if one["/Subtype"] == "/Widget":
        if not (_off_the_page(one, page) or int(one.get("/F", 0)) & HIDDEN):
            yield "a form field that can be seen"
        return
    if not str(one.get("/Contents", "")).strip():
        yield "a link without words"
    parent = _object(parents.get(int(one.get("/StructParent", -1))))
    if not parent or parent.get("/S") != "/Link":
        yield "a link that is not in the structure"


def _off_the_page(one: DictionaryObject, page: PageObject) -> bool:
    left, bottom, right, top = (float(value) for value in one["/Rect"])
    box = page.cropbox
    empty = left == right or bottom == top
    return empty or right <= box.left or left >= box.right or top <= box.bottom or bottom >= box.top


def _fonts(resources_of: DictionaryObject, depth: int = 0) -> Iterator[str]:
    resources = _object(resources_of.get("/Resources", {}))
    for font in map(_object, _object(resources.get("/Font", {})).values()):
        inner = _object(_object(font["/DescendantFonts"])[0]) if "/DescendantFonts" in font else font
        descriptor = _object(inner.get("/FontDescriptor", {}))
        if not any(name in descriptor for name in FONT_FILES) and inner.get("/Subtype") != "/Type3":
            yield f"the font {font.get('/BaseFont')} is not embedded"
        if "/ToUnicode" not in font:
            yield f"the letters of the font {font.get('/BaseFont')} have no meaning"
    forms = [_object(one) for one in _object(resources.get("/XObject", {})).values()]
    for form in (one for one in forms if one.get("/Subtype") == "/Form" and depth < len(HEADINGS)):
        yield from _fonts(form, depth + 1)
