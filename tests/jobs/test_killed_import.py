"""An import killed in the middle, then the same command again: the end is the same as undisturbed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.billing import fa3
from tests.databases import own_database

FILES = 1_050
KEPT = "SELECT count(*) FROM interchange_parkedinvoice"


@pytest.fixture
def database() -> Iterator[str]:
    with own_database("killed") as url:
        yield url


def test_a_killed_import_goes_on_where_it_stopped(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    folder.mkdir()
    for n in range(FILES):
        (folder / f"{n:05}.xml").write_bytes(fa3(f"FV/{n}"))
    command = [sys.executable, "-m", "django", "import_invoices", str(folder), "--json"]
    environment = {**os.environ, "DATABASE_URL": database, "EBOK_DATA": str(tmp_path / "data")}
    with psycopg.connect(database, autocommit=True) as connection:
        first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while first.poll() is None and connection.execute(KEPT).fetchone() == (0,):
            pass
        first.kill()
        first.wait()
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        report = json.loads(again.stdout)
        assert report["parked"] + report["same"] == FILES
        assert report["refused"] == []
        assert connection.execute(KEPT).fetchone() == (FILES,)
    check = subprocess.run([*command[:3], "check_ledger"], env=environment, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout
