"""Reads invoice files ahead of their booking: beside it, in other processes, when there are many.

Reading is arithmetic (parsing, the XSD, writing the content), booking mostly waits for the database and
the disk, so the two overlap. What is ahead is bounded, so memory does not grow with the input.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from typing import Final

from ebok.billing.domain.codec import to_json
from ebok.billing.domain.invoices import InvoiceFacts, facts_of
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.foundation.utility import utility
from ebok.interchange.operations.invoices.offered import is_pdf
from ebok.interchange.ports import InvoiceReader
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

MAX_XML_BYTES: Final = 3 * 1024 * 1024
CHUNK_FILES: Final = 250
"""Files handed over at once; fewer than this are read here."""
CHUNK_BYTES: Final = 8 * 1024 * 1024
CHUNKS_AHEAD: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file and its bytes, or why they cannot be had; a PDF is not opened yet."""

    file: SourceFile
    data: bytes = b""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInvoice:
    """What was found in one FA(3) file: what booking asks, the whole content, the hash of the bytes."""

    facts: InvoiceFacts
    content: str
    sha256: bytes


Outcome = ReadInvoice | Refusal | None
"""None for a file that is no invoice: a PDF."""


def read_ahead(files: Iterable[SourceFile], *, crew: Executor) -> Iterator[tuple[Sheet, Outcome]]:
    """Yield every file with what was found in it, in the order given."""
    chunks = _chunks(files)
    first = list(islice(chunks, 2))
    if len(first) > 1:
        yield from _read_by(crew, chain(first, chunks))
        return
    for chunk in first:
        yield from zip(chunk, map(_outcome, chunk), strict=True)


def _read_by(crew: Executor, chunks: Iterator[list[Sheet]]) -> Iterator[tuple[Sheet, Outcome]]:
    ahead: deque[tuple[list[Sheet], Future[list[ReadInvoice | Refusal]]]] = deque()
    for chunk in chunks:
        ahead.append((chunk, crew.submit(_read_all, [sheet.data for sheet in chunk if _to_read(sheet)])))
        if len(ahead) > CHUNKS_AHEAD:
            yield from _joined(*ahead.popleft())
    while ahead:
        yield from _joined(*ahead.popleft())


def _joined(chunk: list[Sheet], read: "Future[list[ReadInvoice | Refusal]]") -> Iterator[tuple[Sheet, Outcome]]:
    found = iter(read.result())
    for sheet in chunk:
        yield sheet, next(found) if _to_read(sheet) else sheet.refusal


def _chunks(files: Iterable[SourceFile]) -> Iterator[list[Sheet]]:
    chunk: list[Sheet] = []
    size = 0
    for file in files:
        sheet = _sheet(file)
        chunk.append(sheet)
        size += len(sheet.data)
        if len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _sheet(file: SourceFile) -> Sheet:
    if is_pdf(file):
        return Sheet(file=file)
    try:
        return Sheet(file=file, data=file.read(limit=MAX_XML_BYTES))
    except UnableToTake as unable:
        return Sheet(file=file, refusal=unable.refusal)


def _to_read(sheet: Sheet) -> bool:
    return sheet.refusal is None and not is_pdf(sheet.file)


def _outcome(sheet: Sheet) -> Outcome:
    return _read(sheet.data) if _to_read(sheet) else sheet.refusal


def _read_all(contents: Sequence[bytes]) -> list[ReadInvoice | Refusal]:
    return [_read(data) for data in contents]


def _read(data: bytes) -> ReadInvoice | Refusal:
    """Read one FA(3) file of this utility, or say why it is not taken."""
    try:
        invoice = adapter(InvoiceReader).read(data)
    except UnableToTake as unable:
        return unable.refusal
    if invoice.seller.nip != utility().nip:
        return Refusal(
            code=RefusalCode.WRONG_SELLER,
            reason=f"Fakturę wystawił sprzedawca o NIP {invoice.seller.nip}, a nie {utility().nip}. Wczytaj swoje.",
        )
    return ReadInvoice(facts=facts_of(invoice), content=to_json(invoice), sha256=sha256(data).digest())
