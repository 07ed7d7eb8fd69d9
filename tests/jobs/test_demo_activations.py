"""What the demo tells to type on the pages of activation is what its own files say."""

from datetime import date

import pytest

from ebok.jobs.demo.activations import activations
from ebok.jobs.demo.model import DemoFile, Part
from ebok.jobs.demo.people import Demo
from ebok.jobs.demo.writing import make
from ebok.kernel import identifiers
from ebok.kernel.money import plain

DEMO = Demo(seed=1, on=date(2026, 11, 22), accounts=80, months=8)


@pytest.fixture(scope="module")
def made() -> list[DemoFile]:
    return make(DEMO)


def file_of(made: list[DemoFile], number: str) -> DemoFile:
    return next(file for file in made if file.account.number == number)


def test_each_way_has_an_account_of_its_own_that_nobody_has_a_login_to(made: list[DemoFile]) -> None:
    told = activations(made)
    pages = ["/aktywacja/faktura/", "/aktywacja/list/zamow/", "/aktywacja/dane/", "/aktywacja/dane/"]
    assert [one["page"] for one in told] == pages
    assert len({one["account_number"] for one in told}) == len(told)
    assert {file_of(made, one["account_number"]).account.part for one in told} == {Part.ORDINARY}


def test_the_invoice_is_the_newest_one_of_its_account(made: list[DemoFile]) -> None:
    told = activations(made)[0]
    invoices = [bill for bill in file_of(made, told["account_number"]).bills if bill.corrects is None]
    newest = max(invoices, key=lambda bill: (bill.issue_date, bill.number))
    assert told["invoice_number"] == newest.number
    assert told["gross_total"].replace(",", ".") == plain(newest.gross)


def test_the_codes_go_by_e_mail_and_by_sms(made: list[DemoFile]) -> None:
    mail, sms = activations(made)[2:]
    assert "@" in mail["code_goes_to"]
    assert sms["code_goes_to"].startswith("+48")
    assert all(identifiers.pesel(one["pesel"]) for one in (mail, sms))
    assert file_of(made, sms["account_number"]).account.email == ""
