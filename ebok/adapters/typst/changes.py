"""What a correction changes, line by line, in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ebok.adapters.typst.lines import value_of
from ebok.billing.domain.invoices import InvoiceLine
from ebok.billing.domain.visualization import corrected_lines
from ebok.billing.domain.wording import unit_words, vat_rate_words
from ebok.foundation.formats import NBSP, decimal_number, unit_price, zloty

SAID_AT_MOST = 12
"""How many lines are said in words; the table shows them all."""


def changed_lines(lines: Sequence[InvoiceLine]) -> list[str]:
    """Return a sentence for each line of a correction that prints its lines before and after."""
    pairs = corrected_lines(lines)
    said = [_sentence(pair.before, pair.after) for pair in pairs[:SAID_AT_MOST]]
    left = len(pairs) - len(said)
    return [*said, f"Pozostałe zmiany są w tabeli: {left}."] if left else said


def _sentence(before: InvoiceLine | None, after: InvoiceLine | None) -> str:
    if before is None or after is None:
        line = after or before
        verb = "nowa pozycja" if before is None else "pozycja usunięta"
        return f"{line.description if line else ''}: {verb}."
    said = ", ".join(_changes(before, after))
    return f"{before.description}: {said or 'bez zmian'}."


def _changes(before: InvoiceLine, after: InvoiceLine) -> Iterator[str]:
    if before.description != after.description:
        yield f"nazwa teraz „{after.description}”"
    if (before.quantity, before.unit) != (after.quantity, after.unit):
        yield f"ilość było {_quantity(before)}, jest {_quantity(after)}"
    if before.unit_rate != after.unit_rate:
        yield f"cena było {_price(before.unit_rate)}, jest {_price(after.unit_rate)}"
    if before.vat_rate != after.vat_rate:
        yield f"stawka VAT było {vat_rate_words(before.vat_rate)}, jest {vat_rate_words(after.vat_rate)}"
    if value_of(before) != value_of(after):
        yield f"wartość było {_value(before)}, jest {_value(after)}"


def _quantity(line: InvoiceLine) -> str:
    if line.quantity is None:
        return "nie podano"
    return f"{decimal_number(line.quantity)}{NBSP}{unit_words(line.unit)}".rstrip(NBSP)


def _price(rate: Decimal | None) -> str:
    return "nie podano" if rate is None else unit_price(rate)


def _value(line: InvoiceLine) -> str:
    value = value_of(line)
    return "nie podano" if value is None else zloty(value)
