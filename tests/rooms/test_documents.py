"""Stored files are whole, found by their hash, and never change."""

import hashlib
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from ebok.audit.domain import Actor, ActorKind
from ebok.documents import queries
from ebok.documents.domain import DocumentDamaged, DocumentMissing, PublishedKind, place_of
from ebok.documents.models import StoredDocument
from ebok.documents.operations import PublishRefusal, UnableToPublish, publish, store, sweep
from ebok.foundation.durable import INCOMING

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADMIN = Actor(kind=ActorKind.COMMAND, name="tests")


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 40])
def test_stored_files_are_read_back_by_their_hash_in_order(count: int, tmp_path: Path) -> None:
    contents = [b"document %d" % n for n in range(count)]
    digests = store(contents=contents, media_type="text/plain", now=NOW)
    assert digests == [hashlib.sha256(c).digest() for c in contents]
    assert [queries.read(sha256=d) for d in digests] == contents
    assert list((tmp_path / "documents" / INCOMING).iterdir()) == []
    assert queries.known(digests=[*digests, bytes(32)]) == set(digests)


@pytest.mark.django_db
def test_the_same_content_is_kept_once() -> None:
    first = store(contents=[b"a", b"a", b"b"], media_type="text/plain", now=NOW)
    assert store(contents=[b"b", b"a"], media_type="text/plain", now=NOW) == [first[2], first[0]]
    assert StoredDocument.objects.count() == 2


@pytest.mark.django_db
def test_a_file_cut_short_by_a_crash_is_written_again(tmp_path: Path) -> None:
    place = tmp_path / "documents" / place_of(hashlib.sha256(b"whole").digest())
    place.parent.mkdir(parents=True)
    place.write_bytes(b"wh")
    [digest] = store(contents=[b"whole"], media_type="text/plain", now=NOW)
    assert queries.read(sha256=digest) == b"whole"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 40])
def test_a_damaged_file_of_the_right_size_is_healed_by_storing_it_again(tmp_path: Path, count: int) -> None:
    contents = [b"document %d" % n for n in range(count)]
    digests = store(contents=contents, media_type="text/plain", now=NOW)
    (tmp_path / "documents" / place_of(digests[0])).write_bytes(contents[0].upper())
    store(contents=contents, media_type="text/plain", now=NOW)
    assert [queries.read(sha256=d) for d in digests] == contents


@pytest.mark.django_db
def test_a_damaged_or_absent_file_is_not_handed_out(tmp_path: Path) -> None:
    [digest] = store(contents=[b"invoice"], media_type="text/plain", now=NOW)
    (tmp_path / "documents" / place_of(digest)).write_bytes(b"invoicE")
    with pytest.raises(DocumentDamaged):
        queries.read(sha256=digest)
    with pytest.raises(DocumentMissing):
        queries.read(sha256=bytes(32))


@pytest.mark.django_db
def test_rows_of_stored_documents_never_change() -> None:
    store(contents=[b"x"], media_type="text/plain", now=NOW)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        StoredDocument.objects.update(size=2)


def regulations(version: str, *, file_name: str = "regulamin.pdf") -> None:
    publish(
        content=b"%PDF-1.7 " + version.encode(),
        file_name=file_name,
        kind=PublishedKind.REGULATIONS,
        title="Regulamin eBOK",
        version=version,
        valid_from=date(2026, int(version), 1),
        acting=ADMIN,
        now=NOW,
    )


@pytest.mark.django_db
def test_published_versions_are_listed_newest_first() -> None:
    regulations("1")
    regulations("2")
    assert [(p.version, p.media_type) for p in queries.published()] == [
        ("2", "application/pdf"),
        ("1", "application/pdf"),
    ]


@pytest.mark.django_db
def test_a_version_is_published_once_and_only_under_a_plain_file_name() -> None:
    regulations("1")
    with pytest.raises(UnableToPublish) as again:
        regulations("1")
    assert again.value.reason is PublishRefusal.VERSION_EXISTS
    with pytest.raises(UnableToPublish) as name:
        regulations("2", file_name="../../etc.pdf")
    assert name.value.reason is PublishRefusal.FILE_NAME


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / "documents" / INCOMING
    incoming.mkdir(parents=True)
    for name, age in (("old", timedelta(days=2)), ("young", timedelta(hours=1))):
        (incoming / name).write_bytes(b"half")
        moment = (NOW - age).timestamp()
        os.utime(incoming / name, (moment, moment))
    assert sweep(now=NOW) == 1
    assert [left.name for left in incoming.iterdir()] == ["young"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [("regulamin.pdf", b"hello"), ("regulamin.docx", b"%PDF-1.7"), ("regulamin.txt", b"\xff\xfe"), ("r.txt", b" \n")],
)
def test_what_is_not_what_its_name_says_is_not_published(name: str, content: bytes) -> None:
    with pytest.raises(UnableToPublish) as refusal:
        publish(
            content=content, file_name=name, kind=PublishedKind.OTHER, title="Regulamin", version="1",
            valid_from=date(2026, 1, 1), acting=ADMIN, now=NOW,
        )  # fmt: skip
    assert refusal.value.reason is PublishRefusal.CONTENT
