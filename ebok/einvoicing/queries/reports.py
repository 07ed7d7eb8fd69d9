"""Reports of suspect invoices that wait for the office."""

import json

from ebok.einvoicing.domain.checks import CheckWay, Finding, OpenReport
from ebok.einvoicing.models import SuspectReport

SHOWN_AT_MOST = 500


def open_reports() -> list[OpenReport]:
    """Every report nobody has dealt with, the newest first; those that say the same stand together.

    Of more than `SHOWN_AT_MOST` the newest.
    """
    rows = SuspectReport.objects.filter(settled__isnull=True).order_by("-id")[:SHOWN_AT_MOST]
    groups: dict[tuple[str, ...], list[SuspectReport]] = {}
    for row in rows:
        groups.setdefault(said(row), []).append(row)
    return [_open(group) for group in groups.values()]


def count_open_reports() -> int:
    """How many reports nobody has dealt with."""
    return SuspectReport.objects.filter(settled__isnull=True).count()


def said(row: SuspectReport) -> tuple[str, ...]:
    """What makes two reports the same."""
    return row.way, row.finding, json.dumps(row.typed, sort_keys=True), bytes(row.file_sha256 or b"").hex()


def _open(group: list[SuspectReport]) -> OpenReport:
    newest = group[0]
    return OpenReport(
        id=newest.pk,
        times=len(group),
        first_at=group[-1].reported_at,
        last_at=newest.reported_at,
        way=CheckWay(newest.way),
        finding=Finding(newest.finding),
        typed=newest.typed,
        file_sha256=bytes(newest.file_sha256 or b"").hex(),
    )
