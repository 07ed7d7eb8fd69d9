"""Money in złoty: `Decimal` with two places, rounded half up."""

from decimal import ROUND_HALF_UP, Decimal

GROSZ = Decimal("0.01")
ZERO = Decimal("0.00")


def money(value: Decimal | int | str) -> Decimal:
    """Return `value` złoty rounded half up to the grosz.

    :raises decimal.InvalidOperation: when `value` is no finite number.
    """
    return Decimal(value).quantize(GROSZ, rounding=ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """Write an amount for machines: two decimals, a dot, no grouping."""
    return f"{money(amount):.2f}"
