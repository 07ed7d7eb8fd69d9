"""Letters printed from the server: one file, once, readable by its owner only."""

import io
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from ebok.enrolment.domain import Delivery
from ebok.enrolment.models import ActivationCode
from ebok.enrolment.operations import make_activation_code
from ebok.enrolment.queries import letters_waiting
from ebok.foundation import clock
from tests.activation import CLERK, a_holder

pytestmark = pytest.mark.django_db


def two_letters() -> None:
    for number in ("100001", "100002"):
        make_activation_code(account_ids=[a_holder(number)], delivery=Delivery.LETTER, acting=CLERK, now=clock.now())


def printed(path: Path) -> str:
    said = io.StringIO()
    call_command("print_letters", out=path, stdout=said)
    return said.getvalue()


def test_every_letter_that_waits_is_in_the_file_and_none_waits_any_more(tmp_path: Path) -> None:
    two_letters()
    file = tmp_path / "listy.pdf"
    assert "Zapisano listów: 2." in printed(file)
    assert len(PdfReader(BytesIO(file.read_bytes())).pages) == 2
    assert file.stat().st_mode & 0o777 == 0o600
    assert letters_waiting(now=clock.now()) == []
    assert not ActivationCode.objects.filter(code_encrypted__isnull=False).exists()


def test_a_second_run_prints_nothing_and_makes_no_file(tmp_path: Path) -> None:
    assert "Żaden list nie czeka" in printed(tmp_path / "listy.pdf")
    assert not (tmp_path / "listy.pdf").exists()


@pytest.mark.parametrize("name", ["there.pdf", "no/such/folder.pdf"])
def test_a_file_that_cannot_be_made_leaves_the_letters_waiting(tmp_path: Path, name: str) -> None:
    two_letters()
    (tmp_path / "there.pdf").write_bytes(b"codes of yesterday")
    with pytest.raises(CommandError):
        printed(tmp_path / name)
    assert len(letters_waiting(now=clock.now())) == 2
    assert (tmp_path / "there.pdf").read_bytes() == b"codes of yesterday"
