"""The one place that reads the clock. Faces call it and hand `now` or `today` down."""

from datetime import date, datetime, time

from django.utils import timezone


def now() -> datetime:
    """The current moment, with zone (UTC)."""
    return timezone.now()


def today() -> date:
    """The current day in the utility's time zone."""
    return timezone.localdate()


def day_start(day: date) -> datetime:
    """The midnight with which a day of the utility's time zone begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
