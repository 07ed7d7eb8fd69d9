"""Meters, readings, and the words for what becomes of a reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from ebok.kernel.refusals import Refusal


class MeterRole(StrEnum):
    """What a meter measures: all the water, or water that never reaches the sewer (a garden)."""

    MAIN = "main"
    SUBTRACTIVE = "subtractive"


class ReadingSource(StrEnum):
    """Who or what read the meter."""

    READER = "reader"
    CUSTOMER = "customer"
    REMOTE = "remote"
    ESTIMATE = "estimate"
    STAFF = "staff"


class ReadingStatus(StrEnum):
    """What a reading has become so far."""

    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"
    REPLACED = "replaced"


class DeclaredReason(StrEnum):
    """Why a customer says an unlikely reading is right."""

    GARDEN = "garden"
    POOL = "pool"
    MORE_PEOPLE = "more_people"
    FAILURE = "failure"
    METER_REPLACED = "meter_replaced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a meter showed on a day. `value_m3` in cubic metres."""

    read_on: date
    value_m3: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledMeter:
    """A meter where it is or was installed. `removed_on` None: it is there now.

    `account_id` is the customer account of its service point; `readable_from` and `readable_to` (None: open)
    bound the days whose readings belong to that account, both included.
    """

    installation_id: int
    meter_id: int
    serial_number: str
    dials: int
    role: MeterRole
    installed_on: date
    initial_value: Decimal | None
    removed_on: date | None
    final_value: Decimal | None
    verification_valid_until: date | None
    point_number: str
    account_id: int
    account_number: str
    place: str
    readable_from: date
    readable_to: date | None

    @property
    def has_days(self) -> bool:
        """Whether there is any day whose readings belong to the account."""
        return self.readable_to is None or self.readable_from <= self.readable_to

    def covers(self, day: date) -> bool:
        """Say whether a reading of this day belongs to the installation and its account."""
        return self.readable_from <= day and (self.readable_to is None or day <= self.readable_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """A reading with where it came from and what became of it."""

    id: int
    installation_id: int
    serial_number: str
    read_on: date
    value_m3: Decimal
    source: ReadingSource
    submitted_at: datetime
    status: ReadingStatus
    rejected_because: str = ""

    @property
    def fact(self) -> Reading:
        """The day and value alone."""
        return Reading(read_on=self.read_on, value_m3=self.value_m3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSubmission:
    """A reading as a customer sends it. `client_id` is made before the first attempt and kept through all of them."""

    client_id: UUID
    read_on: date
    value_m3: Decimal
    declared_reason: DeclaredReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingReceipt:
    """Proof that a reading was recorded; `repeated` when this very submission had been recorded before."""

    reading_id: int
    serial_number: str
    read_on: date
    value_m3: Decimal
    status: ReadingStatus
    submitted_at: datetime
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """A checked row of `meters.csv`: its line, meter and service point, and the values of the columns the file has."""

    line: int
    serial_number: str
    service_point_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableMeter:
    """A meter as far as it can be read: below `limit` (ten to its dials), on days when it was installed somewhere.

    `periods` are days of installation and removal, both included; the last of all days: it is there now.
    """

    id: int
    dials: int
    limit: int
    periods: tuple[tuple[date, date], ...]

    def was_there(self, day: date) -> bool:
        """Say whether it was installed anywhere on this day."""
        return any(since <= day <= until for since, until in self.periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """A checked row of `readings.csv`, its meter found.

    `doubt` says why such a reading cannot be; one that stands already stands all the same.
    """

    line: int
    meter_id: int
    read_on: date
    value_m3: Decimal
    source: str
    doubt: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedReading:
    """An accepted reading at its place in the export."""

    position: int
    id: int
    serial_number: str
    read_on: date
    value_m3: Decimal
    source: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReading:
    """A reading that waits for a person, with what made it wait."""

    id: int
    serial_number: str
    read_on: date
    value_m3: Decimal
    submitted_at: datetime
    held_at: datetime
    finding: str
    declared_reason: str
    note: str
