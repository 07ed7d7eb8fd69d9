"""`ebok worker`: handle background jobs until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from procrastinate.exceptions import ConnectorException

from ebok.foundation.background import run_worker
from ebok.foundation.processes import obey_supervisor
from ebok.jobs.seals import refuse_without_seal


class Command(BaseCommand):
    """Handle background jobs."""

    help = "Wykonuje zadania w tle, aż dostanie sygnał TERM albo INT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        obey_supervisor()
        refuse_without_seal()
        try:
            run_worker()
        except ConnectorException as error:
            raise CommandError(
                "Połączenie z bazą danych zostało przerwane. Uruchom ponownie, gdy baza działa."
            ) from error
