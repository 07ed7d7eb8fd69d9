"""Compares the ledger's balances with the billing system's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.operations.comparison import ClaimedBalance, ComparedBalance, compare_balances
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.interchange.domain import ExitCode, ImportReport, TableRow
from ebok.interchange.operations.amounts import amount
from ebok.interchange.operations.registry import cells
from ebok.interchange.ports import TableReader
from ebok.kernel.money import plain
from ebok.kernel.refusals import RefusalCode, UnableToTake

COLUMNS: Final = frozenset({"account_number", "balance", "as_of"})
BATCH_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingBalance:
    """An account whose balances differ."""

    account_number: str
    compared: ComparedBalance

    def as_json(self) -> dict[str, str]:
        """As `--json` prints it."""
        c = self.compared
        return {
            "account_number": self.account_number,
            "as_of": c.as_of.isoformat(),
            "ours": plain(c.ours),
            "theirs": plain(c.theirs),
        }


@dataclass(slots=True, kw_only=True)
class ComparisonReport:
    """How many accounts were compared, which differ, which rows were refused."""

    compared: int = 0
    differing: list[DifferingBalance] = field(default_factory=list)
    intake: ImportReport = field(default_factory=ImportReport)

    @property
    def exit_code(self) -> ExitCode:
        """2 when nothing could be compared, 1 on any difference or refusal, else 0."""
        if self.compared == 0:
            return ExitCode.NOTHING_TAKEN
        return ExitCode.SOME_REFUSED if self.differing or self.intake.refused else ExitCode.NOTHING_REFUSED

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "compared": self.compared,
            "differing": [d.as_json() for d in self.differing],
            "refused": self.intake.as_json()["refused"],
        }


def compare_file(*, file: SourceFile, acting: Actor, now: datetime) -> ComparisonReport:
    """Compare each row of a CSV file (account_number; balance; as_of) with the ledger at the end of that day.

    What differs is kept, and the account's panel says so until a later comparison agrees.
    """
    report = ComparisonReport()
    report.intake.files = 1
    try:
        with file.open() as stream:
            rows = iter(adapter(TableReader).read(stream, required=COLUMNS, known=COLUMNS))
            while batch := list(islice(rows, BATCH_ROWS)):
                _compare(batch, file.name, report, acting=acting, now=now)
    except UnableToTake as unable:
        report.intake.refuse_file(file.name, unable.refusal)
    return report


@transaction.atomic
def _compare(rows: Sequence[TableRow], file: str, report: ComparisonReport, *, acting: Actor, now: datetime) -> None:
    scope = CustomerScope.whole(acting=acting.name)
    accounts = accounts_by_number(scope=scope, numbers={row.cells.get("account_number", "") for row in rows})
    numbers = {account: number for number, account in accounts.items()}
    found = compare_balances(claimed=list(_claimed(rows, accounts, file, report, timezone.localdate(now))), now=now)
    differing = [DifferingBalance(account_number=numbers[c.account_id], compared=c) for c in found.rows if c.differs]
    report.compared += len(found.rows)
    report.differing += differing
    if found.kept:
        details = {"compared": len(found.rows), "differing": len(differing), "new": found.kept}
        fact = AuditFact(action="import.compare_balances", subject="balances", details=details)
        record(facts=[fact], acting=acting, now=now)


def _claimed(
    rows: Sequence[TableRow], accounts: Mapping[str, int], file: str, report: ComparisonReport, today: date
) -> Iterator[ClaimedBalance]:
    for row in rows:
        try:
            yield _claim(row, accounts, today)
        except UnableToTake as unable:
            report.intake.refuse_row(file, replace(unable.refusal, line=row.line))


def _claim(row: TableRow, accounts: Mapping[str, int], today: date) -> ClaimedBalance:
    if row.fault is not None:
        raise UnableToTake(row.fault.code, row.fault.reason)
    number, as_of = row.cells["account_number"], cells.day(row.cells["as_of"])
    if number not in accounts:
        raise UnableToTake(RefusalCode.UNKNOWN_ACCOUNT, f"Nie ma konta {number[:64]}.")
    if as_of is None:
        raise UnableToTake(RefusalCode.MISSING_VALUE, "Kolumna as_of jest pusta. Wpisz dzień, na który jest saldo.")
    if as_of > today:
        # It would speak for the account until that day came.
        raise UnableToTake(RefusalCode.BAD_DATE, f"Dzień {as_of} jest w przyszłości. Wpisz dzień, na który jest saldo.")
    return ClaimedBalance(account_id=accounts[number], balance=amount(row.cells["balance"]), as_of=as_of)
