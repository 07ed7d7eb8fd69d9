"""What our processes ask of the operating system."""

import ctypes
import os
import signal
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
