"""G3 in the suite: damaged files through the real imports, on the real database."""

from pathlib import Path

import pytest

from benchmarks.fuzz import Fuzz
from benchmarks.hostile import GoodFiles

FILES = 2_000


@pytest.mark.django_db(transaction=True)
def test_two_thousand_damaged_files_crash_nothing_and_book_no_halves(tmp_path: Path) -> None:
    good = GoodFiles()
    fuzz = Fuzz(good=good, folder=tmp_path)
    fuzz.prepare()
    tally = fuzz.run(range(FILES))
    assert tally.faults == []
    assert tally.files == FILES
    assert set(tally.kinds) == {*good.kinds, *good.makers}
    assert all(tally.taken[kind] for kind in tally.kinds), "damage so heavy that nothing goes in proves little"
