"""Which characters the shipped fonts can draw. A character without a glyph would break the PDF/A promise."""

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

REPLACEMENT: Final = "\ufffd"
LONGEST_WORD: Final = 36
NO_BREAK_SPACE: Final = "\u00a0"
BREAK: Final = "\u200b"
_LONG_WORD: Final = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_SPACES: Final = re.compile(r"[^\S\u00a0]+")
_WINDOWS_UNICODE: Final = ((3, 1), (3, 10))
_SEGMENTS, _GROUPS = 4, 12


def characters(fonts: Iterable[Path]) -> frozenset[str]:
    """Return every printable character that at least one of the TrueType files has a glyph for.

    PDF/A forbids control characters, and PDF/UA private ones, whatever glyph they have.
    """
    found = (chr(code) for font in fonts for code in _codes(font.read_bytes()))
    return frozenset(c for c in found if c.isprintable() or c == NO_BREAK_SPACE)


def drawable(text: str, known: frozenset[str]) -> str:
    """Return the text on one line, in known characters, with places to break inside very long words."""
    line = _SPACES.sub(" ", text).strip(" ")
    shown = "".join(c if c in known else REPLACEMENT for c in line)
    return _LONG_WORD.sub(lambda word: _breakable(word.group()), shown)


def _breakable(word: str) -> str:
    return BREAK.join(word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD))


def _codes(font: bytes) -> Iterator[int]:
    cmap = _table(font, b"cmap")
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)
        if (platform, encoding) in _WINDOWS_UNICODE:
            yield from _subtable(font, cmap + offset)


def _table(font: bytes, tag: bytes) -> int:
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"no {tag!r} in the font")


def _subtable(font: bytes, start: int) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", font, start)
    if kind == _SEGMENTS:
        count = struct.unpack_from(">H", font, start + 6)[0] // 2
        ends = struct.unpack_from(f">{count}H", font, start + 14)
        starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
    elif kind == _GROUPS:
        for index in range(struct.unpack_from(">I", font, start + 12)[0]):
            first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * index)
            yield from range(first, last + 1)
