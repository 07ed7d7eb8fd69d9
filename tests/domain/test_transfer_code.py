from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.billing.domain.transfer_code import (
    CODE_LENGTH,
    LARGEST_AMOUNT,
    TITLE_LENGTH,
    TransferCodeProblem,
    TransferDetails,
    UnableToMakeTransferCode,
    allowed_text,
    recipient_name,
    transfer_code,
    transfer_title,
)

VECTORS = [
    line
    for line in (Path(__file__).parent.parent / "data/zbp/zbp-2d-vectors.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
NRB = "89102010550000000000012345"
NIP = "5265877635"
amounts = st.decimals(min_value=0, max_value=LARGEST_AMOUNT, places=2)
texts = st.text(max_size=200)
digits = st.text("0123456789", min_size=26, max_size=26)


def details(**changes):
    given_ = {"nip": NIP, "nrb": NRB, "amount": Decimal("12.00"), "name": "OPWiK", "title": "FV 1 2"}
    return TransferDetails(**(given_ | changes))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_examples_of_the_standard_come_out_to_the_letter(vector):
    nip, _, nrb, grosze, name, title, first, second, third = vector.split("|")
    made = transfer_code(
        TransferDetails(
            nip=nip, nrb=nrb, amount=Decimal(grosze) / 100, name=name, title=title,
            direct_debit_id=first, invoobill_id=second, reserved=third,
        )
    )  # fmt: skip
    assert made == vector


made_up = st.builds(
    TransferDetails,
    nip=st.sampled_from(["", NIP]), nrb=digits, amount=amounts, name=texts, title=texts,
    direct_debit_id=texts, invoobill_id=texts, reserved=texts,
)  # fmt: skip


@given(made_up)
def test_whatever_is_put_in_the_code_keeps_its_shape(given_):
    if not (allowed_text(given_.name) and allowed_text(given_.title)):
        with pytest.raises(UnableToMakeTransferCode):
            transfer_code(given_)
        return
    code = transfer_code(given_)
    fields = code.split("|")
    assert len(code) <= CODE_LENGTH
    assert len(fields) == 9
    assert fields[:3] == [given_.nip, "PL", given_.nrb]
    assert Decimal(fields[3]) / 100 == given_.amount
    assert len(fields[3]) >= 6
    assert [len(f) <= n for f, n in zip(fields[4:], (20, 32, 20, 12, 24), strict=True)] == [True] * 5
    assert all(allowed_text(f) == f.strip() for f in fields[4:])


@given(texts)
def test_cleaning_a_text_twice_changes_nothing_more(text):
    once = allowed_text(text)
    assert allowed_text(once) == once
    assert "|" not in once


@given(st.lists(texts, max_size=3), texts)
def test_a_title_fits_and_names_numbers_whole_or_not_at_all(invoices, customer):
    title = transfer_title(invoice_numbers=invoices, customer_number=customer)
    assert 0 < len(title) <= TITLE_LENGTH
    assert allowed_text(title) == title
    rest = title.removeprefix("FV ").removeprefix("Klient ")
    joined = " ".join(invoices)
    assert rest in {f"{joined} {customer}", joined, customer, "Woda i ścieki"} or not allowed_text(customer)


def test_the_title_names_the_invoice_and_the_customer():
    title = transfer_title(invoice_numbers=["FV/2026/10/000124"], customer_number="000012445")
    assert title == "FV/2026/10/000124 000012445"


def test_a_number_that_begins_with_a_digit_is_told_to_be_an_invoice():
    assert transfer_title(invoice_numbers=["124/2026"], customer_number="000012445") == "FV 124/2026 000012445"


def test_a_correction_is_named_by_its_own_letters():
    title = transfer_title(invoice_numbers=["FK/2026/11/000167"], customer_number="000100190")
    assert title == "FK/2026/11/000167 000100190"


def test_a_long_title_loses_the_customer_number_before_the_invoice_number():
    title = transfer_title(invoice_numbers=["FV/2026/10/000124/OTWOCK"], customer_number="000012445")
    assert title == "FV/2026/10/000124/OTWOCK"


def test_an_invoice_number_the_code_cannot_write_gives_way_to_the_customer_number():
    assert transfer_title(invoice_numbers=["FV+1"], customer_number="000012445") == "Klient 000012445"


def test_without_an_invoice_the_title_names_the_customer():
    assert transfer_title(invoice_numbers=[], customer_number="000012445") == "Klient 000012445"


def test_a_long_company_name_gives_way_to_the_short_one():
    assert recipient_name(name="Otwockie Przedsiębiorstwo Wodociągów", short_name="OPWiK") == "OPWiK"
    assert recipient_name(name="Wodociągi Sp. z o.o.", short_name="W") == "Wodociągi Sp. z o.o."


def test_foreign_letters_lose_their_accents_and_polish_ones_stay():
    assert allowed_text("Café „Źródło”\n5 € | 7") == "Cafe Źródło 5 7"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"nip": "123"}, TransferCodeProblem.BAD_NIP),
        ({"nrb": "PL" + NRB}, TransferCodeProblem.BAD_ACCOUNT),
        ({"nrb": "٣" * 26}, TransferCodeProblem.BAD_ACCOUNT),
        ({"amount": Decimal("-0.01")}, TransferCodeProblem.BAD_AMOUNT),
        ({"amount": Decimal("0.001")}, TransferCodeProblem.BAD_AMOUNT),
        ({"amount": Decimal("NaN")}, TransferCodeProblem.BAD_AMOUNT),
        ({"amount": LARGEST_AMOUNT + 1}, TransferCodeProblem.BAD_AMOUNT),
        ({"name": "€"}, TransferCodeProblem.NO_NAME),
        ({"title": "|"}, TransferCodeProblem.NO_TITLE),
    ],
)
def test_data_outside_the_standard_are_refused_by_name(changes, problem):
    with pytest.raises(UnableToMakeTransferCode) as refused:
        transfer_code(details(**changes))
    assert refused.value.problem is problem
