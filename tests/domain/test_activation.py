"""The rules of activation: what people copy from paper, and how long codes and letters last."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ebok.customers.domain import Address
from ebok.enrolment.domain import (
    CODE_TRIES,
    Delivery,
    TypedProblem,
    UnableToRead,
    WaitingLetter,
    bare_number,
    in_postal_order,
    may_order_again,
    read_amount,
    read_number,
    spellings,
    the_one_meant,
    usable,
    without_zeros,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AMOUNTS = st.decimals(min_value=0, max_value=999_999_999, places=2)


@pytest.mark.parametrize(
    "typed",
    [
        "228,44",
        "228.44",
        " 228,44 zł",
        "228.44zł",
        "228,44 PLN",
        "0228,44",
        "228,44\u00a0zł",
        "228,44 ZŁ",
        "228,44 zl.",
    ],
)
def test_an_amount_is_read_however_it_is_written(typed: str) -> None:
    assert read_amount(typed) == Decimal("228.44")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 234,56", "1234.56"), ("1\u00a0234,56 zł", "1234.56"), ("1.234,56", "1234.56"), ("1234.5", "1234.50"),
        ("300", "300.00"), ("0,00", "0.00"), ("12.345.678,90", "12345678.90"), ("0,5", "0.50"),
    ],
)  # fmt: skip
def test_thousands_and_missing_grosze_are_forgiven(typed: str, amount: str) -> None:
    assert read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", TypedProblem.EMPTY), (" \u00a0 ", TypedProblem.EMPTY), ("zł", TypedProblem.EMPTY),
        ("-5,00", TypedProblem.NEGATIVE), ("−5,00", TypedProblem.NEGATIVE), ("２２８,44", TypedProblem.LOOK_ALIKE),
        ("٣٠٠", TypedProblem.LOOK_ALIKE), ("1e5", TypedProblem.NOT_AN_AMOUNT), ("1.234", TypedProblem.NOT_AN_AMOUNT),
        ("1,234,56", TypedProblem.NOT_AN_AMOUNT), ("NaN", TypedProblem.NOT_AN_AMOUNT),
        ("5,", TypedProblem.NOT_AN_AMOUNT), ("12\x00", TypedProblem.NOT_AN_AMOUNT), ("9" * 33, TypedProblem.TOO_LONG),
        ("9" * 10, TypedProblem.NOT_AN_AMOUNT),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, problem: TypedProblem) -> None:
    with pytest.raises(UnableToRead) as refused:
        read_amount(typed)
    assert refused.value.reason is problem


@given(AMOUNTS)
def test_every_amount_reads_back_as_people_write_it(amount: Decimal) -> None:
    plain = f"{amount:.2f}"
    grouped = f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",")
    assert read_amount(plain) == read_amount(grouped) == read_amount(plain.replace(".", ",") + " zł") == amount


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused_never_anything_else(text: str) -> None:
    try:
        amount = read_amount(text)
    except UnableToRead:
        return
    assert amount >= 0
    assert amount == round(amount, 2)


@pytest.mark.parametrize("typed", ["fv/2026/10/000124", " FV / 2026 / 10 / 000124 ", "FV/2026/10/000124\u00a0"])
def test_a_number_is_compared_without_spaces_and_in_capitals(typed: str) -> None:
    assert read_number(typed) == bare_number("FV/2026/10/000124")
    assert bare_number("FV 2026/10/000124") == "FV2026/10/000124"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", TypedProblem.EMPTY), ("\t\n", TypedProblem.EMPTY), ("FV/1\x00", TypedProblem.INVISIBLE),
        ("FV\u200b/1", TypedProblem.INVISIBLE), ("\u202eFV", TypedProblem.INVISIBLE), ("FА/1", TypedProblem.LOOK_ALIKE),
        ("FV/１", TypedProblem.LOOK_ALIKE), ("ＦV/1", TypedProblem.LOOK_ALIKE), ("FV/²", TypedProblem.LOOK_ALIKE),
        ("ﬁ1", TypedProblem.LOOK_ALIKE), ("1" * 257, TypedProblem.TOO_LONG),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_refused_with_its_reason(typed: str, problem: TypedProblem) -> None:
    with pytest.raises(UnableToRead) as refused:
        read_number(typed)
    assert refused.value.reason is problem


def test_polish_letters_belong_to_numbers_and_small_ones_on_file_are_found() -> None:
    assert read_number("łódź/1") == "ŁÓDŹ/1"
    assert spellings("K-1") == {"K-1", "k-1"}


@given(st.text(max_size=300))
@example("\u0345")
@example("\u0149")
def test_any_text_is_a_number_the_limit_counts_as_one_or_refused(text: str) -> None:
    try:
        number = read_number(text)
    except UnableToRead:
        return
    assert number == "".join(text.split()).upper()
    assert read_number(number) == number


@pytest.mark.parametrize(
    ("tries", "used", "days", "good"),
    [(0, False, 1, True), (CODE_TRIES - 1, False, 1, True), (CODE_TRIES, False, 1, False), (0, True, 1, False),
     (0, False, 0, False), (0, False, -1, False)],
)  # fmt: skip
def test_a_code_works_unused_in_time_and_for_five_tries(tries: int, used: bool, days: int, good: bool) -> None:
    expires_at = NOW + timedelta(days=days)
    assert usable(expires_at=expires_at, tries=tries, used_at=NOW if used else None, now=NOW) is good


def test_a_customer_has_one_letter_in_seven_days() -> None:
    assert may_order_again(last_ordered_at=None, now=NOW)
    assert not may_order_again(last_ordered_at=NOW - timedelta(days=7) + timedelta(seconds=1), now=NOW)
    assert may_order_again(last_ordered_at=NOW - timedelta(days=7), now=NOW)


def waiting(
    number: int, *, code: str = "05-400", city: str = "Otwock", street: str = "Polna", house: str, flat: str = ""
):
    at = Address(street=street, house=house, flat=flat, postal_code=code, city=city)
    return WaitingLetter(
        id=number, delivery=Delivery.LETTER, account_numbers=(str(number),), name="A", address=at, ordered_at=NOW,
        ordered_by_customer=False, expires_at=NOW,
    )  # fmt: skip


def test_letters_lie_as_the_post_carries_them() -> None:
    letters = [
        waiting(1, house="10"), waiting(2, house="2"), waiting(3, house="10A"), waiting(4, house="2", flat="11"),
        waiting(5, house="2", flat="3"), waiting(6, house="1", code="05-300"), waiting(7, house="1", street="Leśna"),
    ]  # fmt: skip
    assert [one.id for one in in_postal_order(letters)] == [6, 7, 2, 5, 4, 1, 3]


@given(number=st.integers(min_value=0, max_value=10**12), typed_zeros=st.integers(0, 8), kept_zeros=st.integers(0, 8))
def test_a_number_of_digits_is_the_same_number_whatever_zeros_stand_before_it(
    number: int, typed_zeros: int, kept_zeros: int
) -> None:
    typed, kept = "0" * typed_zeros + str(number), "0" * kept_zeros + str(number)
    assert without_zeros(typed) == without_zeros(kept) == without_zeros(without_zeros(typed))
    assert the_one_meant(typed, spellings(typed) & {kept}) == kept
    assert len(spellings(typed) | {typed}) - len(spellings(kept)) in {-1, 0, 1}


@given(text=st.text(max_size=20))
def test_a_number_with_letters_keeps_its_zeros(text: str) -> None:
    assert without_zeros(f"{text}K") == f"{text}K"


def test_of_several_accounts_only_the_very_number_is_meant() -> None:
    assert the_one_meant("100050", {"100050", "000100050"}) == "100050"
    assert the_one_meant("0100050", {"100050", "000100050"}) == ""
    assert the_one_meant("100050", set()) == ""
