"""What an import reports, and the rows of the billing system's tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from ebok.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of a CSV file: its line number (the header is line 1) and its cells, stripped.

    `cells` has only known columns that the file has; an empty cell is "". A row whose cells cannot be
    told apart (a quote left open, too many cells) has a `fault`, and every cell empty: refuse it.
    """

    line: int
    cells: Mapping[str, str]
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAt:
    """A refusal with the file it happened in, named as the user gave it (`a.zip!b.xml` inside a ZIP)."""

    file: str
    refusal: Refusal


class ExitCode(IntEnum):
    """Exit code of an import command."""

    NOTHING_REFUSED = 0
    SOME_REFUSED = 1
    NOTHING_TAKEN = 2


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """Counts of rows (an FA(3) file is one row, a statement's row is a movement)."""

    new: int = 0
    same: int = 0
    changed: int = 0
    parked: int = 0
    refused: list[RefusedAt] = field(default_factory=list)
    files: int = 0
    files_refused: int = 0
    notices: list[str] = field(default_factory=list)

    def refuse_file(self, file: str, refusal: Refusal) -> None:
        """Count a file refused as a whole."""
        self.files_refused += 1
        self.refused.append(RefusedAt(file=file, refusal=refusal))

    def refuse_row(self, file: str, refusal: Refusal) -> None:
        """Count one refused row of a file whose other rows go in."""
        self.refused.append(RefusedAt(file=file, refusal=refusal))

    @property
    def exit_code(self) -> ExitCode:
        """0 nothing refused, 1 some refused, 2 nothing could be taken."""
        if self.files in (0, self.files_refused):
            return ExitCode.NOTHING_TAKEN
        return ExitCode.SOME_REFUSED if self.refused else ExitCode.NOTHING_REFUSED

    def as_json(self) -> dict[str, Any]:
        """The report as `--json` prints it."""
        return {
            "new": self.new,
            "same": self.same,
            "changed": self.changed,
            "parked": self.parked,
            "refused": [
                {"file": r.file, "line": r.refusal.line, "reason": r.refusal.reason, "code": r.refusal.code.value}
                for r in self.refused
            ],
        }
