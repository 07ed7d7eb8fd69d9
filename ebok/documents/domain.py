"""What the utility publishes for everybody, and why a stored file cannot be read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import PurePosixPath


class PublishedKind(StrEnum):
    """What a published document is."""

    REGULATIONS = "regulations"
    TARIFF = "tariff"
    PRICE_LIST = "price_list"
    WATER_QUALITY = "water_quality"
    FORM = "form"
    PRIVACY = "privacy"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A document anyone may read: one version of it, in force from `valid_from`."""

    id: int
    kind: PublishedKind
    title: str
    version: str
    valid_from: date
    file_name: str
    media_type: str
    size: int
    sha256: bytes
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The scan of a paper form, decrypted, to be served as an attachment."""

    content: bytes
    media_type: str
    file_name: str


class DocumentUnavailable(Exception):
    """A stored file cannot be read now; the text is its hash."""


class DocumentMissing(DocumentUnavailable):
    """No file of this hash is stored."""


class DocumentDamaged(DocumentUnavailable):
    """The stored file no longer has the hash it is named by."""


def place_of(sha256: bytes) -> PurePosixPath:
    """Where a file lies below the document folder: `ab/cd/<sha256>`."""
    return PurePosixPath(path_of(sha256))


def path_of(sha256: bytes) -> str:
    """The same as text, which a batch of a thousand files makes faster."""
    name = sha256.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"
