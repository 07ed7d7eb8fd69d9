"""Runs that send invoices, and mailings that failed, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ebok.einvoicing.domain import FailedMailing, FailureStep, RunProgress
from ebok.foundation.formats import grouped, moment
from ebok.kernel.identifiers import hint
from ebok.office.words import counted, names_of, who

_STEPS: Final = {
    FailureStep.AGAIN_BY_ITSELF: "Wyślemy raz jeszcze, dobę po odmowie.",
    FailureStep.OFFICE: "Zdecyduj: ponów, wydrukuj albo zadzwoń.",
}
_REFUSES: Final = "Serwer poczty na razie odmawia, ponowimy sami. Gdy godzinę nic nie rusza, powiedz administratorowi."
_STUCK: Final = "Usuń przyczynę i ponów. Bez pliku nie ma wysyłki ani druku."
_PARTS: Final = (
    ("queued", "W kolejce", "soon", "clock"),
    ("sending", "W wysyłce", "soon", "mail"),
    ("sent", "Wysłane", "done", "check"),
    ("delivered", "Doręczone", "done", "check"),
    ("temporary", "Ponawiamy sami", "soon", "clock"),
    ("permanent", "Odmowa albo zwrot", "late", "late"),
    ("stuck", "Bez pliku lub treści", "late", "late"),
    ("paper", "Z tego na papier", "", "print"),
)
"""The parts of a run in their order: the field, its word, the kind of badge, its icon."""
_ALWAYS: Final = frozenset({"queued", "sending", "sent", "delivered", "temporary", "permanent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part of a run: the word, how many, and how to color it when there are any."""

    word: str
    count: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run in words; `state` as word, kind of badge and icon, `done` of `taken` invoices need nothing more."""

    id: str
    started: str
    by: str
    state: str
    kind: str
    icon: str
    taken: str
    done: str
    open: bool
    stopped: str
    ended: str
    lead: str
    part_done: str
    part_of: str
    parts: tuple[PartLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLine:
    """One failed mailing: whose invoice, where it was to go, what the server said and what follows.

    `failure_id` is empty when no message could be made. Of an invoice in KSeF only a copy is mailed (`copy_only`).
    """

    invoice_id: str
    account_id: str
    account_end: str
    number: str
    address: str
    words: str
    at: str
    follows: str
    failure_id: str
    copy_only: bool


def run_lines(runs: Sequence[RunProgress]) -> list[RunLine]:
    """Put runs into words."""
    names = names_of(name for one in runs for name in (one.started_by, one.stopped_by))
    return [_run(one, names) for one in runs]


def _run(one: RunProgress, names: Mapping[int, str]) -> RunLine:
    state, kind, icon = _state(one)
    # A second mailing counts as one more message of the run.
    done = min(one.sent + one.delivered + one.permanent + one.stuck + one.paper, one.taken)
    return RunLine(
        id=str(one.run_id),
        started=moment(one.started_at),
        by=who(one.started_by, names),
        state=state,
        kind=kind,
        icon=icon,
        taken=grouped(str(one.taken)),
        done=grouped(str(done)),
        open=one.ended_at is None,
        stopped=f"{moment(one.stopped_at)}, {who(one.stopped_by, names)}" if one.stopped_at else "",
        ended=moment(one.ended_at) if one.ended_at else "",
        lead=_lead(one, done),
        part_done=str(done),
        part_of=str(one.taken),
        parts=tuple(_parts(one)),
    )


def failure_line(one: FailedMailing, numbers: Mapping[int, str]) -> FailureLine:
    """Put a failed mailing into words; `numbers` are those of the accounts."""
    return FailureLine(
        invoice_id=str(one.invoice_id),
        account_id=str(one.account_id),
        account_end=hint(numbers[one.account_id]),
        number=one.number,
        address=one.address,
        words=one.words,
        at=moment(one.failed_at),
        follows=_STUCK if one.failure_id is None else _STEPS[one.next_step],
        failure_id="" if one.failure_id is None else str(one.failure_id),
        copy_only=one.copy_only,
    )


def _state(one: RunProgress) -> tuple[str, str, str]:
    if one.ended_at is not None:
        return "Zakończona", "done", "check"
    return ("Zatrzymana", "late", "late") if one.stopped_at is not None else ("Trwa", "soon", "clock")


def _lead(one: RunProgress, done: int) -> str:
    of = counted(one.taken, "fakturę", "faktury", "faktur")
    if one.ended_at is not None:
        return f"Wysyłka objęła {of}. Skończyła się {moment(one.ended_at)}."
    said = f"Gotowe: {grouped(str(done))} z {counted(one.taken, 'faktury', 'faktur', 'faktur')}."
    if one.stopped_at is not None:
        return f"{said} Wysyłka stoi. Nic nie wychodzi."
    return f"{said} {_REFUSES}" if one.temporary else said


def _parts(one: RunProgress) -> list[PartLine]:
    found = []
    for field, word, kind, icon in _PARTS:
        count = int(getattr(one, field))
        if count or field in _ALWAYS:
            found.append(PartLine(word=word, count=grouped(str(count)), kind=kind if count else "", icon=icon))
    return found
