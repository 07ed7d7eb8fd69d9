"""G2 in the suite: a run that sends invoices dies at each named point, and the next one ends what it left."""

from pathlib import Path

from benchmarks.killing import Place
from benchmarks.killing_runs import POINTS, Bills, dies_at, wrong_after
from tests.databases import own_database


def test_a_run_that_died_is_gone_on_with_and_no_invoice_is_lost_or_sent_twice(tmp_path: Path) -> None:
    bills = Bills(folder=tmp_path / "files")
    bills.write(accounts=6)
    with own_database("runs") as url:
        place = Place(url=url, data=tmp_path / "data")
        bills.book(place)
        for point in POINTS:
            assert dies_at(place, point), point
            if point == POINTS[-1]:
                assert wrong_after(place) == []
