"""Rows of an invoice's lines for its page: plain words, one dataclass a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ebok.billing.domain.invoices import InvoiceLine
from ebok.billing.domain.visualization import CorrectedLine, corrected_lines
from ebok.billing.domain.wording import unit_words, vat_rate_words
from ebok.foundation.formats import NBSP, decimal_number, unit_price, zloty

NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line, or one state of a corrected line. What is not printed is a dash."""

    name: str
    quantity: str
    rate: str
    value: str
    vat: str
    state: str = ""


def line_rows(lines: Sequence[InvoiceLine]) -> tuple[LineRow, ...]:
    """The lines as printed."""
    return tuple(_row(line) for line in lines)


def change_rows(lines: Sequence[InvoiceLine]) -> tuple[LineRow, ...]:
    """The lines of a correction: before, after and the difference of each."""
    return tuple(row for pair in corrected_lines(lines) for row in _states(pair))


def _states(pair: CorrectedLine) -> Iterator[LineRow]:
    if pair.before:
        yield _row(pair.before, state="przed korektą")
    if pair.after:
        yield _row(pair.after, state="po korekcie")
    if pair.before and pair.after:
        yield _difference(pair.before, pair.after)


def _row(line: InvoiceLine, *, state: str = "") -> LineRow:
    value = _value(line)
    return LineRow(
        name=line.description,
        quantity=_quantity(line.quantity, line.unit),
        rate=unit_price(line.unit_rate) if line.unit_rate is not None else NOTHING,
        value=zloty(value) if value is not None else NOTHING,
        vat=vat_rate_words(line.vat_rate) or NOTHING,
        state=state,
    )


def _difference(before: InvoiceLine, after: InvoiceLine) -> LineRow:
    countable = before.quantity is not None and after.quantity is not None and before.unit == after.unit
    quantity = (after.quantity or 0) - (before.quantity or 0) if countable else None
    old, new = _value(before), _value(after)
    return LineRow(
        name=after.description,
        quantity=_quantity(Decimal(quantity), after.unit) if quantity is not None else NOTHING,
        rate=NOTHING,
        value=zloty(new - old) if old is not None and new is not None else NOTHING,
        vat=NOTHING,
        state="różnica",
    )


def _quantity(quantity: Decimal | None, unit: str | None) -> str:
    return f"{decimal_number(quantity)}{NBSP}{unit_words(unit)}".strip() if quantity is not None else NOTHING


def _value(line: InvoiceLine) -> Decimal | None:
    return line.net_total if line.net_total is not None else line.gross_total
