"""Days of the demo, all counted from the day it is made for."""

import calendar
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def banking_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + DAY * (7 - day.weekday()) if day.weekday() >= _SATURDAY else day
