"""Texts a customer accepts: their versions, when each holds, and the small markup they are written in."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

TEXT_MAX_LENGTH: Final = 200_000
TITLE_MAX_LENGTH: Final = 256
VERSION_MAX_LENGTH: Final = 64
WHO: Final = re.compile(r"(user|application):[1-9][0-9]{0,18}")
_HEADING: Final = "## "
_BULLET: Final = re.compile(r"- +(?P<words>.+)")
_NUMBERED: Final = re.compile(r"(?P<number>[0-9]{1,3})\. +(?P<words>.+)")


class TermsKind(StrEnum):
    """What a text is."""

    REGULATIONS = "regulations"
    E_INVOICE = "e_invoice"
    """The wording of the acceptance of electronic invoices."""
    NOTICES_EMAIL = "notices_email"
    NOTICES_SMS = "notices_sms"


class AcceptanceChannel(StrEnum):
    """How somebody accepted."""

    ONLINE = "online"
    PAPER = "paper"
    PHONE = "phone"
    OFFICE = "office"


class BlockKind(StrEnum):
    """The shape of a part of a section."""

    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph (one line) or a list (a line for each item). Plain words, never markup.

    `start` is the number of a numbered list's first item, as written; the next ones follow it one by one.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it; the heading is empty for what stands before the first one."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsText:
    """One published version: its exact text, the SHA-256 of it, and since when and until when (exclusive) it holds.

    `valid_until` is None while no later version is published. `price_effect` is what saying yes does to the price.
    """

    id: int
    kind: TermsKind
    version: str
    title: str
    text: str
    sha256: bytes
    valid_from: date
    valid_until: date | None
    published_at: datetime
    price_effect: str = ""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The text in its parts."""
        return sections_of(self.text)

    def in_force(self, day: date) -> bool:
        """Say whether this version holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """That somebody accepted exactly this text: who (`user:7`), which version, by which channel, when."""

    who: str
    version_id: int
    sha256: bytes
    channel: AcceptanceChannel
    accepted_at: datetime


def sha256_of(text: str) -> bytes:
    """The hash a version is known by: of its text in UTF-8."""
    return hashlib.sha256(text.encode()).digest()


def plain_text(written: str) -> str:
    """The text as it is kept: line ends as `\\n`, none at the ends, one newline last."""
    lines = (line.rstrip() for line in written.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip("\n") + "\n"


def is_readable(text: str) -> bool:
    """Whether every character is one people read: no control or hidden ones but the newline."""
    return all(line.isprintable() for line in text.replace("\u00a0", " ").split("\n"))


def sections_of(text: str) -> tuple[Section, ...]:
    """Take a text apart.

    `## ` starts a section; a line that starts with `- ` or `1. ` is an item of a list; lines that follow each
    other are one paragraph or one item, an empty line ends it. Nothing else means anything: what looks like
    HTML is words.
    """
    sections: list[tuple[str, list[Block]]] = [("", [])]
    for chunk in text.split("\n\n"):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        if lines and lines[0].startswith(_HEADING):
            sections.append((lines.pop(0).removeprefix(_HEADING).strip(), []))
        sections[-1][1].extend(_blocks(lines))
    return tuple(Section(heading=heading, blocks=tuple(blocks)) for heading, blocks in sections if heading or blocks)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    block: Block | None = None
    for line in lines:
        found = _item(line)
        if block is None:
            block = found
        elif _goes_on(block, found):
            block = replace(block, lines=(*block.lines, *found.lines))
        elif found.kind is BlockKind.PARAGRAPH:
            block = replace(block, lines=(*block.lines[:-1], f"{block.lines[-1]} {line}"))
        else:
            yield block
            block = found
    if block is not None:
        yield block


def _goes_on(block: Block, item: Block) -> bool:
    """A list goes on with its next item; a number that is not the next one starts a list of its own."""
    if item.kind is not block.kind or item.kind is BlockKind.PARAGRAPH:
        return False
    return item.kind is BlockKind.BULLETS or item.start == block.start + len(block.lines)


def _item(line: str) -> Block:
    if bullet := _BULLET.fullmatch(line):
        return Block(kind=BlockKind.BULLETS, lines=(bullet["words"],))
    if numbered := _NUMBERED.fullmatch(line):
        return Block(kind=BlockKind.NUMBERED, lines=(numbered["words"],), start=int(numbered["number"]))
    return Block(kind=BlockKind.PARAGRAPH, lines=(line,))


def version_in_force(versions: Iterable[TermsText], *, today: date) -> TermsText | None:
    """Of the versions of one kind, the one that holds on a day; None before the first."""
    return next((one for one in versions if one.in_force(today)), None)
