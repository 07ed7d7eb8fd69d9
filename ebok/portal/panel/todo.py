"""Things to do on the panel, the most pressing first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from ebok.billing.domain.overview import AccountBalance
from ebok.foundation.formats import long_date, short_date, zloty
from ebok.metering.domain.readings import InstalledMeter, MeterRole, ReadingSource, StoredReading

READING_IS_FRESH: Final = timedelta(days=25)
VERIFICATION_WARNING: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing to do: its title, where it leads, a note, an icon."""

    title: str
    url: str
    note: str
    icon: str


def todos(
    *, balance: AccountBalance | None, pay_url: str, meters: Iterable[InstalledMeter],
    readings: Iterable[StoredReading], today: date, offers: bool = False,
) -> list[ToDo]:  # fmt: skip
    """Collect what the customer should do: pay what is late, read the meters, mind an expiring verification.

    `offers` says whether to offer e-invoices, too.
    """
    meters = list(meters)
    pressing = [*_overdue(balance, pay_url), *_to_read(meters, readings, today)]
    return [*pressing, *([_accept()] if offers else []), *_to_verify(meters, today)]


def _overdue(balance: AccountBalance | None, pay_url: str) -> Iterator[ToDo]:
    if balance and balance.overdue and pay_url:
        note = "Jeśli płatność jest w drodze, nic nie rób."
        yield ToDo(title=f"Zapłać zaległość {zloty(balance.overdue)}", url=pay_url, note=note, icon="late")


def _to_read(meters: list[InstalledMeter], readings: Iterable[StoredReading], today: date) -> Iterator[ToDo]:
    last: dict[int, date] = {}
    for reading in (r for r in readings if r.source is not ReadingSource.ESTIMATE):
        last[reading.installation_id] = max(last.get(reading.installation_id, reading.read_on), reading.read_on)
    for meter in meters:
        read_on = last.get(meter.installation_id)
        if read_on is None or today - read_on > READING_IS_FRESH:
            name = "wodomierza ogrodowego" if meter.role is MeterRole.SUBTRACTIVE else "wodomierza"
            note = f"Nr {meter.serial_number}. " + (f"Ostatni odczyt {long_date(read_on)}." if read_on else "")
            url = reverse("reading_submit", args=[meter.installation_id])
            yield ToDo(title=f"Podaj odczyt {name}", url=url, note=note.strip(), icon="meter")


def _accept() -> ToDo:
    note = "Przyjdzie e-mailem tego samego dnia. Decydujesz Ty, wyłączysz jednym przyciskiem."
    return ToDo(title="Włącz e-fakturę", url=reverse("e_invoice"), note=note, icon="mail")


def _to_verify(meters: list[InstalledMeter], today: date) -> Iterator[ToDo]:
    for meter in meters:
        until = meter.verification_valid_until
        if meter.role is MeterRole.SUBTRACTIVE and until is not None and until <= today + VERIFICATION_WARNING:
            word = "straciła ważność" if until < today else "traci ważność"
            note = f"Legalizacja {word} {short_date(until)}. Bez niej wody do ogrodu nie odliczymy od ścieków."
            title = f"Wymień wodomierz ogrodowy {meter.serial_number}"
            yield ToDo(title=title, url="", note=note, icon="calendar")
