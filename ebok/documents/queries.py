"""Reading stored files, and the list of published documents."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings

from ebok.documents.domain import (
    DocumentDamaged,
    DocumentMissing,
    DocumentUnavailable,
    Publication,
    PublishedKind,
    Scan,
    place_of,
)
from ebok.documents.models import PublishedDocument, StoredDocument
from ebok.foundation.encryption import decrypt

_SCANS: Final = {
    b"%PDF": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG": ("image/png", "png"),
}
"""How the kinds of scans that are taken begin."""


def read(*, sha256: bytes) -> bytes:
    """Return the file of this hash, verified.

    :raises DocumentMissing: when there is none.
    :raises DocumentDamaged: when the file on the disk is no longer what was stored.
    :raises DocumentUnavailable: when the disk or the shared folder does not answer.
    """
    try:
        content: bytes = (settings.EBOK_DOCUMENTS / place_of(sha256)).read_bytes()
    except FileNotFoundError as error:
        raise DocumentMissing(sha256.hex()) from error
    except OSError as error:
        raise DocumentUnavailable(sha256.hex()) from error
    if hashlib.sha256(content).digest() != sha256:
        raise DocumentDamaged(sha256.hex())
    return content


def read_scan(*, sha256: bytes, purpose: str, name: str) -> Scan:
    """Return the scan kept under this hash, decrypted; its file is called `name` with the ending of its kind.

    :raises DocumentUnavailable: when the stored file cannot be read.
    :raises UnableToDecrypt: when its key is not known, or it was kept for another purpose.
    """
    content = decrypt(purpose=purpose, sealed=read(sha256=sha256))
    media_type, ending = next(kind for head, kind in _SCANS.items() if content.startswith(head))
    return Scan(content=content, media_type=media_type, file_name=f"{name}.{ending}")


def unsound() -> Iterator[tuple[bytes, DocumentUnavailable]]:
    """Read every stored file, a piece at a time, and name those that are missing, damaged or cannot be read."""
    for sha256, size in StoredDocument.objects.order_by("id").values_list("sha256", "size").iterator():
        fault = _fault(bytes(sha256), size)
        if fault is not None:
            yield bytes(sha256), fault


def _fault(sha256: bytes, size: int) -> DocumentUnavailable | None:
    try:
        with (settings.EBOK_DOCUMENTS / place_of(sha256)).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").digest()
            whole = stream.tell() == size
    except FileNotFoundError:
        return DocumentMissing(sha256.hex())
    except OSError:
        return DocumentUnavailable(sha256.hex())
    return None if whole and digest == sha256 else DocumentDamaged(sha256.hex())


def known(*, digests: Iterable[bytes]) -> set[bytes]:
    """Of these hashes, the ones a stored document has."""
    rows = StoredDocument.objects.filter(sha256__in=list(digests))
    return {bytes(sha256) for sha256 in rows.values_list("sha256", flat=True)}


def published() -> list[Publication]:
    """Every published version, grouped by title, newest in force first."""
    rows = PublishedDocument.objects.select_related("document").order_by("title", "-valid_from", "-id")
    return [as_publication(row) for row in rows]


def publication(*, publication_id: int) -> Publication | None:
    """One published version, None when there is none of this id."""
    row = PublishedDocument.objects.select_related("document").filter(id=publication_id).first()
    return None if row is None else as_publication(row)


def as_publication(row: PublishedDocument) -> Publication:
    """One version as everybody sees it."""
    return Publication(
        id=row.id,
        kind=PublishedKind(row.kind),
        title=row.title,
        version=row.version,
        valid_from=row.valid_from,
        file_name=row.file_name,
        media_type=row.document.media_type,
        size=row.document.size,
        sha256=bytes(row.document.sha256),
        published_at=row.published_at,
    )
