"""P7: import of FA(3) files against the bare limit: read, lxml, XSD, one COPY of the same invoice columns.

The bare side keeps no bytes, looks nothing up, posts nothing and has its rows ready. Ours stores every file
durably in a folder that is empty at first. G6: what a bill day's import takes.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, ratio_at_least
from benchmarks.databases import Database, Rows, against_copy, copy_in, migrated, release

ON: Final = date(2026, 11, 22)
GOAL: Final = 0.5
ACCOUNTS, FILES, ROUNDS = 2_000, 20_000, 3
QUICK_ACCOUNTS, QUICK_FILES, QUICK_ROUNDS = 500, 2_000, 1
INVOICES: Final = "billing_invoice"
BILL_DAY_FILES, BILL_DAY_SECONDS = 20_000, 120


def measure(*, accounts: int, count: int, rounds: int) -> list[Figure]:
    """Import so many files of known accounts; read, check and COPY the same ones."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from django.conf import settings
        from lxml import etree

        import ebok
        from ebok.adapters import xml
        from ebok.audit.domain import Actor, ActorKind
        from ebok.foundation import clock
        from ebok.foundation.intake import expand
        from ebok.interchange.operations.invoices import import_invoices
        from ebok.interchange.operations.registry import import_registry
        from ebok.jobs.demo import bulk

        acting, folder = Actor(kind=ActorKind.COMMAND, name="bench"), Path(scratch)
        bulk.write_registry(folder / "registry", accounts=accounts, readings_each=1, on=ON)
        bulk.write_invoices(folder / "invoices", count=count, accounts=accounts, on=ON)
        base.use()
        registry = expand([folder / "registry"], suffixes=frozenset({".csv"}))
        import_registry(files=registry, acting=acting, now=clock.now())
        release()
        schema = xml.load_schema(Path(ebok.__file__).parent / "adapters" / "fa3" / "schemas" / "FA3_v1-0E.xsd")

        def ours() -> None:
            settings.EBOK_DOCUMENTS = Path(tempfile.mkdtemp(dir=folder, prefix="documents-"))
            files = expand([folder / "invoices"], suffixes=frozenset({".xml", ".pdf"}))
            report = import_invoices(files=files, acting=acting, now=clock.now())
            assert (report.new, report.parked, report.refused) == (count, 0, []), report

        def bare(database: Database, rows: Rows) -> None:
            for path in sorted((folder / "invoices").rglob("*.xml")):
                assert schema.validate(etree.fromstring(path.read_bytes()))
            copy_in(database, {INVOICES: rows[INVOICES]})

        spent, limit = against_copy(base=base, ours=ours, bare=bare, rounds=rounds)
    what = f"import of {count} FA(3) files against read + lxml + XSD + one COPY"
    figure = ratio_at_least(id="P7", what=what, ours=count / spent, bare=count / limit, goal=GOAL, unit="files/s")
    return [figure, *([_bill_day(spent)] if count == BILL_DAY_FILES else [])]


def _bill_day(spent: float) -> Figure:
    return Figure(
        id="G6",
        what=f"bill day: {BILL_DAY_FILES} invoices imported and booked",
        seen=f"{spent:.1f} s",
        goal=f"≤ {BILL_DAY_SECONDS} s",
        ok=spent <= BILL_DAY_SECONDS,
    )


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    if quick:
        return measure(accounts=QUICK_ACCOUNTS, count=QUICK_FILES, rounds=QUICK_ROUNDS)
    return measure(accounts=ACCOUNTS, count=FILES, rounds=ROUNDS)


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    for figure in figures(quick=parser.parse_args().quick):
        print(figure.line())


if __name__ == "__main__":
    main()
