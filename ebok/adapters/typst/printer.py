"""Invoices to be printed and posted, in one file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from pypdf import PageObject, PdfReader

from ebok.adapters.typst.compiler import TypstCompiler
from ebok.adapters.typst.content import content
from ebok.adapters.typst.joined import JoinedFile
from ebok.adapters.typst.supplied import supplied_pages
from ebok.einvoicing.domain.printing import PrintCover, PrintItem
from ebok.foundation.formats import counted, long_date

DRAWN_AT_ONCE: Final = 2
"""So many invoices are one compile. Typst keeps what the last ten compiles made, some 4 MB for each invoice."""
ONE_SIDE: Final = "Drukuj po jednej stronie kartki: na odwrocie listu nie może być cudzej faktury."
BOTH_SIDES: Final = "Drukuj po obu stronach kartki: każda faktura zaczyna się na nowej kartce."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some invoices made together: drawn, or the pages that were supplied; `counts` are the pages of each."""

    titles: tuple[str, ...]
    counts: tuple[int, ...]
    drawn: bytes = b""
    supplied: tuple[PageObject, ...] = ()

    def put_into(self, joined: JoinedFile) -> None:
        """Add the pages to the file."""
        if self.supplied:
            joined.add_untagged(self.supplied, title=self.titles[0])
        else:
            joined.add(self.drawn, pages=self.counts, titles=self.titles)


class TypstInvoicePrinter:
    """Sets a batch with the compiler it is given, or one of its own; safe to share between threads.

    Our own invoices are drawn anew from their data, some at a time, and joined to one tagged file. Typst takes no PDF
    into a PDF/A file, and a picture of a supplied invoice would be another rendering of *the* document: so supplied
    pages are put in as they are, and a batch that has any carries no marks of PDF/A and PDF/UA.
    """

    def __init__(self, compiler: TypstCompiler | None = None) -> None:
        self.compiler = compiler or TypstCompiler()

    def batch(self, *, cover: PrintCover, documents: Sequence[PrintItem]) -> bytes:
        """Return the file, dated by the day the batch was made.

        :raises UnableToPrintSupplied: when a supplied PDF cannot be read, or has no page.
        """
        parts = [self._part(run, cover) for run in _runs(documents)]
        counts = [count for part in parts for count in part.counts]
        joined = JoinedFile(self._list(cover, documents, counts), both_sides=cover.both_sides)
        for part in parts:
            part.put_into(joined)
        return joined.made()

    def _part(self, run: Sequence[PrintItem], cover: PrintCover) -> _Part:
        titles = tuple(item.number for item in run)
        if run[0].supplied_pdf:
            pages = supplied_pages(run[0])
            return _Part(titles=titles, counts=(len(pages),), supplied=tuple(pages))
        page = _said(cover) | {"invoices": [content(item.document, with_file=False) for item in run]}
        drawn = self._compiled("invoices.typ", page, cover.made_on)
        return _Part(titles=titles, counts=_page_counts(drawn), drawn=drawn)

    def _list(self, cover: PrintCover, documents: Sequence[PrintItem], pages: Sequence[int]) -> bytes:
        invoices = counted(len(documents), one="faktura", few="faktury", many="faktur")
        printed = counted(sum(pages), one="strona", few="strony", many="stron")
        page = _said(cover) | {
            "brand": cover.office.short_name,
            "count": f"{invoices}, {printed} bez tej listy.",
            "how": BOTH_SIDES if cover.both_sides else ONE_SIDE,
            "rows": [_row(*one) for one in zip(range(1, len(pages) + 1), documents, pages, strict=True)],
        }
        return self._compiled("batch.typ", page, cover.made_on)

    def _compiled(self, template: str, page: dict[str, Any], day: date) -> bytes:
        return self.compiler.compile(template, inputs=self.compiler.inputs(page), dated=day)


def _runs(documents: Sequence[PrintItem]) -> Iterator[Sequence[PrintItem]]:
    """The invoices in their order, cut into what is made at once: a supplied one alone, drawn ones together."""
    start = 0
    for at in range(1, len(documents) + 1):
        alone = at == len(documents) or documents[at].supplied_pdf or documents[start].supplied_pdf
        if alone or at - start == DRAWN_AT_ONCE:
            yield documents[start:at]
            start = at


def _said(cover: PrintCover) -> dict[str, Any]:
    day = cover.made_on
    return {
        "title": f"Partia wydruku {cover.batch} z {long_date(day)}",
        "author": cover.office.name,
        "date": {"year": day.year, "month": day.month, "day": day.day},
    }


def _row(place: int, item: PrintItem, pages: int) -> list[str]:
    to = item.recipient
    where = (
        [to.address.postal_code, to.address.city, to.address.place] if to.address else ["–", "–", ", ".join(to.lines)]
    )
    return [str(place), *where, to.name, item.number, str(pages)]


def _page_counts(drawn: bytes) -> tuple[int, ...]:
    """How many pages each invoice has: each begins at a bookmark of its own."""
    reader = PdfReader(BytesIO(drawn))
    starts = [reader.get_destination_page_number(mark) or 0 for mark in reader.outline if not isinstance(mark, list)]
    return tuple(end - start for start, end in zip(starts, [*starts[1:], len(reader.pages)], strict=True))
