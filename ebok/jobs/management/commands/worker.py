"""`ebok worker`: handle background jobs until told to stop."""

import os
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from procrastinate.exceptions import ConnectorException

from ebok.foundation.background import run_worker
from ebok.foundation.processes import obey_supervisor
from ebok.jobs.seals import refuse_without_seal

NICENESS: Final = 15
"""How far the worker stands back when there is too little processor for all: a page is waited for, a job is not."""


class Command(BaseCommand):
    """Handle background jobs."""

    help = "Wykonuje zadania w tle, aż dostanie sygnał TERM albo INT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        obey_supervisor()
        os.nice(NICENESS)
        refuse_without_seal()
        try:
            run_worker()
        except ConnectorException as error:
            raise CommandError(
                "Połączenie z bazą danych zostało przerwane. Uruchom ponownie, gdy baza działa."
            ) from error
