"""A ZIP written while it is sent: memory holds one file of it at a time."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import RawIOBase
from typing import Final

_UNSAFE: Final = re.compile(r"[^\w.-]+")
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledFile:
    """A file of the ZIP, with the day it carries."""

    name: str
    day: date
    data: bytes


def file_stem(number: str) -> str:
    """Return an invoice number as the beginning of a file name: `FV/2026/10/000124` → `FV-2026-10-000124`."""
    return _UNSAFE.sub("-", number).strip("-.")[:LONGEST_NAME] or "faktura"


def zip_stream(files: Iterable[BundledFile]) -> Iterator[bytes]:
    """Yield the ZIP piece by piece. A name that comes again gets a number."""
    sink, used = _Sink(), dict[str, int]()
    with zipfile.ZipFile(sink, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            used[file.name] = used.get(file.name, 0) + 1
            info = zipfile.ZipInfo(_numbered(file.name, used[file.name]), date_time=(*_day(file.day), 0, 0, 0))
            archive.writestr(info, file.data, compress_type=zipfile.ZIP_DEFLATED)
            yield sink.taken()
    yield sink.taken()


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _numbered(name: str, times: int) -> str:
    stem, _, suffix = name.rpartition(".")
    return name if times == 1 else f"{stem}-{times}.{suffix}"


class _Sink(RawIOBase):
    """Where the archive writes: keeps what was not taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._waiting)
        self._waiting.clear()
        return data
