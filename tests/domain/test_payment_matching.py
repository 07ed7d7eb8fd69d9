from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.adapters.mt940.encoding import decode
from ebok.payments.domain import (
    BookedPeriod,
    Clues,
    Knowledge,
    Match,
    Standing,
    Statement,
    UnmatchedReason,
    accounts_in,
    find_account,
    fingerprints,
    numbers_in,
    standing,
)
from tests.statements import nrb_of

DAY = date(2026, 11, 20)
KNOWN = Knowledge(by_nrb={"A": 1, "B": 2}, by_collect_id={"C": 1}, by_number={"K1": 1}, by_invoice={"F1": 1, "F2": 2})


def clues(nrbs=(), counterparty="", collect="", invoices=(), accounts=()) -> Clues:
    return Clues(nrbs=nrbs, counterparty_nrb=counterparty, collect_id=collect, invoices=invoices, accounts=accounts)


@pytest.mark.parametrize(
    ("given_clues", "account", "names"),
    [
        (clues(nrbs=("A",)), 1, ()),
        (clues(nrbs=("X",), counterparty="B"), 2, ()),
        (clues(nrbs=("B",), invoices=("F1", "F2")), 2, ("F2",)),
        (clues(collect="C"), 1, ()),
        (clues(accounts=("K1",), invoices=("F1",)), 1, ("F1",)),
        (clues(accounts=("K9",), invoices=("F2",)), 2, ("F2",)),
    ],
)
def test_a_credit_finds_its_one_account(given_clues, account, names):
    found = find_account(clues=given_clues, knowledge=KNOWN)
    assert isinstance(found, Match)
    assert (found.account_id, found.settles_first) == (account, names)


@pytest.mark.parametrize(
    ("given_clues", "reason"),
    [
        (clues(), UnmatchedReason.UNKNOWN_PAYER),
        (clues(nrbs=("A", "B")), UnmatchedReason.CONTRADICTORY),
        (clues(nrbs=("B",), collect="C"), UnmatchedReason.CONTRADICTORY),
        (clues(invoices=("F1", "F2")), UnmatchedReason.CONTRADICTORY),
        (clues(accounts=("K1",), invoices=("F2",)), UnmatchedReason.CONTRADICTORY),
    ],
)
def test_a_credit_of_nobody_or_of_two_waits(given_clues, reason):
    assert find_account(clues=given_clues, knowledge=KNOWN) is reason


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Faktura FV/2026/09/00123 za wodę", "FV/2026/09/00123"),
        ("zapłata za fv/2026/09/00123", "FV/2026/09/00123"),
        ("FV 123/2026", "FV 123/2026"),
        ("faktura nr 17", "17"),
        ("FV/2026/0 9/00123", "FV/2026/09/00123"),
    ],
)
def test_a_title_names_an_invoice(title, number):
    assert number in numbers_in(title).invoices


@pytest.mark.parametrize("title", ["klient 12", "nr klienta: 12", "Odbiorca nr 12"])
def test_a_short_account_number_counts_where_the_title_says_what_it_is(title):
    assert "12" in numbers_in(title).accounts


@pytest.mark.parametrize(
    "title",
    ["woda 09/2026", "ul. Nijaka 12 m 3", "05-400 Otwock", "za wrzesień 2026", "20.11.2026", "112026", "20261120"],
)
def test_dates_months_and_houses_are_no_account_numbers(title):
    assert numbers_in(title).accounts == ()


def test_the_number_of_an_invoice_is_not_taken_for_an_account():
    assert "123456" not in numbers_in("faktura nr 123456").accounts
    assert "123456" in numbers_in("woda 123456").accounts


@given(st.text(max_size=600))
def test_any_title_is_read(title):
    numbers_in(title)


@given(st.integers(min_value=0, max_value=10**11), st.sampled_from(["", " ", "\n", "-"]), st.integers(1, 25))
def test_an_account_is_found_wherever_it_stands_and_however_it_is_cut(payer, cut, at):
    nrb = nrb_of(payer)
    text = f"WPLATA NA PL{nrb[:at]}{cut}{nrb[at:]} DZIEKUJE"
    assert accounts_in(text, other_than=()) == (nrb,)
    assert accounts_in(text, other_than=(nrb,)) == ()
    assert accounts_in(text.replace(nrb[-1] + " D", str((int(nrb[-1]) + 1) % 10) + " D"), other_than=()) == ()


@given(st.lists(st.binary(min_size=1, max_size=1), max_size=20), st.integers(0, 20))
def test_fingerprints_never_meet_and_go_on_from_what_is_known(keys, at):
    whole = fingerprints(keys=keys, known=Counter())
    assert len(set(whole)) == len(whole)
    assert fingerprints(keys=keys[at:], known=Counter(keys[:at])) == whole[at:]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "cp852", "iso-8859-2"])
@pytest.mark.parametrize("text", ["Zażółć gęślą jaźń", "ŁÓDŹ ŚWIĘTOJAŃSKA", "bez znaków", "mają", "Księżyc Żółty Ćma"])
def test_polish_text_is_read_in_its_encoding(text, encoding):
    assert decode(text.encode(encoding)) == text


def statement(number: str, opening: str, closing: str, first=DAY, last=DAY) -> Statement:
    return Statement(
        own_nrb="", number=number, first_day=first, last_day=last, opening=Decimal(opening), closing=Decimal(closing),
        movements=(),
    )  # fmt: skip


def test_a_statement_stands_to_the_booked_ones_as_new_same_or_overlapping():
    booked = [BookedPeriod(number="1", first_day=DAY, last_day=DAY, opening=Decimal(0), closing=Decimal(5))]
    known = Counter({b"k": 1})
    later, again, other = statement("2", "5", "9"), statement("1", "0", "5"), statement("2", "1", "6")
    assert standing(statement=later, keys=[b"n"], touching=booked, known=Counter()) is Standing.NEW
    assert standing(statement=later, keys=[b"k"], touching=booked, known=known) is Standing.NEW
    assert standing(statement=again, keys=[b"k"], touching=booked, known=known) is Standing.SAME
    assert standing(statement=other, keys=[b"k"], touching=booked, known=known) is Standing.SAME
    assert standing(statement=other, keys=[b"k", b"k"], touching=booked, known=known) is Standing.OVERLAPS
    assert standing(statement=again, keys=[b"n"], touching=booked, known=Counter()) is Standing.OVERLAPS
