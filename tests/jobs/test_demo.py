"""The demo utility: valid files, the same for the same seed, dated from its day."""

import base64
import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from lxml import etree

import ebok
from ebok.jobs.demo import bulk, mt940, utility
from ebok.jobs.demo.model import Part
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS, Demo
from ebok.jobs.demo.tariffs import split, steps
from ebok.jobs.demo.writing import DIFFERENCE, Written, make, write_demo
from ebok.kernel import identifiers

ADAPTERS = Path(ebok.__file__).parent / "adapters"
ON = date(2026, 11, 22)
SMALL = Demo(seed=7, on=ON, accounts=60, months=8)
FULL = Demo(seed=1, on=ON, accounts=250, months=24)
FA = "{http://crd.gov.pl/wzor/2025/06/25/13775/}"
UPO = "{http://upo.schematy.mf.gov.pl/KSeF/v4-3}"
SAMPLE = 25


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_demo(folder, demo=SMALL)
    return folder


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    folder = tmp_path_factory.mktemp("full")
    return folder, write_demo(folder, demo=FULL)


def documents(folder: Path, suffix: str = ".xml") -> Iterator[tuple[str, bytes]]:
    for path in sorted((folder / "invoices").iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((name, archive.read(name)) for name in archive.namelist() if name.endswith(suffix))
        else:
            yield from ((file.name, file.read_bytes()) for file in sorted(path.iterdir()) if file.suffix == suffix)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return whole.hexdigest()


class BesideIt(etree.Resolver):
    """The ministry's schemas name each other by addresses; the files lie beside each other here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str, public_id: str, context: object) -> object:
        return self.resolve_filename(str(self.folder / url.rsplit("/", 1)[-1]), context)


def schema(*parts: str) -> etree.XMLSchema:
    path = ADAPTERS.joinpath(*parts)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(BesideIt(path.parent))
    return etree.XMLSchema(etree.parse(path, parser))


def invoice_schema() -> etree.XMLSchema:
    return schema("fa3", "schemas", "FA3_v1-0E.xsd")


def test_the_same_demo_has_the_same_bytes_and_another_seed_has_others(small: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "again", demo=SMALL)
    write_demo(tmp_path / "other", demo=Demo(seed=8, on=ON, accounts=60, months=8))
    assert digest(tmp_path / "again") == digest(small) != digest(tmp_path / "other")


def test_every_invoice_of_a_small_demo_holds_against_the_schema(small: Path) -> None:
    fa3 = invoice_schema()
    for name, data in documents(small):
        assert fa3.validate(etree.fromstring(data)), (name, fa3.error_log)


def test_a_sample_of_the_big_demo_holds_against_the_schema(full: tuple[Path, Written]) -> None:
    fa3 = invoice_schema()
    for name, data in list(documents(full[0]))[::SAMPLE]:
        assert fa3.validate(etree.fromstring(data)), (name, fa3.error_log)


def test_net_and_vat_add_up_to_the_total_and_numbers_are_used_once(full: tuple[Path, Written]) -> None:
    numbers = []
    for _, data in documents(full[0]):
        invoice = etree.fromstring(data).find(f"{FA}Fa")
        sums = [Decimal(e.text) for e in invoice if e.tag.startswith((f"{FA}P_13", f"{FA}P_14"))]
        assert sum(sums) == Decimal(invoice.findtext(f"{FA}P_15"))
        numbers.append(invoice.findtext(f"{FA}P_2"))
    assert len(numbers) == len(set(numbers)) == full[1].invoices


def test_invoices_of_every_kind_are_there(full: tuple[Path, Written]) -> None:
    text = b"".join(data for _, data in documents(full[0])).decode()
    for mark in (
        "<RodzajFaktury>KOR<", "<P_15>-", "<StanPrzed>", "<P_12>23<", "<P_12>8<", "<P_12>zw<", "<Podmiot3>",
        "<Rozliczenie>",
        "<DoRozliczenia>", "<DoZaplaty>", "<Zaplacono>", "</TerminPlatnosci><TerminPlatnosci>", "<BrakID>", "<NrKSeF>",
        "<NrKSeFN>", "Legalizacja wygasła", "<AdresKoresp>",
    ):  # fmt: skip
        assert mark in text, mark


def test_a_corrections_rows_stand_in_pairs_and_raise_or_lower(full: tuple[Path, Written]) -> None:
    totals = {"up": 0, "down": 0}
    for bill in (b for f in make(FULL) for b in f.bills if b.corrects):
        assert [line.before for line in bill.lines] == [True, False]
        assert bill.corrects is not None
        assert bill.corrects.issue_date < bill.issue_date
        totals["up" if bill.gross > 0 else "down"] += 1
    assert min(totals.values()) > 0


def test_a_pdf_lies_beside_its_invoice(full: tuple[Path, Written]) -> None:
    stems = {Path(name).stem for name, _ in documents(full[0])}
    ((name, data),) = documents(full[0], suffix=".pdf")
    assert Path(name).stem in stems
    assert data.startswith(b"%PDF-1.4")
    assert data.endswith(b"%%EOF\n")
    start = int(data.split(b"startxref\n")[1].split()[0])
    assert data[start:].startswith(b"xref")


def test_receipts_name_the_exact_bytes_of_the_invoices(full: tuple[Path, Written]) -> None:
    hashes = {base64.b64encode(hashlib.sha256(data).digest()).decode() for _, data in documents(full[0])}
    receipts = sorted((full[0] / "upo").glob("*.xml"))
    assert receipts
    for path in receipts:
        for document in etree.parse(path).getroot().iter(f"{UPO}Dokument"):
            assert identifiers.ksef_number(document.findtext(f"{UPO}NumerKSeFDokumentu"))
            assert document.findtext(f"{UPO}SkrotDokumentu") in hashes


def test_both_versions_of_camt_hold_against_their_schemas(full: tuple[Path, Written]) -> None:
    schemas = {v: schema("camt053", "schemas", f"camt.053.001.{v}.xsd") for v in ("02", "08")}
    seen, shared = set(), 0
    for path in sorted((full[0] / "statements" / "camt053").iterdir()):
        root = etree.parse(path).getroot()
        version = root.nsmap[None][-2:]
        assert schemas[version].validate(root), (path, schemas[version].error_log)
        seen.add(version)
        shared += sum(len(entry.findall(".//{*}TxDtls")) > 1 for entry in root.iter("{*}Ntry"))
    assert seen == {"02", "08"}
    assert shared


def balances_of_camt(path: Path) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    for statement in etree.parse(path).getroot().iter("{*}Stmt"):
        signed = [signed_amount(part) for part in (*statement.findall("{*}Bal"), *statement.findall("{*}Ntry"))]
        yield signed[0], sum(signed[2:], Decimal(0)), signed[1]


def signed_amount(part: etree._Element) -> Decimal:
    amount = Decimal(part.findtext("{*}Amt"))
    return amount if part.findtext("{*}CdtDbtInd") == "CRDT" else -amount


def balances_of_mt940(path: Path, encoding: str) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    opening = moved = Decimal(0)
    for line in path.read_bytes().decode(encoding).splitlines():
        if line.startswith(":60F:"):
            opening, moved = Decimal(line[15:].replace(",", ".")), Decimal(0)
        elif line.startswith(":61:"):
            mark, rest = (line[14:16], line[16:]) if line[14] == "R" else (line[14], line[15:])
            amount = Decimal(rest.split("N")[0].replace(",", "."))
            moved += amount if mark in ("C", "RD") else -amount
        elif line.startswith(":62F:"):
            yield opening, moved, Decimal(line[15:].replace(",", "."))


def test_statements_conserve_and_follow_each_other(full: tuple[Path, Written]) -> None:
    statements = full[0] / "statements"
    camt = [b for path in sorted((statements / "camt053").iterdir()) for b in balances_of_camt(path)]
    files = sorted((statements / "mt940").iterdir(), key=lambda p: (p.stem[:7], len(p.stem), p.stem))
    old = [b for n, path in enumerate(files) for b in balances_of_mt940(path, mt940.layout(n).encoding)]
    for chain in (camt, old):
        assert all(opening + moved == closing for opening, moved, closing in chain)
        assert all(before[2] == after[0] for before, after in pairwise(chain))
    assert len(old) > len(files)


def test_twenty_files_in_a_row_show_every_separator_in_every_encoding() -> None:
    assert len({(mt940.layout(n).separator, mt940.layout(n).encoding) for n in range(20)}) == 20


def test_money_taken_back_and_plain_titles_are_on_the_statements(full: tuple[Path, Written]) -> None:
    text = b"".join(p.read_bytes() for p in sorted((full[0] / "statements" / "mt940").iterdir()))
    assert b"RC" in text
    assert b"ID IPH: OT" in text
    assert any(t.virtual_nrb == "" and t.amount > 0 for f in make(FULL) for t in f.transfers)


def test_every_identifier_has_right_check_digits(full: tuple[Path, Written]) -> None:
    accounts = rows(full[0] / "registry" / "accounts.csv")
    assert len(accounts) == FULL.accounts
    for account in accounts:
        assert identifiers.nrb(account["payment_iban"])
        assert not account["nip"] or identifiers.nip(account["nip"])
        assert not account["pesel"] or identifiers.pesel(account["pesel"])
        assert bool(account["nip"]) == (account["kind"] == "organization")
    assert len({a["payment_iban"] for a in accounts}) == len({a["account_number"] for a in accounts}) == len(accounts)
    assert all(identifiers.nrb(own) == own for own in utility.OWN_NRBS)
    assert identifiers.nip(utility.NIP)


def test_the_tables_name_each_other_and_readings_never_fall(full: tuple[Path, Written]) -> None:
    registry = full[0] / "registry"
    numbers = {a["account_number"] for a in rows(registry / "accounts.csv")}
    points = {p["point_number"]: p["account_number"] for p in rows(registry / "service_points.csv")}
    assert set(points.values()) == numbers
    meters = rows(registry / "meters.csv")
    assert {m["point_number"] for m in meters} == set(points)
    assert len({m["serial_number"] for m in meters}) == len(meters)
    assert {m["role"] for m in meters} == {"main", "subtractive"}
    assert any(m["removed_on"] and m["final_value"] for m in meters)
    readings = rows(registry / "readings.csv")
    assert len(readings) == full[1].readings
    assert {r["serial_number"] for r in readings} <= {m["serial_number"] for m in meters}
    for before, after in pairwise(readings):
        if before["serial_number"] == after["serial_number"]:
            assert before["read_on"] < after["read_on"]
            assert int(before["value_m3"]) <= int(after["value_m3"])


def test_invoices_print_readings_the_registry_knows(small: Path) -> None:
    known = {(r["serial_number"], int(r["value_m3"]), r["read_on"]) for r in rows(small / "registry" / "readings.csv")}
    printed = [
        value
        for _, data in documents(small)
        for value in (e.text for e in etree.fromstring(data).iter(f"{FA}Wartosc"))
        if value.startswith("wodomierz ")
    ]
    assert printed
    for value in printed:
        serial, before, first, _, after, last, _, used, _ = value.removeprefix("wodomierz ").split()
        assert (serial.rstrip(":"), int(before), first.strip("()")) in known
        assert (serial.rstrip(":"), int(after), last.strip("(),")) in known
        assert int(after) - int(before) == int(used)


def test_each_part_of_the_cast_is_played() -> None:
    made = {f.account.part: f for f in make(FULL) if f.account.part is not Part.ORDINARY}
    yesterday = ON - timedelta(days=1)
    jan, anna = made[Part.JAN], made[Part.ANNA]
    overdue = [bill for bill in jan.bills[-3:] if bill.due_dates[0] < ON]
    assert overdue
    assert jan.balance(until=ON) >= sum(bill.gross for bill in jan.bills[-3:])
    assert anna.balance(until=ON) >= anna.bills[-1].gross > 0
    assert anna.bills[-1].due_dates[0] > ON
    assert made[Part.EWA].balance(until=ON) < -100
    assert not made[Part.NOWA].bills
    assert made[Part.NOWA].meters
    assert made[Part.BYLY].account.closed_on is not None
    assert any(t.reversal and t.amount < 0 for t in made[Part.RETURNED].transfers)
    assert max(t.booked_on for f in made.values() for t in f.transfers) <= yesterday


def test_most_customers_owe_nothing_that_is_overdue() -> None:
    made = make(FULL)
    debtors = [f for f in made if f.balance(until=ON) > sum((b.gross for b in f.bills[-2:]), Decimal(0))]
    assert 1 <= len(debtors) < len(made) // 5
    assert any(b.due_dates[0] > ON for f in made for b in f.bills[-1:] if b.due_dates)


def test_forty_premises_belong_to_one_nip(full: tuple[Path, Written]) -> None:
    accounts = rows(full[0] / "registry" / "accounts.csv")
    users = {u["login"]: u for u in json.loads((full[0] / "users.json").read_text(encoding="utf-8"))}
    owned = set(users["zarzad"]["accounts"])
    assert len(owned) == 40
    assert len({a["nip"] for a in accounts if a["account_number"] in owned}) == 1
    assert all(len(user["password"]) >= 12 and user["password"].isascii() for user in users.values())
    assert {"anna", "zarzad", "jan", "nowa", "ewa", "byly"} <= set(users)


def test_one_balance_differs_from_what_the_files_add_up_to(full: tuple[Path, Written]) -> None:
    said = {r["account_number"]: Decimal(r["balance"].replace(",", ".")) for r in rows(full[0] / "balances.csv")}
    wrong = [f for f in make(FULL) if said[f.account.number] != f.balance(until=ON)]
    assert [(f.account.part, said[f.account.number] - f.balance(until=ON)) for f in wrong] == [
        (Part.DIFFERS, DIFFERENCE)
    ]


def test_every_date_moves_with_the_day_it_is_made_for() -> None:
    later = Demo(seed=7, on=ON + timedelta(days=400), accounts=60, months=8)
    assert max(b.issue_date for f in make(SMALL) for b in f.bills) < ON
    assert max(b.issue_date for f in make(later) for b in f.bills) > ON + timedelta(days=390)
    assert min(b.first_day for f in make(later) for b in f.bills) > ON


def test_a_volume_split_at_a_price_step_adds_up() -> None:
    tariff = steps(group="G1", on=ON)
    for volume in range(0, 40, 3):
        shared = split(tariff, first_day=date(2026, 4, 14), last_day=date(2026, 6, 13), volume=volume)
        assert sum(part for _, part in shared) == volume
        assert len(shared) == 2


def test_a_demo_too_small_for_its_cast_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("demo", str(tmp_path), "--accounts", str(MINIMUM_ACCOUNTS - 1))


def test_the_command_writes_the_demo_of_the_day_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", str(tmp_path), "--accounts", "60", "--months", "2", "--on", "2026-11-22")
    assert json.loads(capsys.readouterr().out)["accounts"] == 60
    assert (tmp_path / "balances.csv").exists()


def test_bulk_writes_as_many_valid_rows_as_asked_for(tmp_path: Path) -> None:
    bulk.write_registry(tmp_path / "registry", accounts=30, readings_each=3, on=ON)
    assert len(rows(tmp_path / "registry" / "accounts.csv")) == 30
    assert len(rows(tmp_path / "registry" / "readings.csv")) == 90
    assert bulk.write_invoices(tmp_path / "invoices", count=50, accounts=30, on=ON) == 50
    fa3 = invoice_schema()
    written = sorted((tmp_path / "invoices").rglob("*.xml"))
    assert len(written) == 50
    assert all(fa3.validate(etree.parse(path)) for path in written)
    data = bulk.mt940_statement(movements=40, accounts=30, on=ON)
    assert data.count(b":61:") == 40
    camt = etree.fromstring(bulk.camt_statement(movements=40, accounts=30, on=ON))
    assert len(list(camt.iter("{*}TxDtls"))) == 40
