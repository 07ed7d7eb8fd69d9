"""What was offered: an invoice as read, with the PDF beside it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ebok.billing.domain.invoices import InvoiceFacts, InvoiceKind
from ebok.foundation.intake import SourceFile, file_at
from ebok.kernel.refusals import RefusalCode, UnableToTake

MAX_PDF_BYTES: Final = 10 * 1024 * 1024
PDF_MARK: Final = b"%PDF-"
PDF_SUFFIXES: Final = (".pdf", ".PDF", ".Pdf")
InvoiceKey = tuple[str, InvoiceKind]


@dataclass(slots=True, kw_only=True)
class OfferedInvoice:
    """One file with an invoice: its bytes, their hash, what is in it, and its PDF when there is one."""

    file: str
    data: bytes
    sha256: bytes
    facts: InvoiceFacts
    content: str
    pdf: bytes | None = None

    @property
    def key(self) -> InvoiceKey:
        """What makes an invoice one of its kind."""
        return self.facts.number, self.facts.kind

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return len(self.data) + len(self.content) + len(self.pdf or b"")


def stem(name: str) -> str:
    """The name of a file without its suffix, as given (`a.zip!b` for `a.zip!b.xml`)."""
    return name.rpartition(".")[0]


def is_pdf(file: SourceFile) -> bool:
    """Say whether the file's name is a PDF's."""
    return file.name.lower().endswith(".pdf")


def read_pdf(file: SourceFile) -> bytes:
    """Read the PDF of an invoice.

    :raises UnableToTake: `too_large`, or `bad_encoding` when it is no PDF.
    """
    data = file.read(limit=MAX_PDF_BYTES)
    if not data.startswith(PDF_MARK):
        raise UnableToTake(RefusalCode.BAD_ENCODING, "Ten plik nie jest dokumentem PDF. Zapisz go jeszcze raz.")
    return data


def pdf_beside(file: SourceFile, names: dict[str, frozenset[str]]) -> SourceFile | None:
    """The PDF of the same stem in the same folder, when the invoice was named alone.

    `names` remembers what lies in each folder, so that a folder of many invoices is listed once.
    """
    if not file.path:
        return None
    beside = os.path.splitext(file.path)[0]  # noqa: PTH122
    folder, name = os.path.split(beside)
    if folder not in names:
        at = Path(folder or os.curdir)
        names[folder] = frozenset(entry.name for entry in at.iterdir()) if at.is_dir() else frozenset()
    found = next((suffix for suffix in PDF_SUFFIXES if name + suffix in names[folder]), None)
    return None if found is None else file_at(beside + found)
