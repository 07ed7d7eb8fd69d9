"""Decides how a file is encoded: UTF-8 when all of it is, else Windows-1250 when all of it is."""

import codecs
import io
import tempfile
from typing import BinaryIO, Final

from ebok.kernel.refusals import RefusalCode, UnableToTake

CHUNK_BYTES: Final = 64 * 1024
SPOOL_BYTES: Final = 8 * 1024 * 1024
ENCODINGS: Final = ("utf-8", "cp1250")


def decoded(stream: BinaryIO) -> io.TextIOWrapper:
    """Return the stream as text with its line ends kept. Reads it twice: once to find the encoding.

    :raises UnableToTake: `bad_encoding` when it is neither UTF-8 nor Windows-1250; `too_large` when a line has no end.
    """
    source = stream if stream.seekable() else _spooled(stream)
    encoding = _encoding(source)
    source.seek(0)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    return io.TextIOWrapper(source, encoding=encoding, errors="strict", newline="")


def _spooled(stream: BinaryIO) -> BinaryIO:
    copy = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 (the text wrapper owns it)
    while chunk := stream.read(CHUNK_BYTES):
        copy.write(chunk)
    copy.seek(0)
    return copy  # type: ignore[return-value]


def _encoding(source: BinaryIO) -> str:
    possible = [(name, codecs.getincrementaldecoder(name)("strict")) for name in ENCODINGS]
    marked = False
    position = 0
    while chunk := source.read(CHUNK_BYTES):
        marked = marked or (position == 0 and chunk.startswith(codecs.BOM_UTF8))
        _refuse_binary(chunk)
        possible = [(name, decoder) for name, decoder in possible if _decodes(decoder, chunk)]
        position += len(chunk)
    possible = [(name, decoder) for name, decoder in possible if _decodes(decoder, b"", final=True)]
    if not possible or (marked and possible[0][0] != "utf-8"):
        raise UnableToTake(RefusalCode.BAD_ENCODING, "Plik nie jest w UTF-8 ani Windows-1250. Zapisz go w UTF-8.")
    return possible[0][0]


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(chunk: bytes) -> None:
    if b"\0" in chunk:
        raise UnableToTake(
            RefusalCode.BAD_ENCODING, "To nie jest plik tekstowy w UTF-8 ani Windows-1250. Zapisz go w UTF-8."
        )
    if len(chunk) == CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
        raise UnableToTake(RefusalCode.TOO_LARGE, "Plik ma wiersz dłuższy niż 64 KB. Sprawdź, czy to plik CSV.")
