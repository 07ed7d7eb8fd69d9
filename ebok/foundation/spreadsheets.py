"""CSV for people: opens right in a Polish spreadsheet, and no cell of it can run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

BOM: Final = "\ufeff"
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | Decimal | date | int | None


def csv_lines(*, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a CSV file line by line: `;`, CRLF, UTF-8 mark, decimal comma. Text that looks like a formula is quoted."""
    writer = csv.writer(_Line(), delimiter=";", quoting=csv.QUOTE_MINIMAL)
    yield BOM + str(writer.writerow(header))
    for row in rows:
        yield str(writer.writerow([cell_text(cell) for cell in row]))


def cell_text(cell: Cell) -> str:
    """Write one cell: numbers and days stay what they are, risky text gets an apostrophe before it."""
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
    return f"'{cell}" if cell.startswith(RISKY) else cell


class _Line:
    """Gives back what is written to it, so that lines can be streamed."""

    def write(self, text: str) -> str:
        return text
