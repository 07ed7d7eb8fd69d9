"""Publishing a text for everybody, and recording that somebody accepted it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.terms.domain import (
    TEXT_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    VERSION_MAX_LENGTH,
    WHO,
    AcceptanceChannel,
    TermsKind,
    TermsText,
    is_readable,
    plain_text,
    sections_of,
    sha256_of,
)
from ebok.terms.models import TermsAcceptance, TermsVersion
from ebok.terms.queries.texts import versions

PRICE_EFFECT_MAX_LENGTH: Final = 500


class PublishTermsRefusal(StrEnum):
    """Why a text cannot be published."""

    BAD_TITLE = "bad_title"
    BAD_VERSION = "bad_version"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    IN_THE_PAST = "in_the_past"
    """Only the first version may hold since a past day: it was in force on paper."""
    BAD_PRICE_EFFECT = "bad_price_effect"
    """Longer than a line can be, or the regulations have one."""
    VERSION_EXISTS = "version_exists"
    DAY_TAKEN = "day_taken"
    """Another version holds from the same day."""


class UnableToPublishTerms(ValueError):
    """The text was not published; `reason` says why."""

    def __init__(self, reason: PublishTermsRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class AcceptTermsRefusal(StrEnum):
    """Why an acceptance cannot be recorded."""

    NO_SUCH_VERSION = "no_such_version"
    NOBODY = "nobody"


class UnableToAcceptTerms(ValueError):
    """The acceptance was not recorded; `reason` says why."""

    def __init__(self, reason: AcceptTermsRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def publish_terms(
    *,
    text: str,
    title: str,
    version: str,
    valid_from: date,
    today: date,
    acting: Actor,
    now: datetime,
    kind: TermsKind = TermsKind.REGULATIONS,
    price_effect: str = "",
) -> TermsText:
    """Publish one version of a text, in force from `valid_from` until a later one is.

    `price_effect` is what saying yes to it does to the price, in one line; only consents have one.

    :raises UnableToPublishTerms: when the text is not fit to be read, or the version or its day is taken.
    """
    kept = plain_text(text)
    _check_words(kept, title, version)
    _check_price_effect(kind, price_effect)
    _check_place(kind, version, valid_from, today)
    row = TermsVersion(
        kind=kind.value,
        version=version,
        title=title,
        text=kept,
        sha256=sha256_of(kept),
        valid_from=valid_from,
        published_at=now,
        published_by=f"{acting.kind.value}:{acting.name}",
        price_effect=price_effect,
    )
    _save_once(row)
    details = {"version": version, "valid_from": valid_from.isoformat(), "sha256": row.sha256.hex()}
    fact = AuditFact(action="terms.publish", subject=f"terms:{row.id}", details=details)
    record(facts=[fact], acting=acting, now=now)
    return next(one for one in versions(kind=kind) if one.id == row.id)


@transaction.atomic
def accept_terms(*, who: str, version_id: int, channel: AcceptanceChannel, acting: Actor, now: datetime) -> int:
    """Record once that somebody accepted a version, with the hash of the text they were shown. Returns its id.

    The same again is the same acceptance.

    :raises UnableToAcceptTerms: when there is no such version, or `who` is neither `user:<id>` nor `application:<id>`.
    """
    if not WHO.fullmatch(who):
        raise UnableToAcceptTerms(AcceptTermsRefusal.NOBODY)
    version = TermsVersion.objects.filter(id=version_id).first()
    if version is None:
        raise UnableToAcceptTerms(AcceptTermsRefusal.NO_SUCH_VERSION)
    row, made = TermsAcceptance.objects.get_or_create(
        who=who,
        version=version,
        defaults={
            "sha256": version.sha256,
            "channel": channel.value,
            "accepted_at": now,
            "actor_kind": acting.kind.value,
            "actor_name": acting.name,
            "address": acting.address,
        },
    )
    if made:
        fact = AuditFact(action="terms.accept", subject=who, details={"terms": version.id, "channel": channel.value})
        record(facts=[fact], acting=acting, now=now)
    return row.id


def _check_words(text: str, title: str, version: str) -> None:
    faults = (
        (not title.strip() or len(title) > TITLE_MAX_LENGTH or not title.isprintable(), PublishTermsRefusal.BAD_TITLE),
        (
            not version.strip() or len(version) > VERSION_MAX_LENGTH or not version.isprintable(),
            PublishTermsRefusal.BAD_VERSION,
        ),
        (len(text) > TEXT_MAX_LENGTH, PublishTermsRefusal.TOO_LONG),
        (not is_readable(text), PublishTermsRefusal.CONTROL_CHARACTERS),
        (not any(section.blocks for section in sections_of(text)), PublishTermsRefusal.EMPTY),
    )
    for found, reason in faults:
        if found:
            raise UnableToPublishTerms(reason)


def _check_price_effect(kind: TermsKind, price_effect: str) -> None:
    fits = len(price_effect) <= PRICE_EFFECT_MAX_LENGTH and price_effect.isprintable()
    if not fits or (price_effect and kind is TermsKind.REGULATIONS):
        raise UnableToPublishTerms(PublishTermsRefusal.BAD_PRICE_EFFECT)


def _check_place(kind: TermsKind, version: str, valid_from: date, today: date) -> None:
    ours = TermsVersion.objects.filter(kind=kind.value)
    if ours.filter(version=version).exists():
        raise UnableToPublishTerms(PublishTermsRefusal.VERSION_EXISTS)
    if ours.filter(valid_from=valid_from).exists():
        raise UnableToPublishTerms(PublishTermsRefusal.DAY_TAKEN)
    if valid_from < today and ours.exists():
        raise UnableToPublishTerms(PublishTermsRefusal.IN_THE_PAST)


def _save_once(row: TermsVersion) -> None:
    """Two people publishing at once: the database lets one."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise UnableToPublishTerms(PublishTermsRefusal.VERSION_EXISTS) from error
