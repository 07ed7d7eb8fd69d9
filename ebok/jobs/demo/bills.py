"""Invoices of the demo: what was used, at the tariff's price, for each billing period; and corrections."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ebok.jobs.demo import chance, tariffs
from ebok.jobs.demo.calendar import DAY
from ebok.jobs.demo.model import DemoAccount, DemoBill, DemoFile, DemoLine, DemoMeter, DemoReading, Part
from ebok.jobs.demo.people import Demo

WATER: Final = "Dostarczona woda"
SEWAGE: Final = "Odprowadzone ścieki"
STANDING: Final = "Opłata abonamentowa"
SEAL: Final = "Wymiana plomby wodomierza ogrodowego"
RENT: Final = "Najem lokalu mieszkalnego (służbowego)"
CUBIC_METRE: Final = "m3"
KSEF_FROM: Final = date(2026, 4, 1)

_ISSUE_DAYS: Final = 2
_PERSON_TERM, _FIRM_TERM, _SECOND_TERM = 14, 21, 14
_SEAL_PRICE: Final = Decimal("61.00")
_RENT_PRICE: Final = Decimal("250.00")
_WATER_ONLY_EVERY, _SEAL_EVERY, _TWO_TERMS_EVERY, _CORRECTED_EVERY = 9, 11, 7, 12
_SEAL_PERIOD: Final = 3
_DESK_EVERY, _DESK_PLACE = 17, 3
_DESK_PERIODS, _DESK_PERIOD = 6, 2
_CORRECTION_DAYS: Final = 12

Interval = tuple[DemoMeter, int, int]


def bills(
    demo: Demo, account: DemoAccount, meters: Sequence[DemoMeter], readings: Sequence[DemoReading]
) -> list[DemoBill]:
    """The invoices of an account and their corrections, in the order they are issued, not yet numbered."""
    used = _intervals(meters, readings)
    issued: list[DemoBill] = []
    for place, (start, end) in enumerate(pairwise(account.ends)):
        issued.append(_bill(demo, account, used[start, end], place=place, start=start, end=end))
    corrections = [c for place, bill in enumerate(issued) if (c := _correction(demo, bill, place)) is not None]
    return sorted(issued + corrections, key=lambda bill: bill.issue_date)


def numbered(demo: Demo, files: Iterable[DemoFile]) -> None:
    """Give every bill its number in the order of issue, and a KSeF number where the buyer has a NIP."""
    order = sorted(
        ((bill.issue_date, file.account.index, place, file) for file in files for place, bill in enumerate(file.bills)),
        key=lambda item: item[:3],
    )
    counts: dict[str, int] = {}
    given: dict[tuple[int, date], DemoBill] = {}
    for _, index, place, file in order:
        bill = file.bills[place]
        original = given[index, bill.first_day] if bill.corrects else None
        file.bills[place] = _numbered(demo, replace(bill, corrects=original), counts)
        if original is None:
            given[index, bill.first_day] = file.bills[place]


def _numbered(demo: Demo, bill: DemoBill, counts: dict[str, int]) -> DemoBill:
    series = f"{'FK' if bill.corrects else 'FV'}/{bill.issue_date:%Y/%m}"
    counts[series] = counts.get(series, 0) + 1
    number = f"{series}/{counts[series]:06d}"
    in_ksef = bill.account.nip and bill.issue_date >= KSEF_FROM
    ksef = chance.ksef_number(seed=demo.seed, invoice_number=number, given_on=bill.issue_date) if in_ksef else ""
    return replace(bill, number=number, ksef=ksef)


def _intervals(meters: Sequence[DemoMeter], readings: Sequence[DemoReading]) -> dict[tuple[date, date], list[Interval]]:
    by_serial = {meter.serial: meter for meter in meters}
    used: dict[tuple[date, date], list[Interval]] = {}
    for before, after in pairwise(readings):
        if before.serial == after.serial:
            interval = (by_serial[before.serial], before.value, after.value)
            used.setdefault((before.read_on, after.read_on), []).append(interval)
    return used


def _bill(
    demo: Demo, account: DemoAccount, used: Sequence[Interval], *, place: int, start: date, end: date
) -> DemoBill:
    issue_date = end + timedelta(days=_ISSUE_DAYS + account.index % 3)
    term = timedelta(days=_PERSON_TERM if account.is_person else _FIRM_TERM)
    two_terms = not account.is_person and account.index % _TWO_TERMS_EVERY == 0
    at_desk = _pays_at_desk(account, place)
    return DemoBill(
        account=account,
        issue_date=issue_date,
        first_day=start + DAY,
        last_day=end,
        due_dates=tuple(issue_date + term + timedelta(days=_SECOND_TERM * n) for n in range(2 if two_terms else 1)),
        lines=tuple(_lines(demo, account, used, place=place, start=start, end=end)),
        notes=tuple(_notes(account, used, start=start, end=end)),
        paid_on=issue_date if at_desk else None,
    )


def _pays_at_desk(account: DemoAccount, place: int) -> bool:
    ours = account.part is Part.ORDINARY and account.index % _DESK_EVERY == _DESK_PLACE
    return ours and place % _DESK_PERIODS == _DESK_PERIOD


def _lines(
    demo: Demo, account: DemoAccount, used: Sequence[Interval], *, place: int, start: date, end: date
) -> Iterator[DemoLine]:
    tariff = tariffs.steps(group=account.tariff_group, on=demo.on)
    water = sum(after - before for meter, before, after in used if not meter.subtractive)
    garden = sum(after - before for meter, before, after in used if meter.subtractive and _counts(meter, end))
    for step, volume in tariffs.split(tariff, first_day=start + DAY, last_day=end, volume=water):
        yield DemoLine(text=WATER, unit=CUBIC_METRE, quantity=Decimal(volume), rate=step.water, vat="8")
    if account.part is not Part.ORDINARY or account.index % _WATER_ONLY_EVERY:
        for step, volume in tariffs.split(tariff, first_day=start + DAY, last_day=end, volume=water - garden):
            yield DemoLine(text=SEWAGE, unit=CUBIC_METRE, quantity=Decimal(volume), rate=step.sewage, vat="8")
    months = Decimal(account.billing_months)
    standing = tariffs.step_on(tariff, end).standing
    yield DemoLine(text=STANDING, unit="mies.", quantity=months, rate=standing, vat="8")
    yield from _other_lines(account, place)


def _other_lines(account: DemoAccount, place: int) -> Iterator[DemoLine]:
    one = Decimal(1)
    if place == _SEAL_PERIOD and (account.part is Part.ANNA or account.index % _SEAL_EVERY == 0):
        yield DemoLine(text=SEAL, unit="szt.", quantity=one, rate=_SEAL_PRICE, vat="23")
    if account.part is Part.STAFF_FLAT:
        months = Decimal(account.billing_months)
        yield DemoLine(text=RENT, unit="mies.", quantity=months, rate=_RENT_PRICE, vat="zw")


def _counts(meter: DemoMeter, day: date) -> bool:
    return meter.verification_valid_until is None or day <= meter.verification_valid_until


def _notes(
    account: DemoAccount, used: Sequence[Interval], *, start: date, end: date
) -> Iterator[tuple[int | None, str, str]]:
    for meter, before, after in used:
        key = "Odczyt wodomierza ogrodowego" if meter.subtractive else "Odczyt"
        shown = f"wodomierz {meter.serial}: {before:06d} ({start}) - {after:06d} ({end})"
        yield None if meter.subtractive else 1, key, f"{shown}, zużycie {after - before} m3"
        if meter.subtractive and not _counts(meter, end):
            yield None, "Wodomierz ogrodowy", "Legalizacja wygasła. Nie odliczyliśmy wody ogrodowej od ścieków."
    yield None, "Grupa taryfowa", account.tariff_group
    yield None, "Adres punktu poboru", f"{account.address_line}, {account.postal_code} Otwock"


def _correction(demo: Demo, bill: DemoBill, place: int) -> DemoBill | None:
    """A correction of every twelfth bill or so: sewage down, or the standing charge up."""
    account = bill.account
    issue_date = bill.issue_date + timedelta(days=_CORRECTION_DAYS)
    if (account.index * 5 + place) % _CORRECTED_EVERY or issue_date >= demo.on or bill.paid_on:
        return None
    up = (account.index + place) % 3 == 0
    changed = next((line for line in bill.lines if line.text == (STANDING if up else SEWAGE)), None)
    if changed is None or (not up and changed.quantity < 1):
        return None
    quantity = changed.quantity + 1 if up else changed.quantity - max(Decimal(1), changed.quantity // 4)
    reason = "Doliczenie pominiętego miesiąca abonamentu" if up else "Odliczenie ścieków, których nie odebraliśmy"
    return replace(
        bill,
        issue_date=issue_date,
        due_dates=(issue_date + timedelta(days=_PERSON_TERM),) if up else (),
        lines=(replace(changed, before=True), replace(changed, quantity=quantity)),
        notes=((None, "Grupa taryfowa", account.tariff_group),),
        corrects=bill,
        reason=reason,
    )
