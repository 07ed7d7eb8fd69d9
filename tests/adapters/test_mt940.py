from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import mt940
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebok.adapters.mt940 import Mt940Reader
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import Statement
from tests.statements import OWN, Line, nrb_of
from tests.statements import mt940 as written

DATA = Path(__file__).parent.parent / "data" / "mt940"
READER = Mt940Reader()
VIRTUAL = nrb_of(12345, prefix="7700")


def money(statements: tuple[Statement, ...]) -> list[object]:
    return [(s.own_nrb, s.opening, s.closing, [(m.amount, m.reversal) for m in s.movements]) for s in statements]


def refusal(data: bytes) -> RefusalCode:
    with pytest.raises(UnableToTake) as refused:
        READER.read(data)
    return refused.value.refusal.code


def test_the_mbank_sample_is_read_with_its_collect_ids():
    (statement,) = READER.read((DATA / "mbank-mt940.sta").read_bytes())
    assert statement.own_nrb == "29114010810000267002001002"
    assert [m.collect_id for m in statement.movements] == [f"XX00000000000{n}" for n in (1, 2, 3)]
    assert {m.counterparty_nrb for m in statement.movements} == {"56114010810000267002001001"}
    assert statement.movements[0].bank_reference == "MB170119012058"
    assert {m.title for m in statement.movements} == {"PRZELEW SRODKOW"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "cp852", "iso-8859-2"])
@pytest.mark.parametrize("separator", ["?", "~", "<", "^", ";"])
def test_every_layout_in_every_encoding_says_the_same(separator, encoding, newline):
    line = Line(
        virtual_nrb=VIRTUAL, title="Zażółć gęślą jaźń FV/2026/11/00012", reference="AB12", collect_id="XX0000012"
    )
    data = written([line], separator=separator, encoding=encoding, newline=newline)
    (statement,) = READER.read(data)
    (movement,) = statement.movements
    assert (movement.amount, movement.booked_on, movement.value_on) == (line.amount, line.day, line.day)
    assert (movement.title, movement.counterparty_name) == (line.title, line.name)
    assert (movement.counterparty_nrb, movement.accounts_mentioned) == (line.payer_nrb, (VIRTUAL,))
    assert (movement.collect_id, movement.bank_reference) == ("XX0000012", "AB12")


@pytest.mark.parametrize("wide", ["Faktura FV/2026/11/00012345", "123456789012345678901234567"])
@pytest.mark.parametrize(
    "virtual",
    [f"?21{VIRTUAL}", f"?21PL{VIRTUAL[:25]}?22{VIRTUAL[25:]}", f"?21{VIRTUAL[:2]} {VIRTUAL[2:14]} ?22{VIRTUAL[14:]}"],
)
def test_an_account_behind_a_title_of_full_width_is_still_an_account(wide, virtual):
    data = (
        f":20:X\n:25:{OWN}\n:28C:7\n:60F:C261120PLN10,00\n:61:261120C5,00NTRFX\n:86:020?00PRZELEW\n?20{wide}\n{virtual}\n"
        "?32JAN KOWALSKI\n:62F:C261120PLN15,00\n"
    )
    (movement,) = READER.read(data.encode())[0].movements
    assert movement.accounts_mentioned == (VIRTUAL,)


def test_an_account_behind_a_title_of_full_width_leaves_the_invoice_number_whole():
    details = f":86:020?20Faktura FV/2026/11/00012345?21{VIRTUAL}"
    data = f":20:X\n:25:{OWN}\n:28C:7\n:60F:C261120PLN10,00\n:61:261120C5,00NTRFX\n{details}\n:62F:C261120PLN15,00\n"
    (movement,) = READER.read(data.encode())[0].movements
    assert movement.title == f"Faktura FV/2026/11/00012345 {VIRTUAL}"


@pytest.mark.parametrize(
    ("mark", "amount", "reversal"),
    [("C", "5.00", False), ("D", "-5.00", False), ("RC", "-5.00", True), ("RD", "5.00", True)],
)
def test_marks_give_sign_and_reversal(mark, amount, reversal):
    opening = Decimal("10.00")
    closing = opening + Decimal(amount)
    data = (
        f":20:X\n:25:{OWN}\n:28C:7/1\n:60F:C261231PLN10,\n:61:2612310102{mark}5,NTRFNONREF\n"
        f":62F:C270102PLN{closing}\n-".replace(".", ",")
    )
    (statement,) = READER.read(data.encode())
    assert [(m.amount, m.reversal) for m in statement.movements] == [(Decimal(amount), reversal)]


