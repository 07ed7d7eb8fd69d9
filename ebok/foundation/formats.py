"""How money, numbers, dates and periods read in Polish. The only place that formats them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from ebok.kernel.money import money
from ebok.kernel.periods import Period

NBSP = "\u00a0"
MONTHS_GENITIVE = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
)  # fmt: skip

_MINUTES_READ = 90


def grouped(text: str) -> str:
    """Group the digits of a whole number by threes with no-break spaces."""
    return f"{int(text):,}".replace(",", NBSP)


def decimal_number(value: Decimal, *, places: int | None = None) -> str:
    """Write a number with a decimal comma; without `places`, as many as it needs."""
    value = round(value, places) if places is not None else value.normalize()
    sign = "−" if value < 0 else ""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    return sign + grouped(whole) + (f",{fraction}" if fraction else "")


def zloty(amount: Decimal) -> str:
    """Write an amount as `1 234,56 zł` with no-break spaces; a minus sign when below zero."""
    return decimal_number(money(amount), places=2) + NBSP + "zł"


def unit_price(rate: Decimal) -> str:
    """Write a price of one unit with at least two decimals and as many as it has: `5,27 zł`, `5,2712 zł`."""
    exponent = int(rate.normalize().as_tuple().exponent)
    return decimal_number(rate, places=max(2, -exponent)) + NBSP + "zł"


def cubic_metres(volume: Decimal) -> str:
    """Write a volume as `12,5 m³`."""
    return decimal_number(volume) + NBSP + "m³"


def short_date(day: date) -> str:
    """Write a day as `22.11.2026`."""
    return f"{day:%d.%m.%Y}"


def long_date(day: date) -> str:
    """Write a day as `22 listopada 2026`."""
    return f"{day.day}{NBSP}{MONTHS_GENITIVE[day.month - 1]}{NBSP}{day.year}"


def moment(at: datetime) -> str:
    """Write a moment as `22.11.2026, 06:00` in the utility's time zone."""
    return f"{timezone.localtime(at):%d.%m.%Y, %H:%M}"


def counted(number: int, *, one: str, few: str, many: str) -> str:
    """Write a number with its noun in the right form: `1 minutę`, `3 minuty`, `12 minut`."""
    last, tens = number % 10, number % 100
    word = one if number == 1 else few if last in {2, 3, 4} and tens not in {12, 13, 14} else many
    return f"{grouped(str(number))}{NBSP}{word}"


def waiting_time(wait: timedelta) -> str:
    """Write how long to wait, never too short: whole minutes up to an hour and a half, then whole hours."""
    minutes = max(-(-wait // timedelta(minutes=1)), 1)
    if minutes <= _MINUTES_READ:
        return counted(minutes, one="minutę", few="minuty", many="minut")
    return counted(-(-wait // timedelta(hours=1)), one="godzinę", few="godziny", many="godzin")


def period_words(period: Period) -> str:
    """Write a period as `od 1.08.2026 do 30.09.2026`, both days included."""
    return f"od{NBSP}{short_date(period.start)} do{NBSP}{short_date(period.last_day)}"


def nrb_groups(nrb: str) -> str:
    """Write an NRB as people read it: two digits, then groups of four."""
    return NBSP.join([nrb[:2], *(nrb[i : i + 4] for i in range(2, len(nrb), 4))])
