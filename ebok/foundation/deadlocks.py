"""Deadlocks: PostgreSQL ends one by throwing a transaction out, as if it had never begun."""

from collections.abc import Callable
from typing import Final, TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

TRIES: Final = 3
T = TypeVar("T")


def tried_again(transaction: Callable[[], T]) -> T:
    """Do a whole transaction, and again when it was thrown out to end a deadlock: `TRIES` times altogether.

    :raises django.db.OperationalError: the last time.
    """
    for _ in range(TRIES - 1):
        try:
            return transaction()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return transaction()
