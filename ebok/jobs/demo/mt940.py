"""Writes MT940 in the five layouts of `:86:` and the four encodings that Polish banks use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ebok.jobs.demo.model import DemoTransfer
from ebok.jobs.demo.statements import DemoStatement

MBANK: Final = ""
SEPARATORS: Final = ("?", "~", "<", "^", MBANK)
ENCODINGS: Final = ("utf-8", "cp1250", "cp852", "iso-8859-2")
_PART_LENGTH: Final = 27
_LINE_LENGTH: Final = 65
_REFERENCE: Final = "NTRFNONREF//"
_TITLE_CODES: Final = ("20", "21", "22", "23")
# Banks do not agree where the account paid to stands.
_VIRTUAL_CODES: Final = {"?": "36", "~": "35", "<": "37", "^": "39"}
# No old code page of a bank has these.
_PLAINER: Final = str.maketrans({"„": '"', "”": '"', "–": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one bank writes: the sign before subfields (none: labels in words), and the encoding."""

    separator: str
    encoding: str

    @property
    def newline(self) -> str:
        """Only the bank of `<` ends its lines the old way."""
        return "\r\n" if self.separator == "<" else "\n"


def layout(place: int) -> Layout:
    """The layout of a file; twenty in a row show every separator in every encoding."""
    return Layout(separator=SEPARATORS[place % len(SEPARATORS)], encoding=ENCODINGS[place % len(ENCODINGS)])


def statement_file(statements: Sequence[DemoStatement], *, own_nrb: str, layout: Layout) -> bytes:
    """The bytes of a file with these statements, one message each."""
    lines = [line for statement in statements for line in _message(statement, own_nrb, layout)]
    return (layout.newline.join(lines) + layout.newline).translate(_PLAINER).encode(layout.encoding)


def _message(statement: DemoStatement, own_nrb: str, layout: Layout) -> Iterator[str]:
    yield f":20:ST{statement.last_day:%y%m%d}/{statement.number}"
    yield f":25:PL{own_nrb}"
    yield f":28C:{statement.number}/1"
    yield f":60F:{_signed(statement.opening)[0]}{statement.first_day:%y%m%d}PLN{_signed(statement.opening)[1]}"
    for place, movement in enumerate(statement.movements, start=1):
        yield from _movement(movement, f"{movement.booked_on:%y%m%d}{statement.number:04d}{place:05d}", layout)
    mark, amount = _signed(statement.closing)
    yield f":62F:{mark}{statement.last_day:%y%m%d}PLN{amount}"
    yield f":64:{mark}{statement.last_day:%y%m%d}PLN{amount}"
    yield "-"


def _signed(amount: Decimal) -> tuple[str, str]:
    return "C" if amount >= 0 else "D", f"{abs(amount):.2f}".replace(".", ",")


def _movement(transfer: DemoTransfer, reference: str, layout: Layout) -> Iterator[str]:
    mark, amount = _signed(transfer.amount)
    if transfer.reversal:
        mark = "RC" if mark == "D" else "RD"
    day = transfer.booked_on
    yield f":61:{day:%y%m%d}{day:%m%d}{mark}{amount}{_REFERENCE}{reference}"
    yield from _labelled(transfer) if layout.separator == MBANK else _subfields(transfer, layout.separator)


def _subfields(transfer: DemoTransfer, separator: str) -> Iterator[str]:
    title = dict(zip(_TITLE_CODES, _cut(transfer.title), strict=False))
    name = dict(zip(("32", "33"), _cut(transfer.name), strict=False))
    virtual = {_VIRTUAL_CODES[separator]: transfer.virtual_nrb} if transfer.virtual_nrb else {}
    other = {"30": transfer.nrb[2:10], "31": transfer.nrb[10:]} if transfer.nrb else {}
    account = {"38": f"PL{transfer.nrb}"} if transfer.nrb else {}
    yield f":86:020{separator}00PRZELEW"
    for group in (title, virtual, other, name, account):
        for code, value in group.items():
            yield f"{separator}{code}{value}"


def _cut(text: str) -> list[str]:
    return [text[start : start + _PART_LENGTH] for start in range(0, len(text), _PART_LENGTH)]


def _labelled(transfer: DemoTransfer) -> Iterator[str]:
    parts = ["911 TRANSAKCJA COLLECT" if transfer.collect_id else "920 PRZELEW ZEWNĘTRZNY"]
    if transfer.collect_id:
        parts.append(f"ID IPH: {transfer.collect_id}")
    if transfer.nrb:
        parts.append(f"Z RACH.: {transfer.nrb}")
    parts += [f"OD: {transfer.name}", f"TYT.: {transfer.title}"]
    text = ":86:" + "; ".join(parts)
    yield from (text[start : start + _LINE_LENGTH] for start in range(0, len(text), _LINE_LENGTH))
