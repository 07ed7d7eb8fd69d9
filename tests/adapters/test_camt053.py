from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebok.adapters.camt053 import Camt053Reader
from ebok.adapters.mt940 import Mt940Reader
from ebok.adapters.statements import AnyStatementReader
from ebok.kernel.refusals import RefusalCode, UnableToTake
from tests.statements import DAY, OWN, Line, camt, mt940, nrb_of

DATA = Path(__file__).parent.parent / "data" / "camt053"
READER = Camt053Reader()
VIRTUAL = nrb_of(12345, prefix="7700")
VERSIONS = pytest.mark.parametrize("version", ["02", "08"])


def refusal(data: bytes) -> RefusalCode:
    with pytest.raises(UnableToTake) as refused:
        READER.read(data)
    return refused.value.refusal.code


@VERSIONS
def test_an_entry_is_read_with_all_it_says(version):
    line = Line(virtual_nrb=VIRTUAL, title="Woda & ścieki FV/1/2026", reference="E2E-1", collect_id="XX0000012")
    (statement,) = READER.read(camt([line], version=version))
    (movement,) = statement.movements
    assert (statement.own_nrb, statement.opening, statement.closing) == (OWN, Decimal("1000.00"), Decimal("1100.00"))
    assert (movement.amount, movement.booked_on, movement.reversal) == (line.amount, DAY, False)
    assert (movement.counterparty_name, movement.counterparty_nrb) == (line.name, line.payer_nrb)
    assert (movement.accounts_mentioned, movement.collect_id) == ((VIRTUAL,), "XX0000012")
    assert (movement.bank_reference, movement.title.startswith(line.title)) == ("E2E-1", True)


@VERSIONS
def test_several_payments_of_an_entry_must_add_up_to_it(version):
    batch = [Line(), Line(amount=Decimal("7.31"))]
    data = camt([batch], version=version)
    assert [m.amount for m in READER.read(data)[0].movements] == [Decimal("100.00"), Decimal("7.31")]
    assert refusal(data.replace(b">7.31<", b">7.32<")) is RefusalCode.CONSERVATION


@VERSIONS
def test_what_is_not_booked_yet_is_no_movement(version):
    data = camt([Line()], version=version, closing=Decimal("1000.00"))
    assert refusal(data) is RefusalCode.CONSERVATION
    assert READER.read(data.replace(b"BOOK<", b"PDNG<"))[0].movements == ()


@VERSIONS
def test_a_reversal_keeps_the_payer_it_is_given_back_to(version):
    back = Line(amount=Decimal("-100.00"), reversal=True, reference="E2E-1")
    (movement,) = READER.read(camt([back], version=version))[0].movements
    assert (movement.amount, movement.reversal, movement.counterparty_nrb) == (back.amount, True, back.payer_nrb)


def test_a_comment_inside_a_sum_does_not_shorten_it():
    data = camt([Line()]).replace(b">100.00<", b">10<!-- x -->0.00<")
    assert READER.read(data)[0].movements[0].amount == Decimal("100.00")


def test_what_is_no_statement_of_ours_is_refused_with_its_code():
    data = camt([Line()])
    assert refusal(data.replace(b'encoding="UTF-8"?>', b'encoding="UTF-8"?><!DOCTYPE Document>')) is RefusalCode.DOCTYPE
    assert refusal(data[:-9]) is RefusalCode.NOT_XML
    assert refusal(data.replace(b"001.08", b"001.06")) is RefusalCode.SCHEMA_INVALID
    assert refusal(data.replace(b"<CdtDbtInd>CRDT", b"<CdtDbtInd>CRED")) is RefusalCode.SCHEMA_INVALID
    assert refusal(camt([Line()], currency="EUR")) is RefusalCode.CURRENCY
    assert refusal(camt([Line()], own=OWN[:-1] + "6")) is RefusalCode.UNKNOWN_OWN_ACCOUNT
    assert refusal(data.replace(b"OPBD", b"OPAV")) is RefusalCode.MISSING_VALUE
    assert refusal(data.replace(b"2026-11-20</Dt></BookgDt>", b"0001-01-01</Dt></BookgDt>")) is RefusalCode.BAD_DATE


@pytest.mark.parametrize("name", ["genkgo-camt053.v2.minimal.xml", "genkgo-camt053.v8.xml"])
def test_the_foreign_samples_are_of_an_unknown_account(name):
    assert refusal((DATA / name).read_bytes()) is RefusalCode.UNKNOWN_OWN_ACCOUNT


amounts = st.decimals(min_value="0.01", max_value="99999.99", places=2)
entries = st.builds(Line, amount=amounts) | st.builds(Line, amount=amounts.map(lambda a: -a), reversal=st.booleans())


@given(st.lists(entries | st.lists(st.builds(Line, amount=amounts), min_size=2, max_size=4), max_size=5), st.data())
@settings(max_examples=50)
def test_what_is_written_is_what_is_read(given_entries, data):
    version = data.draw(st.sampled_from(["02", "08"]))
    (statement,) = READER.read(camt(given_entries, version=version))
    flat = [line for e in given_entries for line in (e if isinstance(e, list) else [e])]
    assert [(m.amount, m.reversal) for m in statement.movements] == [(x.amount, x.reversal) for x in flat]
    assert [m.position for m in statement.movements] == list(range(1, len(flat) + 1))


def test_one_damaged_character_is_refused_or_changes_no_money():
    sample = camt([Line(amount=Decimal("123.45")), [Line(), Line()], replace(Line(), amount=Decimal("-9.99"))])
    (right,) = READER.read(sample)
    for position in range(sample.index(b"<Acct>"), len(sample)):
        for change in (b"", b"0", b"<", b"\xc5"):
            try:
                (read,) = READER.read(sample[:position] + change + sample[position + 1 :])
            except UnableToTake:
                continue
            assert [(m.amount, m.reversal) for m in read.movements] == [(m.amount, m.reversal) for m in right.movements]


def test_a_file_goes_to_the_reader_of_its_format_or_to_none():
    reader = AnyStatementReader([Camt053Reader(), Mt940Reader()])
    assert reader.read(camt([Line()]))[0].closing == reader.read(mt940([Line()]))[0].closing
    assert not reader.recognizes(b"kot")
    with pytest.raises(UnableToTake) as refused:
        reader.read(b"kot")
    assert refused.value.refusal.code is RefusalCode.UNSUPPORTED_KIND
