"""Meters and readings in words, ready for a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse

from ebok.billing.domain.readings_named import NamedReading
from ebok.foundation.formats import cubic_metres, long_date, short_date
from ebok.metering.domain.plausibility import Assessment, Finding
from ebok.metering.domain.readings import (
    InstalledMeter,
    MeterRole,
    Reading,
    ReadingSource,
    ReadingStatus,
    StoredReading,
)
from ebok.metering.operations.submission import READINGS_A_DAY, WhyNot

ROLES: Final = {MeterRole.MAIN: "główny", MeterRole.SUBTRACTIVE: "ogrodowy"}
SOURCES: Final = {
    ReadingSource.READER: "inkasent",
    ReadingSource.CUSTOMER: "Ty",
    ReadingSource.REMOTE: "zdalnie",
    ReadingSource.ESTIMATE: "szacunek",
    ReadingSource.STAFF: "pracownik",
}
REFUSED: Final = {
    WhyNot.FUTURE_DATE: ("read_on", "Ten dzień jest w przyszłości. Wpisz dzień, w którym patrzysz na wodomierz."),
    WhyNot.BEFORE_INSTALLATION: (
        "read_on",
        "W tym dniu nie było tu jeszcze tego wodomierza. Wpisz dzień, w którym patrzysz na wodomierz.",
    ),
    WhyNot.TOO_MANY_TODAY: (
        "value",
        f"Dziś przyszło już {READINGS_A_DAY} odczytów tego wodomierza. Następny podaj jutro albo zadzwoń do nas.",
    ),
    WhyNot.OTHER_CONTENT: (
        "value",
        "Ten odczyt już do nas dotarł, ale z inną treścią. Otwórz zakładkę Odczyty i podaj go od nowa.",
    ),
}
"""The field and the sentence for each reason a reading was not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """A meter on the page of readings."""

    title: str
    place: str
    last: str
    url: str
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A reading of the history. `kind` and `icon` colour the status word; `invoice_url` is empty unless used."""

    day: str
    serial: str
    value: str
    source: str
    status: str
    kind: str
    icon: str
    note: str
    invoice: str
    invoice_url: str


def meter_line(meter: InstalledMeter, last: Reading | None, *, expired: bool) -> MeterLine:
    """A meter with what it last showed and where to read it."""
    shown = f"{cubic_metres(last.value_m3)}, {long_date(last.read_on)}" if last else "jeszcze bez odczytu"
    valid = meter.verification_valid_until
    warning = f"Legalizacja minęła {short_date(valid)}. Skontaktuj się z nami." if expired and valid else ""
    return MeterLine(
        title=f"Wodomierz {meter.serial_number} ({ROLES[meter.role]})",
        place=meter.place,
        last=shown,
        url=reverse("reading_submit", args=[meter.installation_id]),
        warning=warning,
    )


def history_line(reading: StoredReading, used: Mapping[NamedReading, tuple[int, str]]) -> HistoryLine:
    """A reading with what it became; on an invoice only when the invoice names meter, day and value."""
    named = NamedReading(serial_number=reading.serial_number, read_on=reading.read_on, value_m3=reading.value_m3)
    invoice_id, number = used.get(named, (0, ""))
    word, kind, icon = {
        ReadingStatus.ACCEPTED: ("Przyjęty", "done", "check"),
        ReadingStatus.HELD: ("Sprawdzamy", "soon", "clock"),
        ReadingStatus.REJECTED: ("Odrzucony", "late", "late"),
        ReadingStatus.REPLACED: ("Zastąpiony nowszym odczytem", "info", "info"),
    }[reading.status]
    return HistoryLine(
        day=short_date(reading.read_on),
        serial=reading.serial_number,
        value=cubic_metres(reading.value_m3),
        source=SOURCES[reading.source],
        status="Użyty na fakturze" if number else word,
        kind="done" if number else kind,
        icon="check" if number else icon,
        note=reading.rejected_because,
        invoice=number,
        invoice_url=reverse("invoice", args=[invoice_id]) if number else "",
    )


def difference(value: Decimal, previous: Reading | None) -> str:
    """Say how much more or less than before a value is."""
    if previous is None:
        return ""
    more = value - previous.value_m3
    if more == 0:
        return f"Tyle samo co {long_date(previous.read_on)}."
    word = "więcej" if more > 0 else "mniej"
    return f"To o {cubic_metres(abs(more))} {word} niż {long_date(previous.read_on)}."


def stands_out(found: Assessment, *, value: Decimal, previous: Reading | None) -> str:
    """Say in words what stands out about a value, and what to check."""
    was = cubic_metres(previous.value_m3) if previous else ""
    if found.finding is Finding.FAR_ABOVE:
        used = cubic_metres(found.used_m3 or Decimal(0))
        if found.usual_m3 is None:
            return f"To bardzo dużo od ostatniego odczytu: {used}. Może to wyciek? Sprawdź cyfry."
        usual = cubic_metres(round(found.usual_m3, 1))
        return f"To dużo więcej niż zwykle (zwykle około {usual}, teraz {used}). Może to wyciek? Sprawdź cyfry."
    if found.finding is Finding.LOWER:
        return f"Poprzednio było {was}. Wpisano {cubic_metres(value)}. Sprawdź cyfry."
    if found.finding is Finding.ROLLOVER_POSSIBLE:
        return f"Poprzednio było {was}. Teraz jest {cubic_metres(value)}. Czy licznik zaczął od zera? Sprawdź cyfry."
    return "Mamy późniejszy odczyt z niższym stanem. Sprawdź cyfry i dzień."
