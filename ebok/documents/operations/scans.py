"""Scans of paper forms: what may come in, and how it is kept.

Pictures are drawn anew, so that nothing but the picture stays: no place, no camera, no hidden data (ASVS 5.2, 14.2.8).
"""

import hashlib
import io
import re
import struct
import warnings
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from ebok.documents.operations.files import store
from ebok.foundation.encryption import encrypt

SCAN_MAX_BYTES: Final = 10 * 1024 * 1024
SCAN_MAX_PIXELS: Final = 24_000_000
JPEG_QUALITY: Final = 88
SEALED_TYPE: Final = "application/octet-stream"
_TAIL_BYTES: Final = 2048
_PDF_HEAD: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END: Final = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF\s*\Z")
_PDF_TABLE: Final = re.compile(rb"(xref\s|[0-9]{1,10}\s+[0-9]{1,5}\s+obj\b)")
# What runs, opens, sends or hides something. An object stream is packed, so nobody can look into it here.
_PDF_ACTIVE: Final = re.compile(
    rb"/(JavaScript|OpenAction|Launch|SubmitForm|ImportData|GoTo[RE]|EmbeddedFiles?|RichMedia|XFA|Encrypt|ObjStm)\b"
)
# Names as short as these stand in any picture by chance: they count where a value or a comment follows.
_PDF_ACTIVE_SHORT: Final = re.compile(
    rb"/(JS|AA)(?:[\x00\s]*(?:%|\(|<[<0-9A-Fa-f\x00\s%])|[\x00\s]+[0-9]{1,20}[\x00\s%])"
)
_PDF_ESCAPE: Final = re.compile(rb"#(3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])")
_PICTURES: Final = {"JPEG": "image/jpeg", "PNG": "image/png"}
# What Pillow raises on pictures that are damaged, cut, or not pictures at all.
_DAMAGED: Final = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError,
    ValueError, EOFError, IndexError, OverflowError, MemoryError, TypeError, KeyError, ZeroDivisionError, struct.error,
)  # fmt: skip


class ScanFault(StrEnum):
    """Why a file is not taken as a scan."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """More than `SCAN_MAX_BYTES`."""
    TOO_MANY_PIXELS = "too_many_pixels"
    UNKNOWN_TYPE = "unknown_type"
    """Neither PDF, nor JPEG, nor PNG, whatever its name says."""
    DAMAGED = "damaged"
    ACTIVE = "active"
    """A PDF that does something, holds files, or is packed or locked so that nobody can look into it."""


class UnableToTakeScan(ValueError):
    """The file was not taken; `reason` says why."""

    def __init__(self, reason: ScanFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedScan:
    """A scan fit to be kept: a PDF as it came, or a picture drawn anew."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedScan:
    """A scan encrypted, and the hash of that."""

    content: bytes
    sha256: bytes


def check_scan(content: bytes) -> CheckedScan:
    """Look into a file by its content alone.

    :raises UnableToTakeScan: with the reason.
    """
    if not content:
        raise UnableToTakeScan(ScanFault.EMPTY)
    if len(content) > SCAN_MAX_BYTES:
        raise UnableToTakeScan(ScanFault.TOO_LARGE)
    if _PDF_HEAD.match(content):
        return _checked_pdf(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _redrawn(content)
    raise UnableToTakeScan(ScanFault.UNKNOWN_TYPE)


def keep_scan(*, scan: CheckedScan, purpose: str, now: datetime) -> bytes:
    """Store a scan encrypted for a purpose. Returns the SHA-256 of what is stored."""
    return keep_sealed(sealed=sealed_scan(scan=scan, purpose=purpose), now=now)


def sealed_scan(*, scan: CheckedScan, purpose: str) -> SealedScan:
    """Encrypt a scan for a purpose; what names it by its hash may be refused before it is stored."""
    content = encrypt(purpose=purpose, plain=scan.content)
    return SealedScan(content=content, sha256=hashlib.sha256(content).digest())


def keep_sealed(*, sealed: SealedScan, now: datetime) -> bytes:
    """Store an encrypted scan. Returns its SHA-256."""
    [digest] = store(contents=[sealed.content], media_type=SEALED_TYPE, now=now)
    return digest


def _checked_pdf(content: bytes) -> CheckedScan:
    end = _PDF_END.search(content[-_TAIL_BYTES:])
    if end is None or not _PDF_TABLE.match(content, int(end[1])):
        raise UnableToTakeScan(ScanFault.DAMAGED)
    # A name may be written with the codes of its letters (ISO 32000-1, 7.3.5).
    plain = _PDF_ESCAPE.sub(lambda code: bytes.fromhex(code[1].decode()), content)
    if _PDF_ACTIVE.search(plain) or _PDF_ACTIVE_SHORT.search(plain):
        raise UnableToTakeScan(ScanFault.ACTIVE)
    return CheckedScan(content=content, media_type="application/pdf")


def _redrawn(content: bytes) -> CheckedScan:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(Image.open(io.BytesIO(content), formats=tuple(_PICTURES)))
    except UnableToTakeScan:
        raise
    except _DAMAGED as error:
        raise UnableToTakeScan(ScanFault.DAMAGED) from error


def _drawn(picture: Image.Image) -> CheckedScan:
    # Before a pixel is unpacked: the size stands in the head of the file.
    if picture.width * picture.height > SCAN_MAX_PIXELS:
        raise UnableToTakeScan(ScanFault.TOO_MANY_PIXELS)
    kind = picture.format or ""
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    made = io.BytesIO()
    bare.save(made, format=kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    return CheckedScan(content=made.getvalue(), media_type=_PICTURES[kind])
