"""A command given a path that is not there takes nothing, says so, and still prints its report."""

import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command

NOTHING: Final = {"new": 0, "same": 0, "changed": 0, "parked": 0, "refused": []}
IMPORTS: Final = [
    "import_registry",
    "import_invoices",
    "import_upo",
    "import_entries",
    "import_statement",
    "import_consents",
    "import_bounces",
]


def run(*arguments: str) -> tuple[int, Any, str]:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(*arguments, "--json", stdout=out, stderr=err)
    return int(end.value.code or 0), json.loads(out.getvalue()), err.getvalue()


@pytest.mark.parametrize("command", IMPORTS)
def test_one_missing_path_beside_a_good_one_takes_nothing_and_says_so(command: str, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.touch()
    code, report, said = run(command, str(good), str(tmp_path / "absent.zip"))
    assert (code, report) == (2, NOTHING)
    assert str(tmp_path / "absent.zip") in said
    assert "Nic nie wczytano, także z pozostałych ścieżek" in said


@pytest.mark.django_db
@pytest.mark.parametrize("command", sorted({*IMPORTS} - {"import_bounces"}))
def test_a_folder_with_nothing_to_take_is_told_and_no_success(command: str, tmp_path: Path) -> None:
    (tmp_path / "czytaj.doc").touch()
    code, report, said = run(command, str(tmp_path))
    assert (code, report) == (2, NOTHING)
    assert "Nie ma tu plików do wczytania (." in said


def test_a_comparison_with_a_missing_file_compares_nothing_and_says_so(tmp_path: Path) -> None:
    code, report, said = run("compare_balances", str(tmp_path / "absent.csv"))
    assert (code, report) == (2, {"compared": 0, "differing": [], "refused": []})
    assert "Niczego nie porównano" in said
