"""Opens what a command was given: files, folders and ZIPs, within named limits."""

import io
import itertools
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

from ebok.kernel.refusals import RefusalCode, UnableToTake

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_ZIP_MEMBERS: Final = 200_000
MAX_ZIP_RATIO: Final = 200
# Other methods unpack as much as they like at once, whatever is asked for.
PACKED_AS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What the standard library raises on archives that are damaged, locked, or packed in a way it does not know.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file offered to an import: its name as given (`a.zip!b.xml` inside a ZIP), its size, how to open it.

    What is not UTF-8 in a name is written as `\\xNN`, so that a name can be printed and stored. `path` is where
    the file lies, empty inside a ZIP. `open`, and reading what it gives, raise `UnableToTake` alone.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: str = ""

    def read(self, *, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return the file's bytes.

        :raises UnableToTake: `too_large` when it has more than `limit` bytes, `bad_encoding` when it cannot be read.
        """
        with self.open() as stream:
            # By the size it says first: asking for the limit costs a buffer of the limit, file after file.
            data = stream.read(min(self.size, limit) + 1)
            if len(data) > self.size:
                data += stream.read(limit + 1 - len(data))
        if len(data) > limit:
            raise UnableToTake(
                RefusalCode.TOO_LARGE,
                f"Plik jest za duży: więcej niż {limit // 1024 // 1024} MB. Sprawdź, czy to właściwy plik.",
            )
        return data


class NothingThere(FileNotFoundError):
    """A path given to a command does not exist."""


def expand(paths: Iterable[Path], *, suffixes: frozenset[str]) -> Iterator[SourceFile]:
    """Yield every file below `paths` with one of the (lower-case) suffixes, ZIP members included, sorted by name.

    A file named directly is yielded whatever its suffix. A damaged or oversized ZIP is yielded as one
    file whose `open` raises `UnableToTake`, and so is a folder that cannot be looked into.

    :raises NothingThere: when a path does not exist.
    """
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 (the method raises when a folder above is closed to us)
            raise NothingThere(_printable(str(path)))
        closed: list[OSError] = []
        for file in _files_below(path, suffixes | {".zip"}, closed) if path.is_dir() else [str(path)]:
            if _suffix(file) == ".zip":
                yield from _members(Path(file), suffixes)
            else:
                yield file_at(file)
        for error in closed:
            yield _refused(str(error.filename), _unreadable(error))


def file_at(path: str) -> SourceFile:
    """The file at this path."""
    try:
        size = os.stat(path).st_size  # noqa: PTH116
    except OSError as error:
        return _refused(path, _unreadable(error))
    return SourceFile(name=_printable(path), size=size, open=lambda: _opened(path), path=path)


def _opened(path: str) -> BinaryIO:
    try:
        return io.BufferedReader(_OnDisk(path))
    except OSError as error:
        raise _unreadable(error) from error


class _OnDisk(io.FileIO):
    """A file of the disk; a disk that cannot give it back is a refusal like any other."""

    def readinto(self, buffer: Any, /) -> int:
        """Read the next bytes.

        :raises UnableToTake: `bad_encoding` when the system cannot read them.
        """
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise _unreadable(error) from error

    def readall(self) -> bytes:
        """Read all the bytes left.

        :raises UnableToTake: `bad_encoding` when the system cannot read them.
        """
        try:
            return super().readall() or b""
        except OSError as error:
            raise _unreadable(error) from error


def _unreadable(error: OSError) -> UnableToTake:
    told = f"System nie może odczytać pliku ({error.strerror}). Sprawdź dysk i prawa do pliku i wgraj go ponownie."
    return UnableToTake(RefusalCode.BAD_ENCODING, told)


def _printable(path: str) -> str:
    return path if path.isascii() else os.fsencode(path).decode("utf-8", errors="backslashreplace")


def _files_below(folder: Path, suffixes: frozenset[str], closed: list[OSError]) -> list[str]:
    """Plain strings: twenty thousand paths as objects cost as much as reading the files.

    Folders that cannot be looked into are added to `closed`.
    """
    walk = os.walk(folder, onerror=closed.append)
    here = ((parent, name) for parent, _, names in walk for name in names if _suffix(name) in suffixes)
    files = (file for file in itertools.starmap(os.path.join, here) if os.path.isfile(file))  # noqa: PTH113
    return sorted(files, key=lambda file: file.replace(os.sep, "\0"))


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122


def _members(path: Path, suffixes: frozenset[str]) -> Iterator[SourceFile]:
    try:
        archive = zipfile.ZipFile(path)
        members = _named(archive)
    except _DAMAGED:
        told = "Archiwum ZIP jest uszkodzone. Zapisz je jeszcze raz i wgraj ponownie."
        yield _refused(str(path), UnableToTake(RefusalCode.BAD_ENCODING, told))
        return
    if len(members) > MAX_ZIP_MEMBERS:
        told = f"Archiwum ZIP ma więcej niż {MAX_ZIP_MEMBERS} plików. Podziel je na mniejsze."
        yield _refused(str(path), UnableToTake(RefusalCode.TOO_LARGE, told))
        return
    for member in members:
        if Path(member.filename).suffix.lower() in suffixes:
            name = f"{_printable(str(path))}!{_printable(member.filename)}"
            yield SourceFile(name=name, size=member.file_size, open=_member_opener(archive, member))


def _named(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive by name; one without a name is damage, and `is_dir` does not bear it."""
    if not all(member.filename for member in archive.infolist()):
        raise zipfile.BadZipFile
    return sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        if member.file_size > MAX_FILE_BYTES or member.file_size > MAX_ZIP_RATIO * max(member.compress_size, 1024):
            told = "Plik w archiwum ZIP jest za duży po rozpakowaniu. Wgraj go osobno."
            raise UnableToTake(RefusalCode.TOO_LARGE, told)
        if member.compress_type not in PACKED_AS:
            told = "Plik w archiwum ZIP jest spakowany nietypową metodą. Zapisz archiwum zwykłą metodą (Deflate)."
            raise UnableToTake(RefusalCode.BAD_ENCODING, told)
        try:
            return cast(BinaryIO, io.BufferedReader(_Unpacked(archive.open(member))))
        except _DAMAGED as error:
            raise _cannot_unpack() from error

    return open_member


class _Unpacked(io.RawIOBase):
    """A member of an archive; damage that shows only while it is read is a refusal like any other."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self._packed = packed

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always: going back unpacks again from the beginning."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Unpack the next bytes.

        :raises UnableToTake: `bad_encoding` when the member is damaged.
        """
        try:
            data = self._packed.read(len(buffer))
        except _DAMAGED as error:
            raise _cannot_unpack() from error
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the unpacked bytes.

        :raises UnableToTake: `bad_encoding` when the member is damaged before it.
        """
        try:
            return self._packed.seek(offset, whence)
        except _DAMAGED as error:
            raise _cannot_unpack() from error

    def tell(self) -> int:
        """The place in the unpacked bytes."""
        return self._packed.tell()

    def close(self) -> None:
        """Give the archive's handle back."""
        self._packed.close()
        super().close()


def _cannot_unpack() -> UnableToTake:
    return UnableToTake(
        RefusalCode.BAD_ENCODING, "Pliku w archiwum ZIP nie da się rozpakować. Zapisz archiwum jeszcze raz."
    )


def _refused(path: str, why: UnableToTake) -> SourceFile:
    def refuse() -> BinaryIO:
        raise why

    return SourceFile(name=_printable(path), size=0, open=refuse)
