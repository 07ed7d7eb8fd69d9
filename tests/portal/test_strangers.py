"""G10 in the suite: every address that needs a right, asked for by everybody in every way."""

from pathlib import Path

import pytest

from benchmarks.matrix import look, two_accounts
from benchmarks.small import book_demo


@pytest.mark.django_db
def test_every_id_of_somebody_else_is_not_there(tmp_path: Path) -> None:
    book_demo(tmp_path)
    owner, other = two_accounts()
    seen = look(owner_number=owner, other_number=other, of_each=1, thin=True)
    assert "\n".join(seen.wrong) == ""
    assert seen.foreign > 400
