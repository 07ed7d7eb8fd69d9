"""The whole demo through the commands, twice: the second run changes nothing; what is asked then is told right."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks.state import digests
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS

IMPORTS = {
    "import_registry": "registry",
    "import_invoices": "invoices",
    "import_upo": "upo",
    "import_entries": "entries.csv",
    "import_statement": "statements",
}
ROOT = Path(__file__).resolve().parents[2]
ACCOUNT_KEYS = ["number", "balance", "overdue", "next_due", "as_of", "invoices", "payments"]
INVOICE_KEYS = ["number", "kind", "issue_date", "due_date", "gross_total", "outstanding", "status"]


def url() -> str:
    """The address of the test's database, for processes of their own."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


def run(command: str, *args: object) -> tuple[dict[str, Any], int]:
    """Run an import in this process; its report and exit code."""
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(command, *args, as_json=True, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue()), int(end.value.code or 0)


def ebok(*args: str) -> subprocess.CompletedProcess[str]:
    """The command as people type it."""
    return subprocess.run(
        [sys.executable, "-c", "from ebok.config.cli import main; main()", *args],
        env={**os.environ, "DATABASE_URL": url()}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def import_all(folder: Path) -> Mapping[str, dict[str, Any]]:
    reports = {}
    for command, name in IMPORTS.items():
        reports[command], code = run(command, folder / name)
        assert (reports[command]["refused"], code) == ([], 0)
    return reports


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    call_command("demo", tmp_path / "demo", accounts=MINIMUM_ACCOUNTS, months=6, stdout=StringIO())
    return tmp_path / "demo"


@pytest.mark.django_db(transaction=True)
def test_the_demo_imported_twice_is_the_demo_imported_once(folder: Path) -> None:
    first = import_all(folder)
    assert all(report["new"] for report in first.values())
    before = digests(url())
    again = import_all(folder)
    assert {(report["new"], report["changed"]) for report in again.values()} == {(0, 0)}
    assert [report["same"] + report["parked"] for report in again.values()] == [
        report["new"] + report["parked"] for report in first.values()
    ]
    assert digests(url()) == before
    _check_what_is_told(folder)


def _check_what_is_told(folder: Path) -> None:
    compared, code = run("compare_balances", folder / "balances.csv")
    assert (len(compared["differing"]), code) == (1, 1)
    told = ebok("check_ledger")
    assert (told.returncode, told.stderr) == (0, "")
    assert [line.split()[0] for line in told.stdout.splitlines()] == [*(f"I{n}" for n in range(1, 8)), "I10", "E1"]
    numbers = [line.split(";")[0] for line in (folder / "balances.csv").read_text("utf-8").splitlines()[1:]]
    _check_account(numbers[0])
    _check_readings()


def _check_account(number: str) -> None:
    told = ebok("account", number, "--json")
    account = json.loads(told.stdout)
    assert (told.returncode, list(account), account["number"]) == (0, ACCOUNT_KEYS, number)
    assert all(list(invoice) == INVOICE_KEYS for invoice in account["invoices"])
    issued = [invoice["issue_date"] for invoice in account["invoices"]]
    assert issued == sorted(issued, reverse=True)
    owed = sum(Decimal(invoice["outstanding"]) for invoice in account["invoices"])
    assert Decimal(account["balance"]) <= owed
    unknown = ebok("account", "nobody", "--json")
    assert (unknown.returncode, json.loads(unknown.stdout)) == (1, {"error": "unknown_account"})


def _check_readings() -> None:
    everything = json.loads(ebok("export_readings").stdout)
    table = ebok("export_readings", "--format", "csv")
    assert len(everything["readings"]) == len(table.stdout.splitlines()) - 1 > 0
    assert table.stderr.strip() == everything["cursor"]
