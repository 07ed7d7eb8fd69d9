"""Many files of plain customers, for benchmarks and damaged-file tests; written by the demo's own writers.

Account numbers, meters and payment accounts are the same in all of them, so that they fit together.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from ebok.jobs.demo import camt053, fa3, mt940, people, tables, utility
from ebok.jobs.demo.bills import CUBIC_METRE, SEWAGE, STANDING, WATER
from ebok.jobs.demo.calendar import DAY, months_later
from ebok.jobs.demo.model import Bank, DemoAccount, DemoBill, DemoLine, DemoMeter, DemoReading, DemoTransfer, Part
from ebok.jobs.demo.statements import OPENING_BALANCE, DemoStatement

SEED: Final = 1
_FOLDER_FILES: Final = 1_000
_MONTH_DAYS: Final = 30
_WATER_RATE, _SEWAGE_RATE, _STANDING_RATE = Decimal("5.27"), Decimal("8.91"), Decimal("6.50")


def accounts(*, count: int, on: date) -> Iterator[DemoAccount]:
    """`count` plain customer accounts; both banks occur."""
    demo = people.Demo(seed=SEED, on=on, accounts=people.MINIMUM_ACCOUNTS + count, months=2)
    everyone = people.accounts(demo)
    return (a for a in everyone if a.part is Part.ORDINARY)


def write_registry(folder: Path, *, accounts: int, readings_each: int, on: date) -> None:
    """Write `accounts.csv`, `service_points.csv`, `meters.csv` and `readings.csv` of so many accounts."""
    made = list(_accounts(accounts, on))
    tables.write_table(folder / "accounts.csv", tables.ACCOUNTS, map(tables.account_row, made))
    tables.write_table(folder / "service_points.csv", tables.POINTS, map(tables.point_row, made))
    meters = (_meter(account, on) for account in made)
    tables.write_table(folder / "meters.csv", tables.METERS, map(tables.meter_row, meters))
    rows = (tables.reading_row(r) for account in made for r in _readings(account, readings_each, on))
    tables.write_table(folder / "readings.csv", tables.READINGS, rows)


def invoices(*, count: int, accounts: int, on: date) -> Iterator[tuple[str, bytes]]:
    """`count` invoices for these accounts in turn: file name and FA(3) bytes."""
    made = list(_accounts(accounts, on))
    for number in range(count):
        bill = _bill(made[number % len(made)], number, on)
        yield f"{bill.number.replace('/', '-')}.xml", fa3.invoice_xml(bill)


def write_invoices(folder: Path, *, count: int, accounts: int, on: date) -> int:
    """Write `count` invoices as files, a thousand to a folder. Returns how many."""
    written = 0
    for name, data in invoices(count=count, accounts=accounts, on=on):
        target = folder / f"{written // _FOLDER_FILES:05d}"
        target.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
        written += 1
    return written


def mt940_statement(*, movements: int, accounts: int, on: date, place: int = 0) -> bytes:
    """One MT940 statement of `on` with so many payments; `place` turns separator and encoding."""
    statement = _statement(Bank.MT940, movements, accounts, on)
    return mt940.statement_file([statement], own_nrb=utility.MT940_NRB, layout=mt940.layout(place))


def camt_statement(*, movements: int, accounts: int, on: date, version: str = "08") -> bytes:
    """One camt.053 statement of `on` with so many payments, all in entries of one day."""
    statement = _statement(Bank.CAMT, movements, accounts, on)
    return camt053.statement_file([statement], own_nrb=utility.CAMT_NRB, version=version)


def _accounts(count: int, on: date) -> Iterator[DemoAccount]:
    return islice(accounts(count=count, on=on), count)


def _meter(account: DemoAccount, on: date) -> DemoMeter:
    return DemoMeter(
        serial=f"2{account.index:07d}",
        point_number=account.point_number,
        subtractive=False,
        dials=5,
        installed_on=months_later(on, -48),
        initial_value=0,
        removed_on=None,
        final_value=None,
        verification_valid_until=months_later(on, 12),
    )


def _readings(account: DemoAccount, count: int, on: date) -> Iterator[DemoReading]:
    serial = f"2{account.index:07d}"
    for place in range(count):
        day = on - timedelta(days=count - place)
        yield DemoReading(serial=serial, read_on=day, value=1 + place // 3, source="remote")


def _bill(account: DemoAccount, number: int, on: date) -> DemoBill:
    last_day = on - timedelta(days=_MONTH_DAYS * (1 + number // 100_000) + 5)
    issue_date, volume = last_day + timedelta(days=3), 4 + number % 17
    cubic = Decimal(volume)
    return DemoBill(
        account=account,
        issue_date=issue_date,
        first_day=last_day - timedelta(days=_MONTH_DAYS) + DAY,
        last_day=last_day,
        due_dates=(issue_date + timedelta(days=14),),
        lines=(
            DemoLine(text=WATER, unit=CUBIC_METRE, quantity=cubic, rate=_WATER_RATE, vat="8"),
            DemoLine(text=SEWAGE, unit=CUBIC_METRE, quantity=cubic, rate=_SEWAGE_RATE, vat="8"),
            DemoLine(text=STANDING, unit="mies.", quantity=Decimal(1), rate=_STANDING_RATE, vat="8"),
        ),
        notes=((1, "Odczyt", f"wodomierz 2{account.index:07d}: {0:06d} - {volume:06d}, zużycie {volume} m3"),),
        number=f"FV/{issue_date:%Y/%m}/{number + 1:08d}",
    )


def _statement(bank: Bank, movements: int, accounts: int, on: date) -> DemoStatement:
    payers = [replace(a, bank=bank) if a.bank is not bank else a for a in _accounts(accounts, on)]
    transfers = tuple(_transfer(payers[place % len(payers)], place, bank, on) for place in range(movements))
    return DemoStatement(
        number=1,
        first_day=on,
        last_day=on,
        opening=OPENING_BALANCE,
        closing=OPENING_BALANCE + sum((t.amount for t in transfers), Decimal(0)),
        movements=transfers,
    )


def _transfer(payer: DemoAccount, place: int, bank: Bank, on: date) -> DemoTransfer:
    return DemoTransfer(
        bank=bank,
        booked_on=on,
        amount=Decimal(2_000 + place % 30_000) / 100,
        name=payer.name,
        nrb=payer.own_bank_nrb,
        virtual_nrb=payer.payment_nrb,
        collect_id=payer.collect_id,
        title=f"Faktura FV/{on:%Y/%m}/{place + 1:08d}",
    )
