"""Storing files for good, and publishing documents for everybody."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, TypedDict

from django.conf import settings
from django.db import IntegrityError, transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.documents.domain import Publication, PublishedKind, path_of
from ebok.documents.models import PublishedDocument, StoredDocument
from ebok.documents.queries import as_publication
from ebok.foundation.bulk import insert_new
from ebok.foundation.durable import absent, sweep_incoming, write_durably

LEFT_BEHIND_AFTER: Final = timedelta(days=1)
WORTH_A_CREW: Final = 250
"""From this many files writing them in another process pays for handing them over."""
_FILE_NAME: Final = re.compile(r"[\w][\w .,()-]{0,123}\.(pdf|txt|docx|odt)", re.IGNORECASE)
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


_BEGINS: Final = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "odt": b"PK\x03\x04"}


class Writing(TypedDict):
    """What `write_durably` is asked."""

    folder: Path
    files: Mapping[str, bytes]


class PublishRefusal(StrEnum):
    """Why a document cannot be published."""

    FILE_NAME = "file_name"
    CONTENT = "content"
    """The bytes are not what the name says."""
    VERSION_EXISTS = "version_exists"


class UnableToPublish(ValueError):
    """The document was not published; `reason` says why."""

    def __init__(self, reason: PublishRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def store(*, contents: Sequence[bytes], media_type: str, now: datetime) -> list[bytes]:
    """Keep each content for good and return their SHA-256 digests in order.

    The files are on the disk under their names before this returns, so a commit that follows never names
    a file that is not there. What is already stored is stored once. Batches of 1,000 are fastest.

    :raises OSError: when the document folder cannot be written.
    """
    digests = _digests(contents)
    write_durably(**_writing(digests, contents))
    _note(digests, contents, media_type, now)
    return digests


def heal(*, contents: Sequence[bytes]) -> int:
    """Write again the files of documents stored before that are gone or damaged. Returns how many.

    :raises OSError: when the document folder cannot be written.
    """
    asked = _writing(_digests(contents), contents)
    lost = absent(**asked)
    if lost:
        write_durably(folder=asked["folder"], files=lost)
    return len(lost)


@contextmanager
def storing(*, contents: Sequence[bytes], media_type: str, crew: Executor, now: datetime) -> Iterator[list[bytes]]:
    """Store like `store` while the body of the `with` does something else; leaving it waits for the disk.

    So a commit after the body never names a file that is not there. A few files are written first instead.

    :raises OSError: when the document folder cannot be written.
    """
    if len(contents) < WORTH_A_CREW:
        yield store(contents=contents, media_type=media_type, now=now)
        return
    digests = _digests(contents)
    written = crew.submit(write_durably, **_writing(digests, contents))
    _note(digests, contents, media_type, now)
    yield digests
    written.result()


def _digests(contents: Sequence[bytes]) -> list[bytes]:
    return [hashlib.sha256(content).digest() for content in contents]


def _writing(digests: Sequence[bytes], contents: Sequence[bytes]) -> Writing:
    files = {path_of(digest): content for digest, content in zip(digests, contents, strict=True)}
    return {"folder": settings.EBOK_DOCUMENTS, "files": files}


def _note(digests: Sequence[bytes], contents: Sequence[bytes], media_type: str, now: datetime) -> None:
    sizes = dict(zip(digests, map(len, contents), strict=True))
    rows = [(digest, media_type, sizes[digest], now) for digest in sorted(sizes)]
    insert_new(StoredDocument, ("sha256", "media_type", "size", "stored_at"), rows)


def sweep(*, now: datetime) -> int:
    """Delete what processes killed over a day ago had begun to write. Returns how many files."""
    return sweep_incoming(folder=settings.EBOK_DOCUMENTS, before=now - LEFT_BEHIND_AFTER)


@transaction.atomic
def publish(
    *,
    content: bytes,
    file_name: str,
    kind: PublishedKind,
    title: str,
    version: str,
    valid_from: date,
    acting: Actor,
    now: datetime,
) -> Publication:
    """Publish one version of a document for everybody.

    :raises UnableToPublish: when the file's name is not fit to publish, its bytes are something else, or the version
        exists.
    """
    if not _FILE_NAME.fullmatch(file_name):
        raise UnableToPublish(PublishRefusal.FILE_NAME)
    suffix = file_name.rpartition(".")[2].lower()
    if not _is(suffix, content):
        raise UnableToPublish(PublishRefusal.CONTENT)
    [digest] = store(contents=[content], media_type=MEDIA_TYPES[suffix], now=now)
    row = PublishedDocument(
        kind=kind.value, title=title, version=version, valid_from=valid_from, file_name=file_name, published_at=now
    )
    row.document = StoredDocument.objects.get(sha256=digest)
    _save_once(row)
    fact = AuditFact(action="document.publish", subject=f"publication:{row.id}", details={"sha256": digest.hex()})
    record(facts=[fact], acting=acting, now=now)
    return as_publication(row)


def _is(suffix: str, content: bytes) -> bool:
    if suffix in _BEGINS:
        return content.startswith(_BEGINS[suffix])
    try:
        return bool(content.decode("utf-8").strip())
    except UnicodeDecodeError:
        return False


def _save_once(row: PublishedDocument) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise UnableToPublish(PublishRefusal.VERSION_EXISTS) from error
