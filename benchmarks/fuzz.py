"""G3: damaged files through the real imports. Counts what must never happen; the same seeds give the same files."""

import json
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.hostile import BALANCES, ENTRIES, NOW, REGISTRY, GoodFiles, Import, Offer
from benchmarks.state import Marks, tables
from ebok.billing import queries as billing
from ebok.foundation.intake import expand
from ebok.interchange import queries as interchange
from ebok.interchange.domain import ImportReport
from ebok.metering import queries as metering
from ebok.payments import queries as payments

BATCH: Final = 250
AGAIN_EVERY: Final = 4
BOOKED_BEFORE: Final = 40


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was seen; every list names the seed."""

    files: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    again: int = 0
    crashes: list[str] = field(default_factory=list)
    half_booked: list[str] = field(default_factory=list)
    not_same_again: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that must not be."""
        return [*self.crashes, *self.half_booked, *self.not_same_again, *self.broken]

    def add(self, other: "Tally") -> None:
        """Add another run to this one."""
        self.files, self.rows, self.again = self.files + other.files, self.rows + other.rows, self.again + other.again
        self.kinds.update(other.kinds)
        self.taken.update(other.taken)
        self.crashes += other.crashes
        self.half_booked += other.half_booked
        self.not_same_again += other.not_same_again
        self.broken += other.broken


def broken_promises() -> list[str]:
    """Every promise of the ledger, the statements, the imports and the readings that does not hold."""
    found = [*billing.broken_promises(), *payments.broken_promises(), *interchange.broken_promises()]
    return [f"{b.promise} {b.what}" for b in found] + metering.broken_promises()


class Fuzz:
    """Imports damaged files one after another into the database Django is connected to."""

    def __init__(self, *, good: GoodFiles, folder: Path) -> None:
        self.good = good
        self.folder = folder
        self.marks = Marks()
        self.tally = Tally()
        self.now = NOW

    def prepare(self) -> None:
        """Book a small utility: its registry, its entries and some of its invoices."""
        for offers in self.good.kinds.values():
            if offers[0].taken_by in (REGISTRY, ENTRIES):
                self._take(offers[0])
        for offer in self.good.kinds["FA(3) VAT"][:BOOKED_BEFORE]:
            self._take(offer)

    def run(self, seeds: Iterable[int]) -> Tally:
        """Import the file of each seed; prove every promise after each batch and at the end."""
        for seed in seeds:
            self._one(seed)
            if self.tally.files % BATCH == 0:
                self._prove(seed)
        self._prove(-1)
        return self.tally

    def _one(self, seed: int) -> None:
        offer = self.good.hostile(seed)
        name = f"seed {seed} ({offer.kind})"
        self.tally.files += 1
        self.tally.kinds[offer.kind] += 1
        before = self.marks.now()
        report = self._survived(offer, name)
        if report is None:
            return
        if report.files_refused == report.files:
            if self.marks.now() != before:
                self.tally.half_booked.append(f"{name}: refused, and yet rows changed")
        else:
            self.tally.taken[offer.kind] += 1
            self.tally.rows += report.new + report.parked + report.changed
            if self.tally.taken[offer.kind] % AGAIN_EVERY == 0:
                self._again(offer, name)

    def _survived(self, offer: Offer, name: str) -> ImportReport | None:
        try:
            report = self._take(offer)
            json.dumps(report.as_json()).encode()
        except Exception as error:  # noqa: BLE001 - every exception is what is looked for
            self.tally.crashes.append(f"{name}: {error!r:.200} at {_where(error)}")
            return None
        return report

    def _again(self, offer: Offer, name: str) -> None:
        self.tally.again += 1
        before = self.marks.now()
        report = self._survived(offer, name)
        if report is not None and (report.new or report.changed):
            self.tally.not_same_again.append(f"{name}: again, and {report.new} new, {report.changed} changed")
        elif (after := self.marks.now()) != before and offer.taken_by is not BALANCES:
            where = [table for table, a, b in zip(tables(), before, after, strict=True) if a != b]
            self.tally.not_same_again.append(f"{name}: again nothing new, and yet rows changed in {where}")

    def _take(self, offer: Offer) -> ImportReport:
        path = self.folder / offer.name
        path.write_bytes(offer.data)
        self.now += timedelta(seconds=1)
        return take(path, offer.taken_by, now=self.now)

    def _prove(self, seed: int) -> None:
        self.tally.broken += [f"after seed {seed}: {what}" for what in broken_promises()]


def take(path: Path, taken_by: Import, *, now: datetime) -> ImportReport:
    """Import one path as its command does."""
    return taken_by.take(list(expand([path], suffixes=taken_by.suffixes)), now)


def _where(error: Exception) -> str:
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/ebok/" in f.filename] or list(frames)
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}"
