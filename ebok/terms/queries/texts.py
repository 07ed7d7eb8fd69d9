"""Which text holds, which ones there were, and who accepted what."""

from datetime import date
from itertools import pairwise

from ebok.terms.domain import Acceptance, AcceptanceChannel, TermsKind, TermsText, version_in_force
from ebok.terms.models import TermsAcceptance, TermsVersion


def versions(*, kind: TermsKind = TermsKind.REGULATIONS) -> list[TermsText]:
    """Every version of a text, also the coming ones, the newest first."""
    rows = list(TermsVersion.objects.filter(kind=kind.value).order_by("valid_from"))
    ends = [after.valid_from for _, after in pairwise(rows)]
    return [_text(row, until) for row, until in zip(rows, [*ends, None], strict=True)][::-1] if rows else []


def terms_in_force(*, today: date, kind: TermsKind = TermsKind.REGULATIONS) -> TermsText | None:
    """The version that holds today, None before the first one."""
    return version_in_force(versions(kind=kind), today=today)


def terms_version(*, version_id: int) -> TermsText | None:
    """One version by its id, None when there is none."""
    row = TermsVersion.objects.filter(id=version_id).only("kind").first()
    if row is None:
        return None
    return next(one for one in versions(kind=TermsKind(row.kind)) if one.id == version_id)


def accepted(*, who: str) -> list[Acceptance]:
    """What somebody (`user:7`, `application:5`) accepted, the newest first."""
    rows = TermsAcceptance.objects.filter(who=who).order_by("-accepted_at", "-id")
    return [_acceptance(row) for row in rows]


def _text(row: TermsVersion, until: date | None) -> TermsText:
    return TermsText(
        id=row.id,
        kind=TermsKind(row.kind),
        version=row.version,
        title=row.title,
        text=row.text,
        sha256=bytes(row.sha256),
        valid_from=row.valid_from,
        valid_until=until,
        published_at=row.published_at,
        price_effect=row.price_effect,
    )


def _acceptance(row: TermsAcceptance) -> Acceptance:
    return Acceptance(
        who=row.who,
        version_id=row.version_id,
        sha256=bytes(row.sha256),
        channel=AcceptanceChannel(row.channel),
        accepted_at=row.accepted_at,
    )
