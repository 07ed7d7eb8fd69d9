"""An import killed in the middle, then the same command again: the end is the same as undisturbed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests import postgres
from tests.billing import fa3

FILES = 1_050
KEPT = "SELECT count(*) FROM interchange_parkedinvoice"


@pytest.fixture
def own_database() -> Iterator[str]:
    """A migrated database of this test alone, since a killed process commits for real."""
    ours = postgres.prepare()
    name, server = f"test_{os.getpid()}_killed", os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(ours.template))
        )
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_killed_import_goes_on_where_it_stopped(own_database: str, tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    folder.mkdir()
    for n in range(FILES):
        (folder / f"{n:05}.xml").write_bytes(fa3(f"FV/{n}"))
    command = [sys.executable, "-m", "django", "import_invoices", str(folder), "--json"]
    environment = {**os.environ, "DATABASE_URL": own_database, "EBOK_DATA": str(tmp_path / "data")}
    with psycopg.connect(own_database, autocommit=True) as connection:
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
