"""Files to damage: good ones of every kind, made by the demo generator, and the import that takes each kind."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from ebok.audit.domain import Actor, ActorKind
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.balances import compare_file
from ebok.interchange.operations.entries import import_entries
from ebok.interchange.operations.invoices import import_invoices
from ebok.interchange.operations.receipts import import_receipts
from ebok.interchange.operations.registry import import_registry
from ebok.interchange.operations.statements import import_statements
from ebok.jobs.demo import camt053, mt940, utility
from ebok.jobs.demo.model import Bank, DemoTransfer
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS, Demo
from ebok.jobs.demo.statements import OPENING_BALANCE, DemoStatement
from ebok.jobs.demo.writing import make, write_demo
from tests.mutators import damaged

ON: Final = date(2026, 11, 22)
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTING: Final = Actor(kind=ActorKind.COMMAND, name="fuzz")
DEMO: Final = Demo(seed=1, on=ON, accounts=MINIMUM_ACCOUNTS + 8, months=3)
LEFT_WHOLE: Final = 12
"""One file in so many is not damaged, so that the ledger grows and a later copy of it is known."""
STATEMENT_DAYS: Final = 2_000
MOVEMENTS_AT_MOST: Final = 4

Take = Callable[[Sequence[SourceFile], datetime], ImportReport]


def _compared(files: Sequence[SourceFile], now: datetime) -> ImportReport:
    total = ImportReport()
    for file in files:
        compared = compare_file(file=file, acting=ACTING, now=now)
        total.files, total.files_refused = total.files + 1, total.files_refused + compared.intake.files_refused
        total.refused += compared.intake.refused
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import: the suffixes its command takes from folders and ZIPs, and the operation."""

    suffixes: frozenset[str]
    take: Take


