"""What may be told of an account, a number and an amount that somebody typed."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.einvoicing.domain.checks import (
    Agreement,
    Finding,
    amount_agrees,
    counted_number,
    is_account,
    judge,
    may_be_ours,
    number_spellings,
    plain_token,
)
from ebok.einvoicing.domain.ways import new_token
from ebok.kernel.identifiers import nrb_check_digits

EVERY = list(product([False, True], repeat=3))
AGREEMENTS = st.lists(st.builds(Agreement, account=st.booleans(), amount=st.booleans()), max_size=3)


def of(account: bool, number: bool, amount: bool, *, ours: bool = True) -> Finding:
    """What is found when these agree with the one invoice there is."""
    if not number:
        return judge(ours=ours, of_number=[], sum_on_account=account and amount)
    return judge(ours=ours, of_number=[Agreement(account=account, amount=amount)], sum_on_account=account and amount)


def test_all_eight_ways_in_which_three_things_agree_or_do_not() -> None:
    assert {agree: of(*agree) for agree in EVERY} == {
        (True, True, True): Finding.ALL_AGREE,
        (True, True, False): Finding.AMOUNT_DIFFERS,
        (True, False, True): Finding.NUMBER_DIFFERS,
        (False, True, True): Finding.ACCOUNT_DIFFERS,
        (True, False, False): Finding.CANNOT_CONFIRM,
        (False, True, False): Finding.CANNOT_CONFIRM,
        (False, False, True): Finding.CANNOT_CONFIRM,
        (False, False, False): Finding.CANNOT_CONFIRM,
    }


@pytest.mark.parametrize("agree", EVERY)
def test_an_account_that_is_not_ours_is_all_that_is_said(agree: tuple[bool, bool, bool]) -> None:
    assert of(*agree, ours=False) is Finding.NOT_OUR_ACCOUNT


@given(body=st.text("0123456789", min_size=24, max_size=24), place=st.integers(0, 25), more=st.integers(1, 9))
def test_with_any_one_digit_changed_it_is_no_account_and_never_ours(body: str, place: int, more: int) -> None:
    nrb = nrb_check_digits(body) + body
    changed = nrb[:place] + str((int(nrb[place]) + more) % 10) + nrb[place + 1 :]
    assert (is_account(nrb), is_account(changed)) == (True, False)
    assert [may_be_ours(nrb=changed, known=False, knows_any=any_) for any_ in (True, False)] == [False, False]
    assert [may_be_ours(nrb=nrb, known=False, knows_any=any_) for any_ in (True, False)] == [False, True]


def test_what_we_printed_ourselves_is_ours_even_with_wrong_check_digits() -> None:
    assert may_be_ours(nrb="0" * 26, known=True, knows_any=True)


@given(of_number=AGREEMENTS, on_account=st.booleans())
def test_no_answer_tells_more_than_two_things_that_agree(of_number: list[Agreement], on_account: bool) -> None:
    found = judge(ours=True, of_number=of_number, sum_on_account=on_account)
    two_agree = on_account or any(one.account or one.amount for one in of_number)
    assert two_agree or found is Finding.CANNOT_CONFIRM
    told = {(one.account, one.amount) for one in of_number}
    if found is Finding.ACCOUNT_DIFFERS:
        assert (False, True) in told
    if found is Finding.AMOUNT_DIFFERS:
        assert (True, False) in told
    if found is Finding.NUMBER_DIFFERS:
        assert on_account
    assert (found is Finding.ALL_AGREE) == ((True, True) in told)


@given(of_number=AGREEMENTS)
def test_that_a_number_exists_is_not_told_when_the_rest_differs(of_number: list[Agreement]) -> None:
    wrong = [*of_number, Agreement(account=False, amount=False)]
    for on_account in (False, True):
        assert judge(ours=True, of_number=wrong, sum_on_account=on_account) is judge(
            ours=True, of_number=of_number, sum_on_account=on_account
        )


@pytest.mark.parametrize(
    ("typed", "gross", "to_pay", "agrees"),
    [
        ("108.00", "108.00", "108.00", True),
        ("108.01", "108.00", "108.00", False),
        ("208.00", "108.00", "208.00", True),
        ("108.00", "108.00", "208.00", True),
        ("0.00", "108.00", "0.00", False),
        ("-54.00", "-54.00", "0.00", True),
        ("54.00", "-54.00", "0.00", True),
        ("0.00", "-54.00", "0.00", False),
        ("-108.00", "108.00", "108.00", False),
    ],
)
def test_an_amount_agrees_when_the_invoice_prints_it(typed: str, gross: str, to_pay: str, agrees: bool) -> None:
    assert amount_agrees(typed=Decimal(typed), gross_total=Decimal(gross), to_pay=Decimal(to_pay)) is agrees


TOKEN = "7KQ2MXR4VD9WTHB3F8JC0A1EGN"


@pytest.mark.parametrize(
    "typed",
    [
        TOKEN,
        TOKEN.lower(),
        "7KQ2-MXR4-VD9W-THB3-F8JC-0A1E-GN",
        " 7kq2m xr4vd 9wthb 3f8jc 0a1eg n ",
        TOKEN.replace("0", "O").replace("1", "I"),
        TOKEN.replace("0", "o").replace("1", "l"),
        f"https://ebok.example.pl/f/{TOKEN}/",
        f"EBOK.EXAMPLE.PL/F/{TOKEN}",
        "７KQ2MXR4VD9WTHB3F8JC0A1EGN",
    ],
)
def test_a_printed_code_is_read_however_it_is_typed(typed: str) -> None:
    assert plain_token(typed) == TOKEN


@pytest.mark.parametrize(
    "typed", ["", "x", TOKEN[:-1], TOKEN + "0", TOKEN[:-1] + "Ą", "\x00" * 30, "7" * 100_000, "/f/"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert plain_token(typed) == ""


def test_every_code_that_is_printed_is_read_back() -> None:
    token = new_token()
    assert plain_token(token) == token


@given(typed=st.text(max_size=600))
def test_whatever_is_typed_for_a_code_is_a_code_or_nothing(typed: str) -> None:
    found = plain_token(typed)
    assert found == "" or plain_token(found) == found


@given(typed=st.text(max_size=300))
def test_an_invoice_number_has_few_spellings(typed: str) -> None:
    assert 1 <= len(number_spellings(typed)) <= 6


@given(typed=st.text(alphabet="Ff /1ßſK\u212aİ\u00a0", max_size=12))
def test_tries_at_every_number_a_spelling_finds_are_counted_as_one(typed: str) -> None:
    assert {counted_number(found) for found in number_spellings(typed)} == {counted_number(typed)}


def test_an_invoice_number_is_found_in_other_letters_and_without_its_blanks() -> None:
    assert {"FV 12/2026", "FV12/2026", "fv 12/2026"} <= number_spellings(" fv  12/2026 ")
