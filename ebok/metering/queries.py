"""Reading meters, readings and consumption, always through a scope."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.db.models import Count, Q

from ebok.customers.domain import CustomerScope, DocumentWindow, Point
from ebok.customers.queries import points
from ebok.foundation import lookups
from ebok.metering.domain.consumption import MonthUse, Use, monthly_use, summed, uses
from ebok.metering.domain.plausibility import Assessment, assess_reading, usual_daily_use
from ebok.metering.domain.readings import (
    ExportedReading,
    HeldReading,
    InstalledMeter,
    MeterRole,
    ReadableMeter,
    Reading,
    ReadingSource,
    ReadingStatus,
    StoredReading,
)
from ebok.metering.models import Meter, MeterInstallation, MeterReading, MeterReadingQuerySet, ReadingAcceptance

CHART_MONTHS: Final = 24
HISTORY_DAYS: Final = timedelta(days=3 * 366)
TRUST: Final = {
    source: rank
    for rank, source in enumerate(
        (ReadingSource.STAFF, ReadingSource.READER, ReadingSource.REMOTE, ReadingSource.CUSTOMER)
    )
}
"""Whose value stands of those accepted at once for one day; else the last accepted. An estimate is no reading."""


def meters(*, scope: CustomerScope, today: date) -> list[InstalledMeter]:
    """Return the meters a customer can read today: installed now, at points of open accounts in scope."""
    found = installations(scope=scope)
    return [meter for meter in found if meter.removed_on is None and meter.covers(today)]


def installations(*, scope: CustomerScope, at_points: Sequence[Point] | None = None) -> list[InstalledMeter]:
    """Return every meter that is or was at a point of an account in scope, by address, then newest first.

    `at_points` are the scope's service points, for whoever has asked for them already.

    An account's window bounds the days whose readings belong to it; a meter gone before is left out, and so is
    every meter of an account that one had once.
    """
    asked = points(scope=scope) if at_points is None else at_points
    at = {point.id: (order, point) for order, point in enumerate(asked)}
    rows = MeterInstallation.objects.filter(service_point_id__in=at).select_related("meter")
    found = sorted(rows, key=lambda row: (at[row.service_point_id][0], -row.installed_on.toordinal(), row.id))
    shown = [_installed(row, at[row.service_point_id][1], scope) for row in found]
    return [one for one in shown if one.account_id not in scope.windows or one.has_days]


def readable_meters(*, scope: CustomerScope, serials: Iterable[str]) -> dict[str, ReadableMeter]:
    """Return meters by serial number, with what they can show and when they were there; unknown ones are left out.

    :raises PermissionError: when the scope is not the whole of it; serial numbers are looked up by imports only.
    """
    if scope.account_ids is not None:
        raise PermissionError("looking meters up by serial number needs the whole scope")
    rows = Meter.objects.filter(lookups.among("serial_number", set(serials)))
    found = {meter: (serial, dials) for meter, serial, dials in rows.values_list("id", "serial_number", "dials")}
    periods: dict[int, list[tuple[date, date]]] = {meter: [] for meter in found}
    places = MeterInstallation.objects.filter(lookups.among("meter_id", found))
    for meter, since, until in places.values_list("meter_id", "installed_on", "removed_on"):
        periods[meter].append((since, until or date.max))
    return {
        serial: ReadableMeter(id=meter, dials=dials, limit=10**dials, periods=tuple(periods[meter]))
        for meter, (serial, dials) in found.items()
    }


def history(*, among: Sequence[InstalledMeter], limit: int, replaced: bool = False) -> list[StoredReading]:
    """Return the newest readings of these installations, each with what it became.

    `replaced` adds those a customer sent and a newer one took the place of: what was sent does not vanish.
    """
    rows = MeterReading.objects.filter(_days_of(among))
    shown = Q(superseded_by__isnull=True) | Q(client_uuid__isnull=False) if replaced else Q(superseded_by__isnull=True)
    rows = rows.filter(shown).select_related("meter", "acceptance", "rejection").order_by("-read_on", "-id")[:limit]
    return [_stored(row, among) for row in rows]


def known_values(*, among: Sequence[InstalledMeter], today: date) -> dict[int, list[Reading]]:
    """Return what each installation (by id) is known to have shown, by day: no estimates, nothing held."""
    rows = _readings_of(among).filter(acceptance__isnull=False, read_on__gte=today - HISTORY_DAYS)
    rows = rows.exclude(source=ReadingSource.ESTIMATE).order_by("meter_id", "read_on")
    told = rows.values_list("meter_id", "read_on", "value_m3", "source", "acceptance__accepted_at")
    of_meter = {meter: _best_by_day(found) for meter, found in groupby(told, lambda row: row[0])}
    return {one.installation_id: _with_ends(one, of_meter.get(one.meter_id, {})) for one in among}


def assessment(*, meter: InstalledMeter, value_m3: Decimal, read_on: date) -> Assessment:
    """Say what a value would mean for this meter, from what it is known to have shown."""
    known = known_values(among=[meter], today=read_on)[meter.installation_id]
    before = [reading for reading in known if reading.read_on <= read_on]
    after = [reading for reading in known if reading.read_on > read_on]
    return assess_reading(
        previous=before[-1] if before else None,
        following=after[0] if after else None,
        value_m3=value_m3,
        read_on=read_on,
        usual=usual_daily_use(history=[r for r in before if r.read_on < read_on], until=read_on),
        dials=meter.dials,
    )


def consumption(*, scope: CustomerScope, today: date, count: int = CHART_MONTHS) -> list[MonthUse]:
    """Return the water used in each of the last `count` months, oldest first, over the main meters in scope."""
    return consumption_of(among=installations(scope=scope), today=today, count=count)


def consumption_of(*, among: Sequence[InstalledMeter], today: date, count: int = CHART_MONTHS) -> list[MonthUse]:
    """Return the same over the main meters among these installations.

    Garden meters are left out: their water has passed a main meter. Empty when there is no main meter.
    """
    among = [one for one in among if one.role is MeterRole.MAIN]
    known = known_values(among=among, today=today)
    by_point: dict[str, list[Use]] = {}
    for one in among:
        by_point.setdefault(one.point_number, []).extend(uses(readings=known[one.installation_id], dials=one.dials))
    if not by_point:
        return []
    return summed([monthly_use(spans=spans, last=today, count=count) for spans in by_point.values()])


def exported_after(*, scope: CustomerScope, position: int, limit: int) -> list[ExportedReading]:
    """Return accepted readings past `position`, in the order they were accepted. A replaced one keeps its place.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    if scope.account_ids is not None:
        raise PermissionError("the export of readings needs the whole scope")
    rows = ReadingAcceptance.objects.filter(id__gt=position).select_related("reading__meter").order_by("id")[:limit]
    return [_exported(row) for row in rows]


