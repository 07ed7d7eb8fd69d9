"""Which of the encodings in use a statement was written in."""

import re
from typing import Final

from ebok.kernel.refusals import RefusalCode, UnableToTake

_ONE_BYTE: Final = ("cp1250", "iso-8859-2", "cp852")
_POLISH: Final = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_CONTROL: Final = re.compile("[\x00\x02\x04-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f-\x9f]")
_CASE_BREAK: Final = re.compile("[a-z][ĄĆĘŁŃÓŚŹŻ]|[A-Z]{2}[ąćęłńóśźż]")
_REPLACED: Final = "\ufffd"


def decode(data: bytes) -> str:
    """Return the text of a statement in UTF-8, CP1250, ISO-8859-2 or CP852.

    UTF-8 when it is UTF-8; else the encoding that gives the most Polish letters and the fewest strange
    signs, without control characters. Equal ones: the first of CP1250, ISO-8859-2, CP852.

    :raises UnableToTake: `bad_encoding` for control characters and for damaged UTF-8.
    """
    text = _utf8(data)
    texts = [text] if text is not None else [t for t in (_one_byte(data, name) for name in _ONE_BYTE) if t is not None]
    readable = [t for t in texts if not _CONTROL.search(t)]
    if not readable:
        raise _unreadable()
    return max(readable, key=_likeness) if len(readable) > 1 else readable[0]


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        tolerant = data.decode("utf-8", errors="replace")
    broken = tolerant.count(_REPLACED)
    whole = sum(1 for c in tolerant if not c.isascii()) - broken
    if whole > broken:
        raise _unreadable()
    return None


def _one_byte(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> int:
    marks = [c for c in text if not c.isascii()]
    polish = sum(1 for c in marks if c in _POLISH)
    strange = sum(2 if c.isalpha() else 3 for c in marks if c not in _POLISH)
    return polish - strange - 2 * len(_CASE_BREAK.findall(text))


def _unreadable() -> UnableToTake:
    return UnableToTake(
        RefusalCode.BAD_ENCODING,
        "Nie da się odczytać znaków tego pliku. Pobierz wyciąg z banku jeszcze raz, najlepiej w kodowaniu UTF-8.",
    )
