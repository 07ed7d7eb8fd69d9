"""The `TableReader` of interchange: a CSV file as rows, one at a time."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from ebok.adapters.registry.encoding import Text, decoded
from ebok.adapters.registry.records import CONTROL, Record, records
from ebok.interchange.domain import TableRow
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

_GAPS: Final = re.compile(r"[\s\u00a0_-]+")


class CsvTableReader:
    """Reads CSV: UTF-8 or Windows-1250, `;` or `,`, columns in any order, header in any case."""

    def read(
        self,
        stream: BinaryIO,
        *,
        required: frozenset[str],
        known: frozenset[str],
        notice: Callable[[str], None] | None = None,
    ) -> Iterator[TableRow]:
        """Yield the rows below the header, one at a time; memory does not grow with the file.

        A row whose cells cannot be told apart has a `fault`; the rows after it are read all the same.

        :raises UnableToTake: `missing_column`, `bad_encoding`, `too_large`.
        """
        text = decoded(stream)
        try:
            yield from _rows(text, required=required, known=known | required, notice=notice)
        finally:
            text.stream.detach()


def _rows(
    text: Text, *, required: frozenset[str], known: frozenset[str], notice: Callable[[str], None] | None
) -> Iterator[TableRow]:
    line, header = _header_line(text.stream)
    separator = ";" if ";" in header else ","
    names = _names(header, separator)
    _check(names, required=required)
    unknown = [name for name in names if name not in known]
    if unknown and notice is not None:
        notice(f"Pominięte kolumny, których eBOK nie zna: {', '.join(n or '(bez nazwy)' for n in unknown)}.")
    for record in records(text, separator=separator, first_line=line + 1):
        row = _row(record, names, known)
        if row is not None:
            yield row


def _header_line(text: io.TextIOWrapper) -> tuple[int, str]:
    for line, content in enumerate(text, start=1):
        if CONTROL.search(content):
            # UTF-16 and files of other programs: there is nothing to read row by row.
            raise UnableToTake(
                RefusalCode.BAD_ENCODING, "To nie jest plik tekstowy w UTF-8 ani Windows-1250. Zapisz go w UTF-8."
            )
        if content.strip():
            return line, content
    raise UnableToTake(RefusalCode.MISSING_COLUMN, "Plik jest pusty. W pierwszym wierszu wpisz nazwy kolumn.")


def _names(header: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([header], delimiter=separator, strict=True))
    except csv.Error as error:
        raise UnableToTake(
            RefusalCode.MISSING_COLUMN,
            "Nie da się odczytać nazw kolumn. Sprawdź cudzysłowy w pierwszym wierszu.",
            line=1,
        ) from error
    names = [_GAPS.sub("_", cell.strip().casefold()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _check(names: list[str], *, required: frozenset[str]) -> None:
    missing = sorted(required.difference(names))
    if missing:
        raise UnableToTake(RefusalCode.MISSING_COLUMN, f"Brakuje kolumn: {', '.join(missing)}. Dodaj je do pliku.")
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise UnableToTake(
            RefusalCode.MISSING_COLUMN, f"Kolumna występuje dwa razy: {', '.join(doubled)}. Zostaw jedną z nich."
        )


def _row(record: Record, names: list[str], known: frozenset[str]) -> TableRow | None:
    cells = record.cells
    if record.fault is None and not any(cells):
        return None
    fault = record.fault or _wrong_width(record, len(names))
    if fault is not None:
        return TableRow(line=record.line, cells={name: "" for name in names if name in known}, fault=fault)
    return TableRow(
        line=record.line,
        cells={name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in known},
    )


def _wrong_width(record: Record, width: int) -> Refusal | None:
    """Say what is wrong with the number of cells; empty ones beyond the header do no harm."""
    cells = record.cells
    if len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return None
    reason = f"Pola w wierszu: {len(cells)}, w nagłówku: {width}. Sprawdź separatory i cudzysłowy."
    return Refusal(code=RefusalCode.MISSING_COLUMN, reason=reason, line=record.line)
