"""What a picture of an invoice arranges: it adds nothing and loses nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.billing.domain.invoices import InvoiceLine, PaidOnInvoice, PrintedSettlement
from ebok.billing.domain.visualization import amount_asked_for, corrected_lines, price_kind
from ebok.billing.domain.wording import change_words, unit_words, vat_rate_words
from tests.adapters.test_typst import INVOICE, line

lines = st.lists(
    st.builds(
        InvoiceLine,
        number=st.integers(1, 5),
        description=st.sampled_from(["woda", "ścieki", "abonament"]),
        unit=st.sampled_from(["m3", None]),
        quantity=st.none(),
        unit_rate=st.none(),
        net_total=st.none(),
        gross_total=st.none(),
        vat_rate=st.sampled_from(["8", "zw"]),
        before_correction=st.booleans(),
    ),
    max_size=12,
)


@given(lines)
def test_every_line_of_a_correction_stands_exactly_once(given_):
    pairs = corrected_lines(given_)
    shown = [id(one) for pair in pairs for one in (pair.before, pair.after) if one is not None]
    assert sorted(shown) == sorted(map(id, given_))
    assert all(pair.before is None or pair.before.before_correction for pair in pairs)
    assert all(pair.after is None or not pair.after.before_correction for pair in pairs)


def test_halves_with_one_number_belong_together_before_halves_of_one_name():
    old, same_name, same_number = line(1, before=True), line(2), line(1, "Woda po zmianie nazwy")
    (first, second) = corrected_lines([old, same_name, same_number])
    assert (first.before, first.after) == (old, same_number)
    assert (second.before, second.after) == (None, same_name)


def test_halves_numbered_one_after_another_are_joined_by_name():
    rows = [line(1, before=True), line(2), line(3, "Ścieki", before=True), line(4, "Ścieki")]
    assert [(p.before.number, p.after.number) for p in corrected_lines(rows)] == [(1, 2), (3, 4)]


PAID = PaidOnInvoice(paid_on=date(2026, 11, 1), amount=Decimal("228.44"))


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, "228.44"),
        ({"paid": (PAID,)}, "0.00"),
        ({"paid": (replace(PAID, amount=Decimal("28.44")),)}, "200.00"),
        ({"gross_total": Decimal("-30.63")}, "0.00"),
        ({"settlement": PrintedSettlement(amount_due=Decimal("300.00"))}, "300.00"),
        ({"settlement": PrintedSettlement(overpaid=Decimal("5.00"))}, "0.00"),
        ({"settlement": PrintedSettlement()}, "228.44"),
    ],
)
def test_an_invoice_asks_for_what_it_prints_and_never_for_less_than_nothing(changes, asked):
    assert amount_asked_for(replace(INVOICE, **changes)) == Decimal(asked)


def test_prices_are_named_by_what_is_printed():
    gross = replace(line(1), net_total=None, gross_total=Decimal(1))
    assert [price_kind(rows) for rows in ([line(1)], [gross], [line(1), gross], [])] == ["netto", "brutto", "", "netto"]


def test_codes_of_the_schema_read_as_words():
    assert [vat_rate_words(rate) for rate in ("8", "zw", "0 KR", "np I", None)] == [
        "8\u00a0%",
        "zw",
        "0\u00a0%",
        "np.",
        "",
    ]
    assert [unit_words(unit) for unit in ("m3", "mies.", None)] == ["m³", "mies.", ""]
    assert change_words(Decimal(0), amount="") == "Korekta nie zmienia kwoty faktury."
    assert change_words(Decimal(1), amount="1,00 zł") == "Korekta zwiększa kwotę faktury o 1,00 zł."
