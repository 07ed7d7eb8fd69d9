"""Tagged files made by Typst, joined to one tagged file: what one compile of all of them would give.

Typst keeps some four megabytes for every invoice of a compile, so a large batch is made in parts. Here only what is
in Typst's own files is understood: one `Document` below the root of the structure, and numbers that start anew.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import Any, Final

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

ROOT: Final = "/StructTreeRoot"
NEXT: Final = "/ParentTreeNextKey"
_MARKS: Final = re.compile(rb"<(pdfaid|pdfuaid):(\w+)>[^<]*</\1:\2>")


class JoinedFile:
    """A file that grows by the pages of other files. The first gives its title, its marks and all it says of itself.

    With `both_sides` every document added begins on the front of a sheet.
    """

    def __init__(self, first: bytes, *, both_sides: bool) -> None:
        self._writer = PdfWriter(clone_from=BytesIO(first))
        self._both_sides = both_sides
        self._root = _structure(self._writer.root_object)
        self._document = _only_document(self._root)
        self._parts = 0
        self._end_sheet()

    def add(self, part: bytes, *, pages: Sequence[int], titles: Sequence[str]) -> None:
        """Add a tagged file with its place in the structure: documents of so many pages, each with its bookmark."""
        reader = PdfReader(BytesIO(part))
        root = _structure(reader.root_object)
        offset, self._parts = _whole(self._root[NEXT]), self._parts + 1
        turn = iter(reader.pages)
        for count, title in zip(pages, titles, strict=True):
            its_own = list(islice(turn, count))
            for page, added in zip(its_own, self._add_pages(its_own, title), strict=True):
                _number(added, page, offset)
        self._add_structure(root, offset)
        self._root[NameObject(NEXT)] = NumberObject(offset + _whole(root[NEXT]))

    def add_untagged(self, pages: Sequence[PageObject], *, title: str) -> None:
        """Add pages of another make. From then on the file no longer says that it is archivable and accessible."""
        self._add_pages(pages, title)
        metadata = _object(self._writer.root_object["/Metadata"])
        metadata.set_data(_MARKS.sub(b"", metadata.get_data()))
        mark = _object(self._writer.root_object["/MarkInfo"])
        mark[NameObject("/Suspects")] = BooleanObject(value=True)

    def made(self) -> bytes:
        """The whole file."""
        made = BytesIO()
        self._writer.write(made)
        return made.getvalue()

    def _add_pages(self, pages: Sequence[PageObject], title: str) -> list[PageObject]:
        place = len(self._writer.pages)
        added = [self._writer.add_page(page) for page in pages]
        self._writer.add_outline_item(title=title, page_number=place)
        self._end_sheet()
        return added

    def _end_sheet(self) -> None:
        if self._both_sides and len(self._writer.pages) % 2:
            self._writer.add_blank_page()

    def _add_structure(self, root: DictionaryObject, offset: int) -> None:
        theirs = _array(_only_document(root), "/K")
        for node in theirs:
            del _object(node)["/P"]
        kids = [node.clone(self._writer) for node in theirs]
        for kid in kids:
            _object(kid)[NameObject("/P")] = self._document.indirect_reference
            self._rename(_object(kid))
        _array(self._document, "/K").extend(kids)
        self._add_lookups(root, offset)

    def _add_lookups(self, root: DictionaryObject, offset: int) -> None:
        parents, names = (
            _array(_tree(self._root, "/ParentTree"), "/Nums"),
            _array(_tree(self._root, "/IDTree"), "/Names"),
        )
        for number, node in _pairs(_array(_tree(root, "/ParentTree"), "/Nums")):
            parents.extend([NumberObject(int(number) + offset), _cloned(node, self._writer)])
        for name, node in _pairs(_array(_tree(root, "/IDTree"), "/Names")):
            names.extend([self._named(name), node.clone(self._writer)])

    def _rename(self, node: DictionaryObject) -> None:
        """Give header cells names of their own, and tell the cells below them: Typst counts anew in every file."""
        if "/ID" in node:
            node[NameObject("/ID")] = self._named(node["/ID"])
        for attribute in _listed(node, "/A"):
            if attribute.get("/Headers"):
                named = map(self._named, _array(attribute, "/Headers"))
                attribute[NameObject("/Headers")] = ArrayObject(named)
        for kid in _listed(node, "/K"):
            if "/S" in kid:
                self._rename(kid)

    def _named(self, name: object) -> TextStringObject:
        """Names of later files sort after those of the first, which begin with U."""
        return TextStringObject(f"V{self._parts:06d}{name}")


def _number(added: PageObject, page: PageObject, offset: int) -> None:
    """Give the page its place in the structure, which pypdf leaves out, and move those of its links."""
    if "/StructParents" in page:
        added[NameObject("/StructParents")] = NumberObject(_whole(page["/StructParents"]) + offset)
    for note in _listed(added, "/Annots"):
        if "/StructParent" in note:
            note[NameObject("/StructParent")] = NumberObject(_whole(note["/StructParent"]) + offset)


def _structure(root: DictionaryObject) -> DictionaryObject:
    found: DictionaryObject = _object(root[ROOT])
    return found


def _whole(number: Any) -> int:
    return int(_object(number))


def _only_document(root: DictionaryObject) -> DictionaryObject:
    (document,) = _listed(root, "/K")
    return document


def _listed(node: DictionaryObject, key: str) -> list[DictionaryObject]:
    found = _object(node.get(key, []))
    listed = map(_object, found if isinstance(found, list) else [found])
    return [one for one in listed if isinstance(one, DictionaryObject)]


def _tree(root: DictionaryObject, key: str) -> DictionaryObject:
    if key not in root:
        root[NameObject(key)] = DictionaryObject()
    found: DictionaryObject = _object(root[key])
    return found


def _array(holder: DictionaryObject, key: str) -> ArrayObject:
    if key not in holder:
        holder[NameObject(key)] = ArrayObject()
    found: ArrayObject = _object(holder[key])
    return found


def _pairs(flat: ArrayObject) -> list[tuple[Any, Any]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _cloned(value: Any, writer: PdfWriter) -> Any:
    """What a number leads to: one element, or a list of them."""
    if isinstance(_object(value), DictionaryObject):
        return value.clone(writer)
    return ArrayObject(one.clone(writer) if isinstance(one, IndirectObject) else one for one in _object(value))


def _object(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value
