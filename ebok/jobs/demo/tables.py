"""Writes the billing system's tables: CSV, UTF-8, semicolons, decimal commas as Polish programs do."""

import csv
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from ebok.jobs.demo.model import DemoAccount, DemoEntry, DemoMeter, DemoReading

Row = Sequence[object]
ACCOUNTS: Final = (
    "account_number", "kind", "name", "nip", "pesel", "email", "phone", "street", "house", "flat", "postal_code",
    "city",
    "correspondence_street", "correspondence_house", "correspondence_flat", "correspondence_postal_code",
    "correspondence_city", "payment_iban", "collect_id", "tariff_group", "billing_months", "opened_on", "closed_on",
)  # fmt: skip
POINTS: Final = ("point_number", "account_number", "street", "house", "flat", "postal_code", "city", "zone")
METERS: Final = (
    "serial_number", "point_number", "role", "dials", "installed_on", "initial_value", "removed_on", "final_value",
    "verification_valid_until",
)  # fmt: skip
READINGS: Final = ("serial_number", "read_on", "value_m3", "source")
ENTRIES: Final = (
    "entry_id", "account_number", "kind", "amount", "booked_on", "due_on", "document_number", "title",
)  # fmt: skip
BALANCES: Final = ("account_number", "balance", "as_of")


def write_table(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table row by row; a missing value is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_json(path: Path, value: object) -> None:
    """Write JSON people can read."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def account_row(account: DemoAccount) -> Row:
    """The row of `accounts.csv`."""
    street, house, postal_code = account.correspondence or ("", "", "")
    city = "" if not postal_code else "Otwock" if postal_code.startswith("05") else "Warszawa"
    return (
        account.number, "person" if account.is_person else "organization", account.name, account.nip, account.pesel,
        account.email, account.phone, account.street, account.house, account.flat, account.postal_code, "Otwock",
        street, house, "", postal_code, city, f"PL{account.payment_nrb}", account.collect_id, account.tariff_group,
        account.billing_months, account.opened_on, account.closed_on,
    )  # fmt: skip


def point_row(account: DemoAccount) -> Row:
    """The row of `service_points.csv`."""
    return (
        account.point_number, account.number, account.street, account.house, account.flat, account.postal_code,
        "Otwock", account.zone,
    )  # fmt: skip


def meter_row(meter: DemoMeter) -> Row:
    """The row of `meters.csv`."""
    role = "subtractive" if meter.subtractive else "main"
    return (
        meter.serial, meter.point_number, role, meter.dials, meter.installed_on, meter.initial_value,
        meter.removed_on, meter.final_value, meter.verification_valid_until,
    )  # fmt: skip


def reading_row(reading: DemoReading) -> Row:
    """The row of `readings.csv`."""
    return reading.serial, reading.read_on, reading.value, reading.source


def entry_row(entry: DemoEntry) -> Row:
    """The row of `entries.csv`."""
    return (
        entry.entry_id, entry.account_number, entry.kind, comma(entry.amount), entry.booked_on, entry.due_on,
        entry.document_number, entry.title,
    )  # fmt: skip


def comma(amount: Decimal) -> str:
    """An amount with a decimal comma."""
    return f"{amount:.2f}".replace(".", ",")
