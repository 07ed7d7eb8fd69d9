"""Readings and use of an invoice: a table, a sentence and bars that say the same."""

from decimal import Decimal
from typing import Any, Final

from ebok.billing.domain.use import MeterUse, UseOfMeter
from ebok.foundation.formats import NBSP, counted, cubic_metres, decimal_number, short_date

BESIDE_AT_MOST: Final = 2
"""So many meters stand beside the sums; more take the whole width."""
BARS_AT_MOST: Final = 4


def consumption(use: tuple[UseOfMeter, ...]) -> dict[str, Any] | None:
    """Return the readings as rows, and a picture for each meter whose period before is known: all of one scale."""
    if not use:
        return None
    compared = [one for one in use if one.before is not None]
    drawn = compared if len(compared) <= BARS_AT_MOST else []
    most = max((volume for one in compared for volume in _volumes(one)), default=Decimal(0)) or Decimal(1)
    return {
        "rows": [_row(one) for one in use],
        "bars": [_bars(one, most=most, several=len(use) > 1) for one in drawn],
        "beside": len(use) <= BESIDE_AT_MOST,
        "compared": bool(compared),
    }


def _row(one: UseOfMeter) -> dict[str, Any]:
    now, before = one.now, one.before
    return {
        "meter": now.serial_number,
        "readings": [
            [decimal_number(now.first_m3), short_date(now.since)],
            [decimal_number(now.last_m3), short_date(now.until)],
        ],
        "volume": cubic_metres(now.volume_m3),
        "before": cubic_metres(before.volume_m3) if before else "–",
    }


def _volumes(one: UseOfMeter) -> tuple[Decimal, Decimal]:
    return one.now.volume_m3, (one.before or one.now).volume_m3


def _bars(one: UseOfMeter, *, most: Decimal, several: bool) -> dict[str, Any]:
    now, before = one.now, one.before or one.now
    name = f"Wodomierz {now.serial_number}: " if several else ""
    said = f"{_said(now)}, poprzednio {_said(before)}"
    return {
        "rows": [_bar(f"Teraz, {_days(now)}", now, most), _bar(f"Poprzednio, {_days(before)}", before, most)],
        "alt": f"Wykres zużycia wody. {name}{said}.",
        "sentence": _sentence(name + _difference(now, before)),
    }


def _bar(label: str, use: MeterUse, most: Decimal) -> dict[str, Any]:
    return {"label": label, "part": float(round(use.volume_m3 / most, 4)), "value": cubic_metres(use.volume_m3)}


def _said(use: MeterUse) -> str:
    return f"{cubic_metres(use.volume_m3)} w {_days(use)}"


def _days(use: MeterUse) -> str:
    return counted(use.days, one="dzień", few="dni", many="dni")


def _difference(now: MeterUse, before: MeterUse) -> str:
    change = now.volume_m3 - before.volume_m3
    if change == 0:
        return "tyle samo co poprzednio."
    return f"o{NBSP}{cubic_metres(abs(change))} {'więcej' if change > 0 else 'mniej'} niż poprzednio."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
