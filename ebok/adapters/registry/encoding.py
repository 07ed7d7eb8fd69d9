"""Decides how a file is encoded: UTF-8 when all of it is, else Windows-1250 when all of it is."""

import codecs
import io
import tempfile
from typing import BinaryIO, Final, NamedTuple

from ebok.kernel.refusals import RefusalCode, UnableToTake

CHUNK_BYTES: Final = 64 * 1024
SPOOL_BYTES: Final = 8 * 1024 * 1024
ENCODINGS: Final = ("utf-8", "cp1250")
# No part of a control character: not C0 (but tab and line ends), DEL, or 0xC2, with which C1 begins in UTF-8.
_HARMLESS: Final = bytes({*b"\t\n\r", *range(0x20, 0x100)} - {0x7F, 0xC2})


class Text(NamedTuple):
    """A file as text; `plain` when no control character can stand in it, so that no line need be asked."""

    stream: io.TextIOWrapper
    plain: bool


def decoded(stream: BinaryIO) -> Text:
    """Return the stream as text with its line ends kept. Reads it twice: once to find the encoding.

    :raises UnableToTake: `bad_encoding` when it is neither UTF-8 nor Windows-1250; `too_large` when a line has no end.
    """
    source = stream if stream.seekable() else _spooled(stream)
    encoding, plain = _encoding(source)
    source.seek(0)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    return Text(io.TextIOWrapper(source, encoding=encoding, errors="strict", newline=""), plain)


def _spooled(stream: BinaryIO) -> BinaryIO:
    copy = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 (the text wrapper owns it)
    while chunk := stream.read(CHUNK_BYTES):
        copy.write(chunk)
    copy.seek(0)
    return copy  # type: ignore[return-value]


def _encoding(source: BinaryIO) -> tuple[str, bool]:
    """Return the encoding, and whether the file is free of control characters."""
    possible = [(name, codecs.getincrementaldecoder(name)("strict")) for name in ENCODINGS]
    marked, plain = False, True
    position = 0
    while chunk := source.read(CHUNK_BYTES):
        marked = marked or (position == 0 and chunk.startswith(codecs.BOM_UTF8))
        _refuse_endless(chunk)
        plain = plain and not chunk.translate(None, _HARMLESS)
        possible = [(name, decoder) for name, decoder in possible if _decodes(decoder, chunk)]
        position += len(chunk)
    possible = [(name, decoder) for name, decoder in possible if _decodes(decoder, b"", final=True)]
    if not possible or (marked and possible[0][0] != "utf-8"):
        raise UnableToTake(RefusalCode.BAD_ENCODING, "Plik nie jest w UTF-8 ani Windows-1250. Zapisz go w UTF-8.")
    return possible[0][0], plain


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_endless(chunk: bytes) -> None:
    if len(chunk) == CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
        raise UnableToTake(RefusalCode.TOO_LARGE, "Plik ma wiersz dłuższy niż 64 KB. Sprawdź, czy to plik CSV.")
