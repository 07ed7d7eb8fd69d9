"""Texts customers accept: their versions, the markup they are written in, and who accepted what."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.terms.domain import (
    TEXT_MAX_LENGTH,
    AcceptanceChannel,
    Block,
    BlockKind,
    Section,
    TermsText,
    plain_text,
    sections_of,
)
from ebok.terms.models import TermsAcceptance, TermsVersion
from ebok.terms.operations import (
    AcceptTermsRefusal,
    PublishTermsRefusal,
    UnableToAcceptTerms,
    UnableToPublishTerms,
    accept_terms,
    publish_terms,
)
from ebok.terms.queries import accepted, terms_in_force, terms_version, versions

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ACTING = Actor(kind=ActorKind.COMMAND, name="tests", address="192.0.2.1")
TEXT = "Wstęp.\n\n## § 1. Usługi\n\n1. Pierwsza\nusługa.\n2. Druga.\n\nOraz:\n- woda,\n- ścieki.\n"


def publish(version: str = "1", days: int = 0, **more: object) -> TermsText:
    asked = {"text": TEXT, "title": "Regulamin eBOK", "valid_from": TODAY + timedelta(days=days)} | more
    return publish_terms(version=version, today=TODAY, acting=ACTING, now=NOW, **asked)


def test_a_text_is_taken_apart_into_sections_paragraphs_and_lists() -> None:
    assert sections_of(TEXT) == (
        Section(heading="", blocks=(Block(kind=BlockKind.PARAGRAPH, lines=("Wstęp.",)),)),
        Section(
            heading="§ 1. Usługi",
            blocks=(
                Block(kind=BlockKind.NUMBERED, lines=("Pierwsza usługa.", "Druga.")),
                Block(kind=BlockKind.PARAGRAPH, lines=("Oraz:",)),
                Block(kind=BlockKind.BULLETS, lines=("woda,", "ścieki.")),
            ),
        ),
    )


def test_a_numbered_list_keeps_the_numbers_it_was_written_with() -> None:
    [section] = sections_of("1. A\n- x\n2. B\n3. C\n7. D\n")
    assert [(block.kind.value, block.start, block.lines) for block in section.blocks] == [
        ("numbered", 1, ("A",)), ("bullets", 1, ("x",)), ("numbered", 2, ("B", "C")), ("numbered", 7, ("D",)),
    ]  # fmt: skip


def test_what_looks_like_html_is_words() -> None:
    [section] = sections_of("<script>alert(1)</script>\n")
    assert section.blocks[0].lines == ("<script>alert(1)</script>",)


@given(st.text(alphabet="#-1. \nab§<", max_size=200))
def test_no_word_of_any_text_is_lost(text: str) -> None:
    shown = "".join(
        section.heading + "".join("".join(block.lines) for block in section.blocks) for section in sections_of(text)
    )
    for letter in "ab§<":
        assert shown.count(letter) == text.count(letter)


@pytest.mark.django_db
def test_a_version_is_published_with_the_hash_of_its_exact_text_and_an_audit_row() -> None:
    made = publish(text="Ala\r\nma kota  \n\n")
    assert made.text == plain_text("Ala\nma kota")
    assert made.sha256 == hashlib.sha256(b"Ala\nma kota\n").digest()
    assert AuditRow.objects.get().action == "terms.publish"
    assert terms_version(version_id=made.id) == made
    assert terms_version(version_id=made.id + 1) is None


@pytest.mark.django_db
def test_each_version_holds_until_the_next_one_does() -> None:
    assert terms_in_force(today=TODAY) is None
    old, coming = publish("1"), publish("2", days=30)
    assert [one.version for one in versions()] == ["2", "1"]
    assert terms_in_force(today=TODAY - timedelta(days=1)) is None
    for day, version in ((0, old), (29, old), (30, coming), (300, coming)):
        found = terms_in_force(today=TODAY + timedelta(days=day))
        assert found is not None
        assert found.id == version.id


@pytest.mark.django_db
def test_the_first_version_may_hold_since_long_ago_and_no_later_one() -> None:
    publish("1", days=-3000)
    with pytest.raises(UnableToPublishTerms) as refusal:
        publish("2", days=-1)
    assert refusal.value.reason is PublishTermsRefusal.IN_THE_PAST


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, PublishTermsRefusal.BAD_TITLE),
        ({"title": "a\nb"}, PublishTermsRefusal.BAD_TITLE),
        ({"title": "a" * 257}, PublishTermsRefusal.BAD_TITLE),
        ({"version": ""}, PublishTermsRefusal.BAD_VERSION),
        ({"version": "1\0"}, PublishTermsRefusal.BAD_VERSION),
        ({"version": "1" * 65}, PublishTermsRefusal.BAD_VERSION),
        ({"text": " \n "}, PublishTermsRefusal.EMPTY),
        ({"text": "## Tylko tytuł"}, PublishTermsRefusal.EMPTY),
        ({"text": "a\0b"}, PublishTermsRefusal.CONTROL_CHARACTERS),
        ({"text": "a\u202eb"}, PublishTermsRefusal.CONTROL_CHARACTERS),
        ({"text": "a" * TEXT_MAX_LENGTH}, PublishTermsRefusal.TOO_LONG),
        ({"version": "jest"}, PublishTermsRefusal.VERSION_EXISTS),
        ({"version": "2", "days": 5}, PublishTermsRefusal.DAY_TAKEN),
    ],
)
def test_what_is_not_fit_is_refused_with_its_reason(changes: dict[str, object], reason: PublishTermsRefusal) -> None:
    publish("jest", days=5)
    with pytest.raises(UnableToPublishTerms) as refusal:
        publish(**changes)
    assert refusal.value.reason is reason
    assert TermsVersion.objects.count() == 1


@pytest.mark.django_db
def test_an_acceptance_is_recorded_once_with_the_hash_that_was_shown() -> None:
    made = publish()
    ids = {
        accept_terms(who="user:7", version_id=made.id, channel=AcceptanceChannel.ONLINE, acting=ACTING, now=NOW)
        for _ in range(2)
    }
    assert len(ids) == 1
    [found] = accepted(who="user:7")
    assert (found.version_id, found.sha256, found.channel) == (made.id, made.sha256, AcceptanceChannel.ONLINE)
    assert TermsAcceptance.objects.get().address == "192.0.2.1"
    assert AuditRow.objects.filter(action="terms.accept").count() == 1
    assert accepted(who="user:8") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "offset", "reason"),
    [
        ("user:7", 1, AcceptTermsRefusal.NO_SUCH_VERSION),
        ("user:0", 0, AcceptTermsRefusal.NOBODY),
        ("anna", 0, AcceptTermsRefusal.NOBODY),
        ("user:7\n", 0, AcceptTermsRefusal.NOBODY),
    ],
)
def test_an_acceptance_of_nothing_or_by_nobody_is_refused(who: str, offset: int, reason: AcceptTermsRefusal) -> None:
    made = publish()
    with pytest.raises(UnableToAcceptTerms) as refusal:
        accept_terms(who=who, version_id=made.id + offset, channel=AcceptanceChannel.ONLINE, acting=ACTING, now=NOW)
    assert refusal.value.reason is reason


@pytest.mark.django_db
def test_what_was_published_and_accepted_never_changes() -> None:
    made = publish()
    accept_terms(who="application:1", version_id=made.id, channel=AcceptanceChannel.PAPER, acting=ACTING, now=NOW)
    for change in (
        lambda: TermsVersion.objects.update(text="inny"),
        lambda: TermsVersion.objects.all()._raw_delete("default"),
        lambda: TermsAcceptance.objects.update(channel="online"),
        lambda: TermsAcceptance.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_the_database_refuses_a_second_version_of_one_day() -> None:
    publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsVersion.objects.create(
            kind="regulations", version="x", title="x", text="x", sha256=bytes(32), valid_from=TODAY, published_at=NOW,
            published_by="x",
        )  # fmt: skip
