"""`ebok load_demo`: book the demo utility, if nothing is here yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ebok.jobs import loading


class Command(BaseCommand):
    """Makes the demo's files and books them through the same imports as real ones."""

    help = "Wczytuje przedsiębiorstwo pokazowe, jeśli baza jest pusta."

    def handle(self, *args: Any, **options: Any) -> None:
        """Book the demo once; go on with a booking that was interrupted."""
        if not settings.EBOK_DEMO or settings.EBOK_PUBLIC_URL.startswith("https://"):
            raise CommandError(
                "Dane i hasła pokazowe wczytasz tylko w wersji pokazowej (EBOK_DEMO=1) i nie pod adresem https."
            )
        folder = settings.EBOK_DATA / "demo"
        if not loading.wanted(folder=folder):
            return
        try:
            loading.load(folder=folder, tell=self.stderr.write)
        except loading.UnableToLoadDemo as refusal:
            raise CommandError(str(refusal)) from refusal