INVOICES: Final = Import(
    suffixes=frozenset({".xml", ".pdf"}), take=lambda f, now: import_invoices(files=iter(f), acting=ACTING, now=now)
)
RECEIPTS: Final = Import(
    suffixes=frozenset({".xml"}), take=lambda f, now: import_receipts(files=iter(f), acting=ACTING, now=now)
)
REGISTRY: Final = Import(
    suffixes=frozenset({".csv"}), take=lambda f, now: import_registry(files=f, acting=ACTING, now=now)
)
ENTRIES: Final = Import(
    suffixes=frozenset({".csv"}), take=lambda f, now: import_entries(files=f, acting=ACTING, now=now)
)
BALANCES: Final = Import(suffixes=frozenset({".csv"}), take=_compared)
STATEMENTS: Final = Import(
    suffixes=frozenset({".sta", ".xml"}), take=lambda f, now: import_statements(files=f, acting=ACTING, now=now)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A file as somebody may send it: its kind, its name, its bytes, the import it is given to."""

    kind: str
    name: str
    data: bytes
    taken_by: Import


class GoodFiles:
    """Everything the demo writes, kind by kind, and new small statements for any day."""

    def __init__(self) -> None:
        with TemporaryDirectory() as folder:
            write_demo(Path(folder), demo=DEMO)
            self.kinds: Mapping[str, Sequence[Offer]] = _kinds(Path(folder))
        self.transfers = [t for file in make(DEMO) for t in file.transfers]
        self.makers: Mapping[str, Callable[[Random], Offer]] = {
            "MT940": self._mt940,
            "camt.053": self._camt053,
            "ZIP of invoices": lambda random: _zipped("FA(3) VAT", self.kinds, random, INVOICES),
            "ZIP of the registry": lambda random: _zipped("accounts.csv", self.kinds, random, REGISTRY),
            "ZIP of statements": self._zip_of_statements,
        }

    def hostile(self, seed: int) -> Offer:
        """The file of this seed: of any kind, mostly damaged."""
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        kind = random.choice([*self.kinds, *self.makers])
        offer = self.makers[kind](random) if kind in self.makers else random.choice(self.kinds[kind])
        if random.randrange(LEFT_WHOLE) == 0:
            return offer
        return replace(offer, data=damaged(offer.data, random))

    def _mt940(self, random: Random) -> Offer:
        layout = mt940.layout(random.randrange(len(mt940.SEPARATORS) * len(mt940.ENCODINGS)))
        statement = self._statement(Bank.MT940, random)
        data = mt940.statement_file([statement], own_nrb=utility.MT940_NRB, layout=layout)
        return Offer(kind="MT940", name="wyciag.sta", data=data, taken_by=STATEMENTS)

    def _camt053(self, random: Random) -> Offer:
        statement, version = self._statement(Bank.CAMT, random), random.choice(camt053.VERSIONS)
        data = camt053.statement_file([statement], own_nrb=utility.CAMT_NRB, version=version)
        return Offer(kind="camt.053", name="wyciag.xml", data=data, taken_by=STATEMENTS)

    def _zip_of_statements(self, random: Random) -> Offer:
        members = [self._mt940(random), self._camt053(random)]
        return _archive("ZIP of statements", members, random, STATEMENTS)

    def _statement(self, bank: Bank, random: Random) -> DemoStatement:
        day = ON - timedelta(days=1 + random.randrange(STATEMENT_DAYS))
        movements = tuple(self._moved(bank, day, random) for _ in range(random.randrange(MOVEMENTS_AT_MOST + 1)))
        closing = OPENING_BALANCE + sum((m.amount for m in movements), Decimal(0))
        return DemoStatement(
            number=1 + random.randrange(999),
            first_day=day,
            last_day=day,
            opening=OPENING_BALANCE,
            closing=closing,
            movements=movements,
        )

    def _moved(self, bank: Bank, day: date, random: Random) -> DemoTransfer:
        transfer = random.choice(self.transfers)
        amount = transfer.amount if random.randrange(3) else Decimal(random.randrange(1, 90_000)) / 100
        return replace(transfer, bank=bank, booked_on=day, amount=amount, reversal=amount < 0 and transfer.reversal)


def _kinds(folder: Path) -> dict[str, list[Offer]]:
    invoices = list(_documents(folder / "invoices"))
    kinds = {
        "FA(3) VAT": [_offer("FA(3) VAT", n, d, INVOICES) for n, d in invoices if n.startswith("FV")],
        "FA(3) KOR": [_offer("FA(3) KOR", n, d, INVOICES) for n, d in invoices if n.startswith("FK")],
        "UPO": [_offer("UPO", p.name, p.read_bytes(), RECEIPTS) for p in sorted((folder / "upo").iterdir())],
    }
    for table in sorted((folder / "registry").iterdir()):
        kinds[table.name] = [_offer(table.name, table.name, table.read_bytes(), REGISTRY)]
    for name, taken_by in (("entries.csv", ENTRIES), ("balances.csv", BALANCES)):
        kinds[name] = [_offer(name, name, (folder / name).read_bytes(), taken_by)]
    return kinds


def _offer(kind: str, name: str, data: bytes, taken_by: Import) -> Offer:
    return Offer(kind=kind, name=name, data=data, taken_by=taken_by)


def _documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((name, archive.read(name)) for name in archive.namelist())
        elif path.is_file():
            yield path.name, path.read_bytes()


def _zipped(kind: str, kinds: Mapping[str, Sequence[Offer]], random: Random, taken_by: Import) -> Offer:
    if taken_by is REGISTRY:
        members = [offers[0] for offers in kinds.values() if offers[0].taken_by is REGISTRY]
        return _archive("ZIP of the registry", members, random, taken_by)
    members = random.choices(kinds[kind], k=3)
    pdf = replace(members[0], name=members[0].name.replace(".xml", ".pdf"), data=b"%PDF-1.7\n" + members[0].data[:99])
    return _archive("ZIP of invoices", [*members, pdf], random, taken_by)


def _archive(kind: str, members: Sequence[Offer], random: Random, taken_by: Import) -> Offer:
    """A ZIP with some of its members damaged before they were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", random.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for name, member in {m.name: m for m in members}.items():
            archive.writestr(name, member.data if random.randrange(2) else damaged(member.data, random))
    return Offer(kind=kind, name="paczka.zip", data=packed.getvalue(), taken_by=taken_by)
