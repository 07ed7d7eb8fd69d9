"""A small demo utility, booked through the real imports in the order a real one is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.fuzz import take
from benchmarks.hostile import BALANCES, DEMO, ENTRIES, INVOICES, NOW, RECEIPTS, REGISTRY, STATEMENTS, Import
from ebok.interchange.domain import ImportReport
from ebok.jobs.demo.people import Demo
from ebok.jobs.demo.writing import write_demo

ORDER: Final[Mapping[str, Import]] = {
    "registry": REGISTRY,
    "invoices": INVOICES,
    "upo": RECEIPTS,
    "entries.csv": ENTRIES,
    "statements": STATEMENTS,
    "balances.csv": BALANCES,
}


def book_demo(folder: Path, *, demo: Demo = DEMO, compare: bool = True) -> dict[str, ImportReport]:
    """Write the demo below `folder`, unless it is there, and import everything; a report for each import.

    :param compare: whether balances are compared too; every comparison is a fact of its own, also an equal one.
    """
    files = folder / "demo"
    if not files.exists():
        write_demo(files, demo=demo)
    order = {name: taken_by for name, taken_by in ORDER.items() if compare or taken_by is not BALANCES}
    return {name: take(files / name, taken_by, now=NOW) for name, taken_by in order.items()}


def changed_by(reports: Mapping[str, ImportReport]) -> int:
    """How many rows these imports say they wrote."""
    return sum(report.new + report.changed for report in reports.values())