def test_an_entry_date_survives_the_turn_of_the_year():
    data = f":20:X\n:25:{OWN}\n:28C:7\n:60F:C261231PLN10,00\n:61:2612310102C5,00NTRFX\n:62F:C270102PLN15,00\n"
    (movement,) = READER.read(data.encode())[0].movements
    assert (movement.value_on, movement.booked_on) == (date(2026, 12, 31), date(2027, 1, 2))


def test_pages_are_joined_and_must_be_whole():
    head = f":20:X\n:25:PL{OWN}\n:28C:7/"
    first = f"{head}1\n:60F:C261120PLN10,00\n:61:261120C5,00NTRFX\n:62M:C261120PLN15,00\n-\n"
    second = f"{head}2\n:60M:C261120PLN15,00\n:61:261120D1,00NTRFX\n:62F:C261120PLN14,00\n-\n"
    (statement,) = READER.read((first + second).encode())
    assert (statement.opening, statement.closing) == (Decimal("10.00"), Decimal("14.00"))
    assert [m.position for m in statement.movements] == [1, 2]
    assert refusal(first.encode()) is RefusalCode.MISSING_VALUE
    assert refusal(second.encode()) is RefusalCode.MISSING_VALUE


def test_a_swift_envelope_and_several_statements_are_read():
    inner = written([Line()], newline="\n").decode().removesuffix("-\n")
    data = "{1:F01XXXXPLPWAXXX0000000000}{2:I940XXXXPLPWXXXXN}{4:\n" + inner + "-}\n" + inner + "-\n"
    assert len(READER.read(data.encode())) == 2


def test_what_is_no_statement_of_ours_is_refused_with_its_code():
    assert refusal(written([Line()], currency="EUR")) is RefusalCode.CURRENCY
    assert refusal(written([Line()]).replace(b"/PL", b"/NL")) is RefusalCode.UNKNOWN_OWN_ACCOUNT
    assert refusal(written([Line()]).replace(b"CN100,00", b"CN100,01")) is RefusalCode.CONSERVATION
    assert refusal(written([Line()]).replace(b"2611201120", b"2613201120")) is RefusalCode.BAD_DATE
    assert refusal(written([Line()]) + b"\x00") is RefusalCode.BAD_ENCODING
    assert refusal(written([Line()]).replace(b":28C:", b":29C:")) is RefusalCode.SCHEMA_INVALID


titles = st.text(alphabet="aąbcćdeęlłnńoósśzźżAŁŻ 0123456789./", max_size=80).map(str.strip)
amounts = st.decimals(min_value="0.01", max_value="99999.99", places=2)
lines = st.builds(Line, amount=amounts, title=titles, reversal=st.just(False)) | st.builds(
    Line, amount=amounts.map(lambda a: -a), title=titles, reversal=st.booleans()
)


@given(st.lists(lines, max_size=6), st.sampled_from("?~<^"))
def test_what_is_written_is_what_is_read(given_lines, separator):
    (statement,) = READER.read(written(given_lines, separator=separator))
    assert [(m.amount, m.reversal) for m in statement.movements] == [(x.amount, x.reversal) for x in given_lines]
    assert statement.opening + sum(m.amount for m in statement.movements) == statement.closing


@given(st.lists(lines, max_size=4), st.sampled_from("?~<^"))
@settings(max_examples=25)
def test_an_independent_reader_sees_the_same_money(given_lines, separator):
    # mt-940 gives a reversal the sign of what it reverses; the field's own meaning is the opposite.
    data = written([replace(line, reversal=False) for line in given_lines], separator=separator)
    (ours,) = READER.read(data)
    theirs = mt940.parse(data.decode())
    assert [m.amount for m in ours.movements] == [t.data["amount"].amount for t in theirs if t.data.get("amount")]
    assert theirs.data["final_closing_balance"].amount.amount == ours.closing


SMALL = written(
    [
        Line(amount=Decimal("123.45"), reference="R1"),
        Line(amount=Decimal("-23.45")),
        Line(amount=Decimal("-10.00"), reversal=True),
    ],
    newline="\n",
)
DAMAGE = [b"", b"0", b",", b"C", b"R", b":", b"\n", b"\xc5"]


@pytest.mark.parametrize("sample", [SMALL, (DATA / "mbank-mt940.sta").read_bytes()], ids=["made", "mbank"])
def test_one_damaged_character_is_refused_or_changes_no_money(sample):
    right = money(READER.read(sample))
    for position in range(len(sample)):
        for change in DAMAGE:
            for rest in (sample[position + 1 :], sample[position:]):
                try:
                    read = money(READER.read(sample[:position] + change + rest))
                except UnableToTake:
                    continue
                assert read == right, (position, change)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for offered in (data, SMALL[:100] + data + SMALL[100:]):
        try:
            statements = READER.read(offered)
        except UnableToTake:
            continue
        for one in statements:
            assert one.opening + sum(movement.amount for movement in one.movements) == one.closing
