"""Keeps the processes of one installation running: starts them, starts them again when they die, stops them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

import structlog

from ebok.foundation.processes import SUPERVISOR

POLL_SECONDS: Final = 0.2
GRACE_SECONDS: Final = 15
PAUSE_SECONDS: Final = (0, 1, 2, 5, 10, 30)
"""How long to wait before the next start, by how many times in a row the process died young."""
YOUNG_SECONDS: Final = 30
log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Child:
    """One process that is to be running, the leader of its own group."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0

    def start(self, *, environ: Mapping[str, str]) -> None:
        """Start it; what it prints goes to stderr."""
        self.process = subprocess.Popen(  # noqa: S603
            self.command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
        )
        self.started = time.monotonic()

    def bury(self, *, now: float) -> None:
        """Note that it died: end what is left of its group and say when to start it again."""
        if self.process is None:
            return
        log.error("process_died", process=self.name, code=self.process.returncode)
        self.signal_group(signal.SIGKILL)
        self.process = None
        self.deaths = self.deaths + 1 if now - self.started < YOUNG_SECONDS else 1
        self.due = now + PAUSE_SECONDS[min(self.deaths, len(PAUSE_SECONDS) - 1)]

    def signal_group(self, number: int) -> None:
        """Send a signal to it and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Runs children until it is told to stop."""

    children: Sequence[Child]
    each_round: Callable[[], None]
    stopping: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ | {SUPERVISOR: str(os.getpid())})

    def listen(self) -> None:
        """Stop on TERM, INT and HUP."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop after this round."""
        self.stopping = True

    def run(self) -> None:
        """Keep the children running until told to stop, then stop them."""
        try:
            while not self.stopping:
                self.look_after()
                time.sleep(POLL_SECONDS)
        finally:
            self.end()

    def look_after(self) -> None:
        """Start what should run and does not."""
        self.each_round()
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            child.bury(now=now)
            if now >= child.due and not self.stopping:
                child.start(environ=self.environ)

    def end(self) -> None:
        """Ask every child to end, wait, then kill what is left."""
        for child in self.children:
            if child.alive and child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS / 4)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
