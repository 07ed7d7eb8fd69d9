"""Reports of suspect invoices: anybody may make one, the office deals with it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.einvoicing.domain.checks import CheckWay, Finding
from ebok.einvoicing.models import ReportSettled, SuspectReport
from ebok.einvoicing.queries.reports import said
from ebok.foundation.bulk import insert_new
from ebok.kernel.identifiers import holds_pesel

HIDDEN = "(ukryto: zawiera PESEL)"
TYPED_MAX_LENGTH = 256


class ReportRefusal(StrEnum):
    """Why a report cannot be settled."""

    NOT_FOUND = "not_found"
    SETTLED = "settled"


class UnableToSettleReport(Exception):
    """A report was not settled; `reason` says why."""

    def __init__(self, reason: ReportRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def report_suspicious(
    *,
    way: CheckWay,
    finding: Finding,
    typed: Mapping[str, str],
    file_sha256: bytes | None = None,
    acting: Actor,
    now: datetime,
) -> int:
    """Put an invoice that may be forged on the office's list. Returns the report's id.

    Keeps what was typed and the hash of a file, nothing of whoever reports. The caller limits how often.
    """
    kept = {name: _kept(text) for name, text in typed.items()}
    row = SuspectReport.objects.create(
        reported_at=now, way=way.value, finding=finding.value, typed=kept, file_sha256=file_sha256
    )
    details = {"way": way.value, "finding": finding.value}
    fact = AuditFact(action="invoice.reported", subject=f"suspect_report:{row.pk}", details=details)
    record(facts=[fact], acting=acting, now=now)
    return row.pk


@transaction.atomic
def settle_report(*, report_id: int, acting: Actor, now: datetime) -> int:
    """Note that the office dealt with a report, and with every open one that says the same. Returns how many.

    :raises UnableToSettleReport: when there is none (`NOT_FOUND`), or somebody dealt with it before (`SETTLED`).
    """
    report = SuspectReport.objects.filter(id=report_id).first()
    if report is None:
        raise UnableToSettleReport(ReportRefusal.NOT_FOUND)
    same = sorted({report.pk, *(row.pk for row in _open_like(report))})
    columns = ("report_id", "by", "settled_at")
    settled = [pk for pk in same if insert_new(ReportSettled, columns, [(pk, acting.name, now)])]
    if report.pk not in settled:
        raise UnableToSettleReport(ReportRefusal.SETTLED)
    facts = [AuditFact(action="invoice.report_settled", subject=f"suspect_report:{pk}") for pk in settled]
    record(facts=facts, acting=acting, now=now)
    return len(settled)


def _open_like(report: SuspectReport) -> list[SuspectReport]:
    rows = SuspectReport.objects.filter(settled__isnull=True, way=report.way, finding=report.finding)
    return [row for row in rows.order_by("id") if said(row) == said(report)]


def _kept(text: str) -> str:
    short = text[:TYPED_MAX_LENGTH]
    return HIDDEN if holds_pesel(short) else short
