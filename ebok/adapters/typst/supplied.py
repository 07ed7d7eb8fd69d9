"""Pages of an invoice that the billing system supplied, put into a batch as they are."""

from io import BytesIO
from typing import Final

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from ebok.einvoicing.domain.printing import PrintItem
from ebok.einvoicing.ports import UnableToPrintSupplied

MOST_PAGES: Final = 200
"""An invoice of more pages is a mistake."""
_KEPT: Final = ("/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


def supplied_pages(item: PrintItem) -> list[PageObject]:
    """Return the pages with what is drawn on them, and nothing that acts: no fields, links or scripts.

    :raises UnableToPrintSupplied: when the file cannot be read, or has no page or far too many.
    """
    try:
        pages = list(PdfReader(BytesIO(item.supplied_pdf)).pages)
        # The back of a sheet may well be empty, not the whole file.
        drawn = list(map(_bare, pages))
        sound = len(pages) <= MOST_PAGES and any(drawn)
    # A damaged file makes the reader stumble over whatever stands in the place of a dictionary.
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise UnableToPrintSupplied(item.number) from error
    if not sound:
        raise UnableToPrintSupplied(item.number)
    return pages


def _bare(page: DictionaryObject) -> bool:
    """Leave of a page what is drawn; whether anything is."""
    for key in [key for key in page if key not in _KEPT]:
        del page[key]
    return "/Contents" in page
