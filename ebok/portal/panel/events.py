"""What happened last: invoices, payments and readings in one list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from ebok.billing.domain.overview import BookedPayment, InvoiceRow
from ebok.billing.domain.wording import KIND
from ebok.foundation.formats import cubic_metres, short_date, zloty
from ebok.metering.domain.readings import ReadingSource, StoredReading

SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, in words, with the amount at the end."""

    day: date
    title: str
    url: str
    note: str
    icon: str
    end: str


def last_events(
    *, invoices: Iterable[InvoiceRow], payments: Iterable[BookedPayment], readings: Iterable[StoredReading]
) -> list[Event]:
    """The newest few of all, newest first."""
    everything = [*_of_invoices(invoices), *_of_payments(payments), *_of_readings(readings)]
    return sorted(everything, key=lambda event: event.day, reverse=True)[:SHOWN]


def _of_invoices(rows: Iterable[InvoiceRow]) -> Iterator[Event]:
    for row in rows:
        yield Event(
            day=row.issue_date, title=f"{KIND[row.kind]} {row.number}", url=reverse("invoice", args=[row.id]),
            note=short_date(row.issue_date), icon="invoice", end=zloty(row.gross_total),
        )  # fmt: skip


def _of_payments(rows: Iterable[BookedPayment]) -> Iterator[Event]:
    for row in rows:
        yield Event(
            day=row.booked_on, title="Wpłata", url=reverse("ledger_entry", args=[row.entry_id]),
            note=short_date(row.booked_on), icon="check", end=zloty(row.amount),
        )  # fmt: skip


def _of_readings(rows: Iterable[StoredReading]) -> Iterator[Event]:
    for row in rows:
        title = "Szacowany stan wodomierza" if row.source is ReadingSource.ESTIMATE else "Odczyt wodomierza"
        yield Event(
            day=row.read_on, title=title, url=reverse("readings"),
            note=f"{short_date(row.read_on)}, nr {row.serial_number}", icon="meter", end=cubic_metres(row.value_m3),
        )  # fmt: skip
