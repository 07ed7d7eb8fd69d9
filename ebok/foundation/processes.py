"""What our processes ask of the operating system."""

import ctypes
import gc
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

PR_SET_PDEATHSIG: Final = 1
SUPERVISOR: Final = "EBOK_SUPERVISOR"
"""The environment variable with the number of the process that started us and that we must not outlive."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that made it dies. Does nothing on systems that cannot."""
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def obey_supervisor() -> None:
    """Die with the supervisor that started this process, if one did."""
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor is None:
        return
    die_with_parent()
    # It may have died before the kernel was asked.
    if str(os.getppid()) != supervisor:
        os._exit(1)


@contextmanager
def crew() -> Iterator[Executor]:
    """Processes that compute beside this one, one for each core; they are made at the first task, as copies of it.

    They never touch the database, leave Ctrl-C to this process, and are killed when it dies. Tasks are
    functions of modules; what they take and give is pickled. What is in memory before is left alone by
    the collector of cycles, here and there, so that it stays shared.
    """
    gc.freeze()
    pool = ProcessPoolExecutor(mp_context=get_context("fork"), initializer=_join_crew)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


def _join_crew() -> None:
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
