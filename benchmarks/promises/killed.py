"""G2: imports killed at named points and at any moment, then run again."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Final

from benchmarks import killing_runs
from benchmarks.bench import Figure, print_figures, say, seconds
from benchmarks.databases import Database, migrated, release
from benchmarks.killing import (
    COMMANDS,
    POINTS,
    End,
    Journey,
    Place,
    differing,
    end_of,
    imported,
    killed_at,
    killed_some_time,
)

ACCOUNTS, INVOICES, MOVEMENTS = 1_200, 1_500, 1_500
MAILED, QUICK_MAILED = 80, 10
MOMENTS, QUICK_MOMENTS = 8, 1
SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One import of the journey undisturbed: what it starts from, what it ends in, how long it takes."""

    command: str
    start: Database
    end: End
    took: float


def _stages(base: Database, journey: Journey, folder: Path) -> Iterator[Stage]:
    release()
    before = base
    for command in COMMANDS:
        database = before.copy(f"after_{command}")
        place = Place(url=database.url, data=folder / f"data_{command}")
        took = seconds(lambda: imported(journey, command, place))  # noqa: B023 - called at once
        yield Stage(command=command, start=before, end=end_of(place), took=took)
        before = database


class _Trial:
    """Counts deaths and wrong ends."""

    def __init__(self, journey: Journey, folder: Path) -> None:
        self.journey, self.folder = journey, folder
        self.deaths, self.at_points, self.runs = 0, 0, 0
        self.wrong: list[str] = []

    def at(self, stage: Stage, point: str) -> None:
        """Die at a named point, run again."""
        place = self._place(stage)
        died = killed_at(self.journey, stage.command, place, point=point)
        self.at_points += died
        self._again(stage, place, point if died else f"{point} (not reached)", died=died)

    def some_time(self, stage: Stage, random: Random) -> None:
        """Be killed at any moment, run again."""
        place = self._place(stage)
        died = killed_some_time(self.journey, stage.command, place, within=stage.took, random=random)
        self._again(stage, place, f"{stage.command} at any moment", died=True)
        self.deaths -= not died

    def _place(self, stage: Stage) -> Place:
        self.runs += 1
        return Place(url=stage.start.copy("killed").url, data=self.folder / f"killed_{self.runs}")

    def _again(self, stage: Stage, place: Place, name: str, *, died: bool) -> None:
        code = imported(self.journey, stage.command, place)
        found = differing(stage.end, end_of(place))
        self.deaths += died
        if code or found or not died:
            self.wrong.append(f"{name}: exit {code}, differs in {found}")
            say(self.wrong[-1])


def figures(*, quick: bool) -> list[Figure]:
    """Kill, run again, compare with the undisturbed end."""
    moments, random = QUICK_MOMENTS if quick else MOMENTS, Random(SEED)  # noqa: S311 - repeatable on purpose
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        folder = Path(scratch)
        journey = Journey(folder=folder / "files")
        journey.write(accounts=ACCOUNTS, invoices=INVOICES, movements=MOVEMENTS)
        trial = _Trial(journey, folder)
        for stage in _stages(base, journey, folder):
            for point in POINTS[stage.command]:
                trial.at(stage, point)
            for _ in range(moments):
                trial.some_time(stage, random)
        runs = _killed_runs(base, folder, accounts=QUICK_MAILED if quick else MAILED, moments=moments, random=random)
    seen = f"{trial.at_points} deaths at points, {trial.deaths - trial.at_points} at any moment (seed {SEED}), "
    return [
        Figure(
            id="G2",
            what=f"imports killed with -9 and run again ({', '.join(COMMANDS)})",
            seen=seen + f"{len(trial.wrong)} ended otherwise than undisturbed",
            goal="0 otherwise",
            ok=not trial.wrong,
        ),
        runs,
    ]


def _killed_runs(base: Database, folder: Path, *, accounts: int, moments: int, random: Random) -> Figure:
    """Kill runs that send invoices, at each point and at any moment, and run them again."""
    bills = killing_runs.Bills(folder=folder / "bills")
    bills.write(accounts=accounts)
    data = folder / "data_bills"
    booked = base.copy("booked")
    bills.book(Place(url=booked.url, data=data))
    quiet = Place(url=booked.copy("quiet").url, data=data)
    took = seconds(lambda: killing_runs.run([killing_runs.COMMAND], quiet))
    deaths, wrong = 0, list[str]()
    for number, point in enumerate([*killing_runs.POINTS, *[""] * moments]):
        place = Place(url=booked.copy("dying").url, data=folder / f"data_dying_{number}")
        copytree(data, place.data)
        died = (
            killing_runs.dies_at(place, point)
            if point
            else killing_runs.dies_some_time(place, within=took, chance=random)
        )
        deaths += died
        wrong += [f"{point or 'at any moment'}: {one}" for one in killing_runs.wrong_after(place)]
        wrong += [f"{point} (not reached)"] if point and not died else []
    for one in wrong:
        say(one)
    return Figure(
        id="G2",
        what="runs that e-mail invoices, killed with -9 and run again",
        seen=f"{deaths} deaths (seed {SEED}), {len(wrong)} ended otherwise than undisturbed",
        goal="0 otherwise",
        ok=not wrong,
    )


if __name__ == "__main__":
    print_figures(figures)
