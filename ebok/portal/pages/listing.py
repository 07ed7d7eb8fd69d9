"""A published document as the list shows it: every value already in words."""

from dataclasses import dataclass
from decimal import Decimal

from ebok.documents.domain import Publication
from ebok.foundation.formats import NBSP, decimal_number, long_date

BYTES_IN_KB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDocument:
    """One version: its title, version, first day in force, kind and size of file, and its hash in hexadecimal."""

    id: int
    title: str
    version: str
    valid_from: str
    file_kind: str
    size: str
    sha256: str


def listed(publication: Publication) -> ListedDocument:
    """Put a publication into words."""
    return ListedDocument(
        id=publication.id,
        title=publication.title,
        version=publication.version,
        valid_from=long_date(publication.valid_from),
        file_kind=publication.file_name.rpartition(".")[2].upper(),
        size=file_size(publication.size),
        sha256=publication.sha256.hex(),
    )


def file_size(size: int) -> str:
    """Write a size in bytes as `12 KB` or `1,5 MB`."""
    kilobytes = -(-size // BYTES_IN_KB)
    if kilobytes < BYTES_IN_KB:
        return f"{kilobytes}{NBSP}KB"
    return f"{decimal_number(Decimal(kilobytes) / BYTES_IN_KB, places=1)}{NBSP}MB"
