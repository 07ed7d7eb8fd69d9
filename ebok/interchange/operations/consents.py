"""Takes consents the billing system keeps: acceptance of e-invoices and notices, given and withdrawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.interchange.domain import ImportReport, TableRow
from ebok.interchange.operations.registry import cells
from ebok.interchange.ports import TableReader
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake
from ebok.terms.domain import TEXT_MAX_LENGTH, ConsentDecision, OfferedConsent, is_readable
from ebok.terms.operations import ConsentRefusal, take_consents

REQUIRED: Final = frozenset({"consent_id", "account_number", "decision", "given_on", "address", "wording"})
KNOWN: Final = REQUIRED | {"withdrawn_on", "evidence"}
BATCH_ROWS: Final = 1_000
REFUSALS: Final = {
    ConsentRefusal.BAD_ADDRESS: (
        RefusalCode.MISSING_VALUE,
        "Adres nie jest e-mailem (dla notices_sms: numerem komórkowym). Popraw go.",
    ),
    ConsentRefusal.BAD_EVIDENCE: (
        RefusalCode.TOO_LARGE,
        "Kolumna evidence ma więcej niż 500 znaków albo znaki sterujące. Skróć ją.",
    ),
    ConsentRefusal.PESEL: (RefusalCode.BAD_PESEL, "W kolumnie evidence jest PESEL. eBOK go nie przechowuje. Usuń go."),
    ConsentRefusal.IN_THE_FUTURE: (RefusalCode.BAD_DATE, "Ten dzień jeszcze nie nadszedł. Popraw datę."),
    ConsentRefusal.WITHDRAWN_FIRST: (
        RefusalCode.BAD_DATE,
        "Zgoda jest wycofana przed dniem, w którym ją udzielono. Popraw daty.",
    ),
    ConsentRefusal.FORMER_HOLDER: (
        RefusalCode.BAD_DATE,
        "Udzielono jej, zanim kartoteka wskazała obecnego odbiorcę konta. Nie przekazuj zgód poprzednika. "
        "Zgodę obecnego wpisz w biurze z podpisanego formularza.",
    ),
    ConsentRefusal.LATER_DECISION: (
        RefusalCode.SAME_NUMBER_OTHER_BYTES,
        "W eBOK jest późniejsza decyzja w tej sprawie. Zostaje ona; pobierz ją poleceniem export_consents.",
    ),
    ConsentRefusal.OTHER_CONTENT: (
        RefusalCode.SAME_NUMBER_OTHER_BYTES,
        "Ta zgoda jest już wczytana z inną treścią. Zmianę przekaż jako nową zgodę, z nowym consent_id.",
    ),
}
_ID, _EVIDENCE = cells.text(longest=64), cells.text(longest=500)
_DECISION = cells.choice(*(decision.value for decision in ConsentDecision))


def import_consents(*, files: Iterable[SourceFile], today: date, acting: Actor, now: datetime) -> ImportReport:
    """Take the rows of CSV files, by the thousand; each `consent_id` once, and its withdrawal once.

    A bad row is refused, the rest go in. So is a row of an account that is not here: a consent that waited
    unseen would start to count on a day nobody chose. Rows of a file are best in the order they were given.
    """
    report = ImportReport()
    for file in files:
        report.files += 1
        taken, told = report.new + report.same, len(report.refused)
        try:
            with file.open() as stream:
                rows = iter(adapter(TableReader).read(stream, required=REQUIRED, known=KNOWN))
                while batch := list(islice(rows, BATCH_ROWS)):
                    _take(batch, file.name, report, today=today, acting=acting, now=now)
        except UnableToTake as unable:
            refuse = report.refuse_file if report.new + report.same == taken else report.refuse_row
            refuse(file.name, unable.refusal)
        # Rows are decided in the order of giving; whoever mends the file reads it from the top.
        report.refused[told:] = sorted(report.refused[told:], key=lambda one: one.refusal.line or 0)
    return report


def _take(
    rows: Sequence[TableRow], file: str, report: ImportReport, *, today: date, acting: Actor, now: datetime
) -> None:
    scope = CustomerScope.whole(acting=acting.name)
    accounts = accounts_by_number(scope=scope, numbers={row.cells.get("account_number", "") for row in rows})
    read = sorted(_read(rows, accounts, file, report), key=lambda one: one[1].given_on)
    outcomes = take_consents(offered=[offered for _, offered in read], today=today, acting=acting, now=now)
    for (row, _), outcome in zip(read, outcomes, strict=True):
        if isinstance(outcome, ConsentRefusal):
            report.refuse_row(file, _refusal(outcome, row.line))
        elif outcome:
            report.new += 1
        else:
            report.same += 1


def _read(
    rows: Sequence[TableRow], accounts: Mapping[str, int], file: str, report: ImportReport
) -> Iterator[tuple[TableRow, OfferedConsent]]:
    for row in rows:
        try:
            yield row, _offered(row, accounts)
        except UnableToTake as unable:
            report.refuse_row(file, replace(unable.refusal, line=row.line))


def _offered(row: TableRow, accounts: Mapping[str, int]) -> OfferedConsent:
    if row.fault is not None:
        raise UnableToTake(row.fault.code, row.fault.reason)
    number = _needed(row, "account_number")
    if number not in accounts:
        raise UnableToTake(RefusalCode.UNKNOWN_ACCOUNT, f"Nie ma konta {number[:64]}. Najpierw wczytaj kartotekę.")
    given_on = cells.day(_needed(row, "given_on"))
    if given_on is None:
        raise UnableToTake(RefusalCode.MISSING_VALUE, "Brakuje daty.")
    return OfferedConsent(
        reference=_ID(_needed(row, "consent_id")),
        account_id=accounts[number],
        decision=ConsentDecision(_DECISION(_needed(row, "decision"))),
        given_on=given_on,
        withdrawn_on=cells.day(row.cells.get("withdrawn_on", "")),
        address=_needed(row, "address"),
        wording=_wording(_needed(row, "wording")),
        evidence=_EVIDENCE(row.cells.get("evidence", "")),
    )


def _needed(row: TableRow, column: str) -> str:
    cell = row.cells.get(column, "")
    if not cell:
        raise UnableToTake(RefusalCode.MISSING_VALUE, f"Kolumna {column} jest pusta. Uzupełnij ją.")
    return cell


def _wording(cell: str) -> str:
    if len(cell) > TEXT_MAX_LENGTH or not is_readable(cell):
        raise UnableToTake(RefusalCode.TOO_LARGE, "Treść zgody jest za długa albo ma znaki sterujące. Popraw ją.")
    return cell


def _refusal(reason: ConsentRefusal, line: int) -> Refusal:
    code, words = REFUSALS[reason]
    return Refusal(code=code, reason=words, line=line)
