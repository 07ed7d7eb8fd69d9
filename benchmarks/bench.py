"""What every benchmark shares: figures, timing in turn, a database of its own."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured promise: its id, what it says, what was seen, the goal, and whether it holds."""

    id: str
    what: str
    seen: str
    goal: str
    ok: bool

    def line(self) -> str:
        """The line that `make prove` prints: id, figure, goal, `ok` or `short`, separated by tabs."""
        return f"{self.id}\t{self.what}: {self.seen}\t{self.goal}\t{'ok' if self.ok else 'short'}"


def ratio_at_least(*, id: str, what: str, ours: float, bare: float, goal: float, unit: str) -> Figure:  # noqa: A002 (the promise's own word)
    """A figure for "ours / bare ≥ goal", both sides in the same unit per second."""
    ratio = ours / bare
    return Figure(
        id=id,
        what=what,
        seen=f"ours {ours:,.0f} {unit}, bare {bare:,.0f} {unit}, ratio {ratio:.2f}",
        goal=f"≥ {goal}",
        ok=ratio >= goal,
    )


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes, in seconds of wall time."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turn(first: Callable[[], object], second: Callable[[], object], *, rounds: int = ROUNDS) -> tuple[float, float]:
    """Time two actions A B A B … after one warm-up each; the median seconds of each."""
    first(), second()
    times = [(seconds(first), seconds(second)) for _ in range(rounds)]
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times)


def say(text: str) -> None:
    """Tell on stderr how far a run is."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def print_figures(figures: Callable[..., list[Figure]]) -> None:
    """What every module here does when it is run alone: measure, print a figure a line, exit 1 when one is short."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small data, a taste of each figure")
    found = figures(quick=parser.parse_args().quick)
    for figure in found:
        print(figure.line(), flush=True)
    sys.exit(0 if all(figure.ok for figure in found) else 1)
