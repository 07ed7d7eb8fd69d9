"""The reader of the billing system's CSV tables."""

import contextlib
import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.adapters.registry import CsvTableReader
from ebok.interchange.domain import TableRow
from ebok.kernel.refusals import RefusalCode, UnableToTake

COLUMNS = frozenset({"number", "name", "city"})
CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85\ufeff"), max_size=20
)


def rows(data: bytes, **options: object) -> list[TableRow]:
    return list(
        CsvTableReader().read(io.BytesIO(data), **{"required": frozenset({"number"}), "known": COLUMNS} | options)
    )


def refusal(data: bytes) -> RefusalCode:
    with pytest.raises(UnableToTake) as refused:
        rows(data)
    return refused.value.refusal.code


@given(
    table=st.lists(st.tuples(CELLS.map(lambda c: c.strip() or "x"), CELLS, CELLS), max_size=8),
    separator=st.sampled_from(";,"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_what_a_csv_writer_wrote_is_read_back(table, separator, end, encoding) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerows([("number", "name", "city"), *table])
    found = rows(out.getvalue().encode(encoding))
    assert [tuple(row.cells.values()) for row in found] == [tuple(c.strip() for c in row) for row in table]


@given(data=st.binary(max_size=400))
def test_any_bytes_below_a_header_are_read_or_refused(data) -> None:
    found: list[TableRow] = []
    with contextlib.suppress(UnableToTake):
        found = rows(b"number;name\n" + data)
    assert all(set(row.cells) == {"number", "name"} for row in found)


def test_windows_1250_and_utf8_give_the_same_names() -> None:
    text = "number;name;city\n1;Żółw Łąkowski;Otwock\n"
    assert rows(text.encode("cp1250")) == rows(text.encode()) == rows(b"\xef\xbb\xbf" + text.encode())


def test_the_same_bytes_are_always_read_in_the_same_encoding_however_late_they_differ() -> None:
    data = b"number;name\n" + b"1;a\n" * 50_000 + "2;Łąka\n".encode("cp1250")
    assert rows(data)[-1].cells["name"] == "Łąka"


@pytest.mark.parametrize(
    "data",
    [b"number\n\x81\n", b"\xef\xbb\xbfnumber\n\xb3\n", "number\n1\n".encode("utf-16")],
    ids=["undefined in both", "marked as UTF-8 and not", "UTF-16"],
)
def test_bytes_in_neither_encoding_are_refused(data) -> None:
    assert refusal(data) is RefusalCode.BAD_ENCODING


@pytest.mark.parametrize(
    "header",
    ["", "name;city", "number;number", 'number;"na'],
    ids=["empty", "required missing", "doubled", "open quote"],
)
def test_a_header_that_cannot_serve_is_refused(header) -> None:
    assert refusal(f"{header}\n1;2\n".encode()) is RefusalCode.MISSING_COLUMN


def test_header_order_case_and_spaces_do_not_matter() -> None:
    assert rows(b" City , NUMBER \r\nOtwock, 7 \r\n")[0].cells == {"city": "Otwock", "number": "7"}


def test_unknown_columns_are_left_out_and_told() -> None:
    told: list[str] = []
    assert rows(b"number;colour\n1;red\n", notice=told.append)[0].cells == {"number": "1"}
    assert told == ["Pominięte kolumny, których eBOK nie zna: colour."]


def test_lines_are_those_of_the_file_also_after_a_cell_of_several_lines() -> None:
    found = rows(b'number;name\n1;"two\nlines"\n\n2;b\n')
    assert [(row.line, row.cells["name"]) for row in found] == [(2, "two\nlines"), (5, "b")]


@pytest.mark.parametrize("bad", ['2;"open', '2;"a"b', "2;a;b;c", "2", '2;"' + "x" * 70_000], ids=lambda bad: bad[:9])
def test_a_damaged_row_spoils_no_other(bad) -> None:
    found = rows(f"number;name\n1;a\n{bad}\n3;c\n4;d\n".encode())
    assert [(row.line, row.fault is None) for row in found] == [(2, True), (3, False), (4, True), (5, True)]
    assert found[1].cells == {"number": "", "name": ""}


CONTROLS = ["\0", "\x07", "\x1b", "\x0b", "\x7f", "\x85", "\x9f"]


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
@pytest.mark.parametrize("cell", ["a{}b", '"a{}\nb"', "{}"])
def test_a_control_character_refuses_its_row_and_no_other(control, cell) -> None:
    found = rows(f"number;name\n1;a\n2;{cell.format(control)}\n3;żółw\n".encode())
    assert [row.fault and row.fault.code for row in found] == [None, RefusalCode.BAD_ENCODING, None]
    assert (found[1].line, found[2].cells["name"]) == (3, "żółw")


def test_a_tab_and_a_no_break_space_are_no_control_characters() -> None:
    assert [row.fault for row in rows("number;name\n1;a\tb\u00a0c\n".encode())] == [None]


def test_in_windows_1250_the_letters_above_ascii_are_no_control_characters() -> None:
    assert rows("number;name\n1;Â€Śś\n".encode("cp1250"))[0].cells["name"] == "Â€Śś"


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    assert rows(b"number;name;;\n1;a;;\n")[0].fault is None


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(count: int) -> int:
        stream = io.BytesIO(b"number;name\n" + b"123456;Jan Kowalski\n" * count)
        tracemalloc.start()
        for _ in _read(stream):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(40_000) < 2 * peak(10_000)


def _read(stream: io.BytesIO) -> Iterator[TableRow]:
    return CsvTableReader().read(stream, required=frozenset({"number"}), known=COLUMNS)
