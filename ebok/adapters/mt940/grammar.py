"""The line grammar of MT940: what is no line of a statement is refused, never guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ebok.kernel.refusals import RefusalCode, UnableToTake

_TAG: Final = re.compile(r":([0-9]{2}[A-Z]?|NS):")
_TAG_LIKE: Final = re.compile(r":.{1,4}:|.?[0-9]{2}[A-Z]?:[0-9CD]{6}")
# How far a colon of either can be.
_TAG_LIKE_LENGTH: Final = 6
_DAMAGED_DETAILS_TAG: Final = re.compile(r".{0,2}(?:86|8.|.6).?:|:8?6?:?")
_HEADER: Final = re.compile(r"\x01?\{1:[^{}]*\}(?:\{2:[^{}]*\})?(?:\{3:(?:\{[^{}]*\})*\})?\{4:")
_TRAILER: Final = re.compile(r"-(?:\x03|\}(?:\{5:(?:\{[^{}]*\})*\})?)?")
_PADDING: Final = frozenset({"", "\x01", "\x03", "\x1a"})
_KNOWN: Final = frozenset({"20", "21", "25", "28", "28C", "60F", "60M", "61", "62F", "62M", "64", "65", "86", "NS"})
_MANY_LINES: Final = frozenset({"86", "NS"})
MAX_DETAIL_LINES: Final = 40


@dataclass(slots=True, kw_only=True)
class Field:
    """One field: its tag, the number of its line in the file, its lines."""

    tag: str
    line: int
    lines: list[str]

    @property
    def value(self) -> str:
        """The field's first line."""
        return self.lines[0]


@dataclass(slots=True, kw_only=True)
class Page:
    """One message: the fields of a statement, or of one page of it, in order; whether its end has been read."""

    line: int
    fields: list[Field] = field(default_factory=list)
    has_closing: bool = False
    closed: bool = False


def not_a_statement(line: int, what: str = "Ten wiersz nie pasuje do formatu MT940") -> UnableToTake:
    """The refusal of a file with a line that breaks the grammar."""
    return UnableToTake(
        RefusalCode.SCHEMA_INVALID, f"{what} (wiersz {line}). Pobierz wyciąg z banku jeszcze raz.", line=line
    )


def pages(text: str) -> Iterator[Page]:
    """Yield the messages of a file.

    :raises UnableToTake: `schema_invalid` with the line that is none of MT940's.
    """
    page: Page | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if "\r" in line:
            raise not_a_statement(number)
        if line.startswith(":20:"):
            if page is not None:
                yield _ended(page, number)
            page = Page(line=number, fields=[Field(tag="20", line=number, lines=[line[4:]])])
        elif page is None:
            _must_be_padding(line, number)
        else:
            _take(page, line, number)
    if page is not None:
        yield page


def _ended(page: Page, number: int) -> Page:
    if not page.has_closing:
        raise not_a_statement(number, "Poprzedni wyciąg w pliku nie ma salda końcowego")
    return page


def _must_be_padding(line: str, number: int) -> None:
    if line.strip() not in _PADDING and not _HEADER.fullmatch(line.strip()):
        raise not_a_statement(number)


def _take(page: Page, line: str, number: int) -> None:
    if page.closed:
        _must_be_padding(line, number)
    elif page.has_closing and _TRAILER.fullmatch(line.strip()):
        page.closed = True
    elif line.startswith(":") and (tag := _TAG.match(line)) is not None:
        _take_tag(page, tag[1], line[tag.end() :], number)
    elif line.strip() not in _PADDING:
        _continue(page, line, number)


def _take_tag(page: Page, tag: str, value: str, number: int) -> None:
    if tag not in _KNOWN:
        raise not_a_statement(number, f"Wyciąg MT940 nie zna pola :{tag}:")
    page.fields.append(Field(tag=tag, line=number, lines=[value]))
    page.has_closing = page.has_closing or tag.startswith("62")


def _continue(page: Page, line: str, number: int) -> None:
    last = page.fields[-1]
    if ":" in line[:_TAG_LIKE_LENGTH] and _TAG_LIKE.match(line):
        raise not_a_statement(number)
    if last.tag == "61":
        if len(last.lines) > 1 or _DAMAGED_DETAILS_TAG.match(line):
            raise not_a_statement(number)
    elif last.tag not in _MANY_LINES or len(last.lines) >= MAX_DETAIL_LINES:
        raise not_a_statement(number)
    last.lines.append(line)
