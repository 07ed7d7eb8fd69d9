"""Splits CSV text into records, so that a damaged one spoils no other."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from ebok.adapters.registry.encoding import Text
from ebok.kernel.refusals import Refusal, RefusalCode

MAX_RECORD_LINES: Final = 100
MAX_RECORD_CHARACTERS: Final = 64 * 1024
_OPEN_QUOTE: Final = "Cudzysłów nie jest zamknięty. Zamknij go albo podwój."
_STRAY_QUOTE: Final = "Po zamkniętym cudzysłowie stoi tekst. Popraw cudzysłowy w tym wierszu."
_CONTROL: Final = "W wierszu jest znak sterujący, którego nie widać. Usuń go albo wpisz wiersz od nowa."
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What no cell may hold. A tab and a line end inside quotes only part words."""
_LONG: Final = "Wiersz jest za długi: najwyżej 65 536 znaków."


class Record(NamedTuple):
    """One record: the physical line it starts on, its cells, and what is wrong with it."""

    line: int
    cells: list[str]
    fault: Refusal | None = None


def records(text: Text, *, separator: str, first_line: int) -> Iterator[Record]:
    """Yield every record from here on. Lines are counted as in the file, those inside quotes too."""
    lines = _Lines(text, separator, first_line)
    for cells in csv.reader(lines, delimiter=separator, strict=True):
        yield Record(lines.line, cells, lines.fault)


class _Lines:
    """Hands `csv.reader` one whole record at a time and remembers where it began."""

    def __init__(self, text: Text, separator: str, first_line: int) -> None:
        self._text, self._plain = text
        self._separator = separator
        self._next_line = first_line
        self._waiting: list[str] = []
        self.line = first_line
        self.fault: Refusal | None = None

    def __iter__(self) -> Iterator[str]:
        while True:
            content = self._waiting.pop(0) if self._waiting else self._text.readline()
            if not content:
                return
            self.line = self._next_line
            self._next_line += 1
            self.fault = None
            if '"' in content or len(content) > MAX_RECORD_CHARACTERS:
                content = self._whole(content)
            if not self._plain and CONTROL.search(content):
                content = self._faulty(RefusalCode.BAD_ENCODING, _CONTROL, [])
            yield content

    def _whole(self, content: str) -> str:
        """Return the record that starts with this line; "" with `fault` set when there is none."""
        taken = [content]
        while (problem := self._problem(content)) == _OPEN_QUOTE:
            following = self._following()
            if not following or len(taken) == MAX_RECORD_LINES or len(content) + len(following) > MAX_RECORD_CHARACTERS:
                if following:
                    self._waiting.insert(0, following)
                self._waiting[:0] = taken[1:]
                break
            taken.append(following)
            content += following
        if problem is None:
            self._next_line += len(taken) - 1
            return content
        return self._faulty(RefusalCode.TOO_LARGE if problem == _LONG else RefusalCode.BAD_ENCODING, problem, taken)

    def _following(self) -> str:
        return self._waiting.pop(0) if self._waiting else self._text.readline()

    def _faulty(self, code: RefusalCode, reason: str, taken: list[str]) -> str:
        if reason == _STRAY_QUOTE and len(taken) > 1:
            self._waiting[:0] = taken[1:]
        self.fault = Refusal(code=code, reason=reason, line=self.line)
        return "\n"

    def _problem(self, content: str) -> str | None:
        if len(content) > MAX_RECORD_CHARACTERS:
            return _LONG
        try:
            found = list(
                islice(csv.reader(io.StringIO(content, newline=""), delimiter=self._separator, strict=True), 2)
            )
        except csv.Error as error:
            return _OPEN_QUOTE if "unexpected end" in str(error) else _STRAY_QUOTE
        return None if len(found) == 1 else _STRAY_QUOTE
