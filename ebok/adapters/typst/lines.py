"""Rows of an invoice's lines, and of a correction's pairs, as strings."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ebok.billing.domain.invoices import InvoiceLine
from ebok.billing.domain.visualization import CorrectedLine, corrected_lines
from ebok.billing.domain.wording import unit_words, vat_rate_words
from ebok.foundation.formats import decimal_number, short_date, unit_price, zloty


def plain_lines(lines: Sequence[InvoiceLine]) -> list[list[str]]:
    """Return a row for each line: number, name, and its figures."""
    return [[str(line.number), named(line), *figures(line)] for line in lines]


def named(line: InvoiceLine) -> str:
    """The line's name, with its own day and discount when it prints them."""
    more = [f"data {short_date(line.supply_date)}"] if line.supply_date else []
    more += [f"rabat {zloty(line.discount)}"] if line.discount else []
    return f"{line.description} ({', '.join(more)})" if more else line.description


def change_groups(lines: Sequence[InvoiceLine]) -> list[dict[str, Any]]:
    """Return each corrected line with its rows: as it was, as it is, and the difference when both are printed."""
    return [_group(pair) for pair in corrected_lines(lines)]


def figures(line: InvoiceLine) -> list[str]:
    """Quantity, unit, unit price, value (net, or gross when only that is printed), VAT rate."""
    return [
        decimal_number(line.quantity) if line.quantity is not None else "",
        unit_words(line.unit),
        unit_price(line.unit_rate) if line.unit_rate is not None else "",
        zloty(value) if (value := value_of(line)) is not None else "",
        vat_rate_words(line.vat_rate),
    ]


def value_of(line: InvoiceLine) -> Decimal | None:
    """The line's net value, or gross when it prints no net one."""
    return line.net_total if line.net_total is not None else line.gross_total


def _group(pair: CorrectedLine) -> dict[str, Any]:
    rows = [["przed", *figures(pair.before)]] if pair.before else []
    rows += [["po", *figures(pair.after)]] if pair.after else []
    rows += [_difference(pair.before, pair.after)] if pair.before and pair.after else []
    line = pair.after or pair.before
    return {"name": named(line) if line else "", "rows": rows}


def _difference(before: InvoiceLine, after: InvoiceLine) -> list[str]:
    quantity = ""
    if before.quantity is not None and after.quantity is not None and before.unit == after.unit:
        quantity = decimal_number(after.quantity - before.quantity)
    old, new = value_of(before), value_of(after)
    value = zloty(new - old) if old is not None and new is not None else ""
    return ["różnica", quantity, unit_words(after.unit) if quantity else "", "", value, ""]
