"""What einvoicing needs from outside: a seal for documents, and somebody who sets what is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ebok.einvoicing.domain.printing import PrintCover, PrintItem
from ebok.einvoicing.domain.receipts import ConsentReceipt


class SealVerdict(StrEnum):
    """What a file's seal says of it."""

    OURS = "ours"
    """Sealed by this utility, and not one byte changed since."""
    ALTERED = "altered"
    """It bears our seal, but was changed after it was put on, or does not cover the whole file."""
    NOT_OURS = "not_ours"
    """No seal, or somebody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFinding:
    """The verdict on one file; `sealed_at` is what our own seal says, None without one."""

    verdict: SealVerdict
    sealed_at: datetime | None = None


class SealUnavailable(Exception):
    """Nothing can be sealed now; the text is a Polish sentence for the office."""


class UnableToSeal(ValueError):
    """These bytes cannot be sealed; the text is a Polish sentence for the office."""


class DocumentSeal(Protocol):
    """Puts the utility's electronic seal (PAdES) on PDF files and reads it back."""

    def seal(self, pdf: bytes, *, now: datetime) -> bytes:
        """Return the file with the seal added as an incremental update: its own bytes stay as they are.

        :raises SealUnavailable: when there is no key to seal with.
        :raises UnableToSeal: when the bytes are no PDF that can be sealed.
        """
        ...

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of a file says. Takes any bytes from anybody; never raises for what is in them.

        :raises SealUnavailable: when there are no certificates to compare with.
        """
        ...

    def trouble(self, *, now: datetime) -> str:
        """Say in a Polish sentence why nothing can be sealed now; empty when all is well."""
        ...

    def warning(self, *, now: datetime) -> str:
        """Say in Polish what will stop the seal soon, and what to do; empty while nothing does, or once it has."""
        ...


class UnableToPrintSupplied(Exception):
    """A PDF of the billing system cannot be put into a print batch; the text is the number of its invoice."""


class ConsentPapers(Protocol):
    """Sets the papers of consents."""

    def receipt(self, receipt: ConsentReceipt) -> bytes:
        """Return the receipt of an entry as a PDF/A-3a and PDF/UA-1 file. Equal input gives equal bytes."""
        ...


class InvoicePrinter(Protocol):
    """Makes one file of many invoices, to be printed and posted."""

    def batch(self, *, cover: PrintCover, documents: Sequence[PrintItem]) -> bytes:
        """Return one PDF/A-3a and PDF/UA-1 file: the list of the batch, then at least one invoice in the order given.

        Equal input gives equal bytes.

        :raises UnableToPrintSupplied: when the supplied PDF of one cannot be used.
        """
        ...
