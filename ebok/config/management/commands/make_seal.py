"""`ebok make_seal`: a seal of one's own, for those without a qualified one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ebok.config import seal


class Command(BaseCommand):
    """Makes a key with its certificate and says what to set."""

    help = "Robi własną pieczęć elektroniczną, gdy nie masz kwalifikowanej."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("--to", metavar="FOLDER", help="gdzie zapisać; zwykle EBOK_DATA/seal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, unless there is one."""
        folder = Path(options["to"]).resolve() if options["to"] else settings.EBOK_DATA / seal.FOLDER
        try:
            seal.make(folder)
        except seal.SealThere as error:
            raise CommandError(
                f"W folderze {folder} jest już pieczęć. Wskaż inny: --to FOLDER.", returncode=2
            ) from error
        except OSError as error:
            raise CommandError(f"Nie można pisać w folderze {folder}: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"EBOK_SEAL_P12={folder / seal.KEY_FILE}")
        self.stdout.write(f"EBOK_SEAL_PASSWORD_FILE={folder / seal.PASSWORD_FILE}")
        self.stdout.write(f"Certyfikat dla tych, którzy sprawdzają pieczęć: {folder / seal.AUTHORITY_FILE}")
