"""What interchange needs from outside: readers of the billing system's files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from ebok.billing.domain.invoices import IssuedInvoice, OfficialReceipt
from ebok.interchange.domain import TableRow
from ebok.kernel.refusals import Refusal


class InvoiceReader(Protocol):
    """Reads one FA(3) file."""

    def read(self, data: bytes) -> IssuedInvoice:
        """Return the invoice in the file.

        :raises ebok.kernel.refusals.UnableToTake: `not_xml`, `doctype`, `schema_invalid`,
            `unsupported_kind`, `currency`, `conservation` (Σ net + Σ VAT ≠ P_15), `bad_iban`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceipt:
    """What a KSeF receipt says: the documents it names, and a refusal for each that cannot be true."""

    documents: tuple[OfficialReceipt, ...]
    refused: tuple[Refusal, ...]


class ReceiptReader(Protocol):
    """Reads one KSeF receipt (UPO v4-2 or v4-3)."""

    def read(self, data: bytes) -> ReadReceipt:
        """Return the documents the receipt names; a KSeF number's checksum is verified.

        A document that cannot be true is refused alone, with the line it begins on: `schema_invalid`,
        `bad_number`, `bad_nip`, `bad_date`.

        :raises ebok.kernel.refusals.UnableToTake: `too_large`, `not_xml`, `doctype`, `schema_invalid`.
        """
        ...


class TableReader(Protocol):
    """Reads a CSV file of any of the encodings and separators in use."""

    def read(
        self,
        stream: BinaryIO,
        *,
        required: frozenset[str],
        known: frozenset[str],
        notice: Callable[[str], None] | None = None,
    ) -> Iterator[TableRow]:
        """Yield the rows below the header, one at a time; memory does not grow with the file.

        `known` columns are given (the required ones always); others are left out and told to `notice`
        in one Polish sentence. A damaged row has its `fault` set and spoils no other.

        :raises ebok.kernel.refusals.UnableToTake: `missing_column`, `bad_encoding`, `too_large`.
        """
        ...
