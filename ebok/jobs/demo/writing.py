"""Makes the demo utility and writes its files into a folder."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from ebok.jobs.demo import (
    activations,
    bills,
    camt053,
    consents,
    fa3,
    logins,
    metering,
    mt940,
    payments,
    people,
    receipts,
    statements,
    tables,
    utility,
)
from ebok.jobs.demo.calendar import DAY
from ebok.jobs.demo.model import Bank, DemoBill, DemoFile, DemoTransfer, Part
from ebok.jobs.demo.pdf import one_page
from ebok.jobs.demo.people import Demo
from ebok.kernel.money import plain

DIFFERENCE: Final = Decimal("37.20")
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_ZIP_MODE: Final = 0o644 << 16
_ZIP_LEVEL: Final = 3
_PRINTED_EVERY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many of what were written."""

    accounts: int
    invoices: int
    movements: int
    readings: int


def write_demo(folder: Path, *, demo: Demo) -> Written:
    """Write the whole demo into `folder`, making it when it is not there. The same demo gives the same bytes."""
    made = make(demo)
    bought = [bill for file in made for bill in file.bills]
    transfers = [t for file in made for t in file.transfers] + list(payments.strangers(demo, made))
    folder.mkdir(parents=True, exist_ok=True)
    _write_registry(folder / "registry", made)
    _write_invoices(folder, demo, made)
    for bank in Bank:
        _write_statements(folder / "statements", bank, [t for t in transfers if t.bank is bank], until=demo.on - DAY)
    tables.write_table(folder / "entries.csv", tables.ENTRIES, (tables.entry_row(e) for f in made for e in f.entries))
    tables.write_table(folder / "balances.csv", tables.BALANCES, _balances(demo, made))
    for name, told in (("earlier", consents.earlier), ("later", consents.later)):
        tables.write_table(folder / "consents" / f"{name}.csv", consents.HEADER, told(demo.on, made))
    tables.write_json(folder / "users.json", logins.logins(seed=demo.seed, accounts=[f.account for f in made]))
    tables.write_json(folder / "staff.json", logins.staff(seed=demo.seed))
    tables.write_json(folder / "activations.json", activations.activations(made))
    return Written(
        accounts=len(made),
        invoices=len(bought),
        movements=len(transfers),
        readings=sum(len(file.readings) for file in made),
    )


def make(demo: Demo) -> list[DemoFile]:
    """Every account with its meters, bills, payments and entries."""
    made = []
    for account in people.accounts(demo):
        meters, readings = metering.meters_and_readings(demo, account)
        billed = bills.bills(demo, account, meters, readings)
        made.append(DemoFile(account=account, meters=meters, readings=readings, bills=billed))
    bills.numbered(demo, made)
    for file in made:
        payments.pay(demo, file)
    return made


def _write_registry(folder: Path, made: Sequence[DemoFile]) -> None:
    accounts = [file.account for file in made]
    tables.write_table(folder / "accounts.csv", tables.ACCOUNTS, map(tables.account_row, accounts))
    tables.write_table(folder / "service_points.csv", tables.POINTS, map(tables.point_row, accounts))
    tables.write_table(folder / "meters.csv", tables.METERS, (tables.meter_row(m) for f in made for m in f.meters))
    rows = (tables.reading_row(reading) for file in made for reading in file.readings)
    tables.write_table(folder / "readings.csv", tables.READINGS, rows)


def _write_invoices(folder: Path, demo: Demo, made: Sequence[DemoFile]) -> None:
    """Months in ZIPs, the newest one as a folder; a PDF beside Anna's newest invoice."""
    pairs = sorted(((bill.issue_date, bill.number, file) for file in made for bill in file.bills), key=lambda p: p[:2])
    by_number = {bill.number: bill for file in made for bill in file.bills}
    newest = f"{pairs[-1][0]:%Y-%m}" if pairs else ""
    sent: list[receipts.Sent] = []
    for month, group in groupby(pairs, key=lambda pair: f"{pair[0]:%Y-%m}"):
        documents = _documents(((file, by_number[number]) for _, number, file in group), sent)
        target = folder / "invoices" / month
        _write_folder(target, documents) if month == newest else _write_zip(target.with_suffix(".zip"), documents)
    _write_receipts(folder / "upo", sent)


def _documents(pairs: Iterable[tuple[DemoFile, DemoBill]], sent: list[receipts.Sent]) -> Iterator[tuple[str, bytes]]:
    for file, bill in pairs:
        data, stem = fa3.invoice_xml(bill, printed=_printed(file, bill)), bill.number.replace("/", "-")
        if bill.ksef:
            digest = hashlib.sha256(data).digest()
            sent.append(receipts.Sent(number=bill.number, ksef=bill.ksef, issue_date=bill.issue_date, sha256=digest))
        yield f"{stem}.xml", data
        if file.account.part is Part.DIFFERS and bill is file.bills[-1]:  # not Anna: hers is what people open first
            yield f"{stem}.pdf", one_page(_pdf_lines(bill))


def _printed(file: DemoFile, bill: DemoBill) -> fa3.PrintedBalance | None:
    """Some invoices print what was owed before them; the money itself is never posted from there."""
    shown = file.account.part in (Part.JAN, Part.EWA) or file.account.index % _PRINTED_EVERY == 0
    if not shown or bill.corrects is not None or bill.paid_on is not None:
        return None
    return fa3.PrintedBalance(before=file.balance(until=bill.issue_date - DAY))


def _pdf_lines(bill: DemoBill) -> list[str]:
    return [
        f"Faktura VAT {bill.number}",
        f"Data wystawienia: {bill.issue_date}",
        f"Do zaplaty: {plain(bill.gross)} PLN",
    ]


def _write_folder(folder: Path, documents: Iterable[tuple[str, bytes]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in documents:
        (folder / name).write_bytes(data)


def _write_zip(path: Path, documents: Iterable[tuple[str, bytes]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_ZIP_LEVEL) as archive:
        for name, data in documents:
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, _ZIP_MODE, 3
            archive.writestr(member, data, compresslevel=_ZIP_LEVEL)


def _write_receipts(folder: Path, sent: Sequence[receipts.Sent]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for day, group in groupby(sent, key=lambda one: one.issue_date):
        (folder / f"UPO-{day}.xml").write_bytes(receipts.receipt_xml(list(group), session_on=day))


def _write_statements(folder: Path, bank: Bank, transfers: Sequence[DemoTransfer], *, until: date) -> None:
    target = folder / bank.value
    target.mkdir(parents=True, exist_ok=True)
    for file in statements.files(transfers, until=until):
        if bank is Bank.MT940:
            layout = mt940.layout(file.place)
            data = mt940.statement_file(file.statements, own_nrb=utility.MT940_NRB, layout=layout)
            (target / f"{file.stem}.sta").write_bytes(data)
        else:
            version = camt053.VERSIONS[file.place % 2]
            data = camt053.statement_file(file.statements, own_nrb=utility.CAMT_NRB, version=version)
            (target / f"{file.stem}.xml").write_bytes(data)


def _balances(demo: Demo, made: Sequence[DemoFile]) -> Iterator[tables.Row]:
    """What the billing system says is owed; one account differs from what the files add up to."""
    for file in made:
        error = DIFFERENCE if file.account.part is Part.DIFFERS else Decimal(0)
        yield file.account.number, tables.comma(file.balance(until=demo.on) + error), demo.on
