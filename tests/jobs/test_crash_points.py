"""G2 in the suite: each import dies at a named point and is run again; `make prove` knows many more deaths."""

from pathlib import Path

from benchmarks.killing import COMMANDS, Journey, Place, differing, end_of, imported, killed_at
from tests.databases import own_database

DEATHS = {
    "import_registry": "import_registry.batch_taken:3",
    "import_invoices": "import_invoices.before_commit",
    "import_statement": "import_statement.after_commit",
}


def test_imports_that_died_end_as_if_nothing_had_been(tmp_path: Path) -> None:
    journey = Journey(folder=tmp_path / "files")
    journey.write(accounts=40, invoices=60, movements=60)
    with own_database("undisturbed") as quiet, own_database("crashed") as disturbed:
        undisturbed = Place(url=quiet, data=tmp_path / "undisturbed")
        crashed = Place(url=disturbed, data=tmp_path / "crashed")
        for command in COMMANDS:
            assert imported(journey, command, undisturbed) == 0
            assert killed_at(journey, command, crashed, point=DEATHS[command])
            assert imported(journey, command, crashed) == 0
        assert differing(end_of(undisturbed), end_of(crashed)) == []