def held_readings(*, scope: CustomerScope) -> list[HeldReading]:
    """Return readings that wait for a person, the longest waiting first."""
    rows = MeterReading.objects.held().select_related("meter", "hold").order_by("hold__held_at", "id")
    if scope.account_ids is not None:
        within = {one.meter_id for one in installations(scope=scope)}
        rows = rows.filter(meter_id__in=within)
    return [_held(row) for row in rows]


def broken_promises() -> list[str]:
    """Return every reading that is accepted and rejected at once, or neither and not held, or stands twice."""
    both = MeterReading.objects.filter(acceptance__isnull=False, rejection__isnull=False)
    lost = MeterReading.objects.filter(acceptance__isnull=True, rejection__isnull=True, hold__isnull=True)
    keys = MeterReading.objects.accepted().values_list("meter_id", "read_on", "source")
    twice = keys.annotate(count=Count("id")).filter(count__gt=1).order_by("meter_id", "read_on")
    return [
        *(f"reading {row.id} is accepted and rejected" for row in both),
        *(f"reading {row.id} was neither accepted nor held" for row in lost),
        *(f"{count} {source} readings of meter {meter} stand on {day}" for meter, day, source, count in twice),
    ]


def _readings_of(among: Sequence[InstalledMeter]) -> MeterReadingQuerySet:
    """Current readings on days that belong to one of these installations and its account."""
    return MeterReading.objects.current().filter(_days_of(among))


def _days_of(among: Sequence[InstalledMeter]) -> Q:
    asked = Q(pk__in=[])
    for one in among:
        days = Q(meter_id=one.meter_id, read_on__gte=one.readable_from)
        asked |= days if one.readable_to is None else days & Q(read_on__lte=one.readable_to)
    return asked


def _best_by_day(rows: Iterable[tuple[int, date, Decimal, str, datetime]]) -> dict[date, Decimal]:
    ranked = sorted(rows, key=lambda row: (row[4], -TRUST[ReadingSource(row[3])]))
    return {read_on: value for _, read_on, value, _, _ in ranked}


def _with_ends(one: InstalledMeter, values: dict[date, Decimal]) -> list[Reading]:
    """Add what the meter showed when installed and when removed, where those days belong to the account."""
    days = {day: value for day, value in values.items() if one.covers(day)}
    for day, value in ((one.installed_on, one.initial_value), (one.removed_on, one.final_value)):
        if day is not None and value is not None and one.covers(day):
            days[day] = value
    return [Reading(read_on=day, value_m3=value) for day, value in sorted(days.items())]


def _installed(row: MeterInstallation, point: Point, scope: CustomerScope) -> InstalledMeter:
    window = scope.windows.get(point.account_id, DocumentWindow())
    ends = [day for day in (row.removed_on, point.closed_on) if day is not None]
    starts = [day for day in (row.installed_on, point.opened_on, window.since) if day is not None]
    return InstalledMeter(
        installation_id=row.id,
        meter_id=row.meter_id,
        serial_number=row.meter.serial_number,
        dials=row.meter.dials,
        role=MeterRole(row.role),
        installed_on=row.installed_on,
        initial_value=row.initial_value,
        removed_on=row.removed_on,
        final_value=row.final_value,
        verification_valid_until=row.meter.verification_valid_until,
        point_number=point.number,
        account_id=point.account_id,
        account_number=point.account_number,
        place=point.address.place or point.address.words,
        readable_from=max(starts),
        readable_to=min(ends) if ends else None,
    )


def _stored(row: MeterReading, among: Sequence[InstalledMeter]) -> StoredReading:
    at = next(one for one in among if one.meter_id == row.meter_id and one.covers(row.read_on))
    rejection = getattr(row, "rejection", None)
    return StoredReading(
        id=row.id,
        installation_id=at.installation_id,
        serial_number=row.meter.serial_number,
        read_on=row.read_on,
        value_m3=row.value_m3,
        source=ReadingSource(row.source),
        submitted_at=row.submitted_at,
        status=status_of(row),
        rejected_because=rejection.reason if rejection is not None else "",
    )


def status_of(row: MeterReading) -> ReadingStatus:
    """What a reading of this room has become."""
    if getattr(row, "rejection", None) is not None:
        return ReadingStatus.REJECTED
    if row.superseded_by_id is not None:
        return ReadingStatus.REPLACED
    return ReadingStatus.ACCEPTED if getattr(row, "acceptance", None) is not None else ReadingStatus.HELD


def _exported(row: ReadingAcceptance) -> ExportedReading:
    reading = row.reading
    return ExportedReading(
        position=row.id,
        id=reading.id,
        serial_number=reading.meter.serial_number,
        read_on=reading.read_on,
        value_m3=reading.value_m3,
        source=reading.source,
        submitted_at=reading.submitted_at,
    )


def _held(row: MeterReading) -> HeldReading:
    return HeldReading(
        id=row.id,
        serial_number=row.meter.serial_number,
        read_on=row.read_on,
        value_m3=row.value_m3,
        submitted_at=row.submitted_at,
        held_at=row.hold.held_at,
        finding=row.hold.finding,
        declared_reason=row.declared_reason,
        note=row.note,
    )


def accounts_of_meter(*, scope: CustomerScope, serial: str) -> frozenset[int]:
    """Return the accounts in scope at whose points the meter of this number is or was, in any case of letters."""
    places = MeterInstallation.objects.filter(meter__serial_number__iexact=serial)
    found = places.values_list("service_point__account_id", flat=True)
    return frozenset(account for account in found if scope.allows(account))
