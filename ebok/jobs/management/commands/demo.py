"""`ebok demo DIR`: write the files of the demo utility."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ebok.foundation import clock
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS, Demo
from ebok.jobs.demo.writing import write_demo

DEFAULT_SEED: Final = 1
DEFAULT_ACCOUNTS: Final = 250
DEFAULT_MONTHS: Final = 24


class Command(BaseCommand):
    """Writes registry, invoices, receipts, entries, statements, balances and logins; books nothing."""

    help = "Zapisuje w folderze pliki przedsiębiorstwa pokazowego; niczego nie wczytuje."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, and what the demo is made from."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        parser.add_argument("--accounts", type=int, default=DEFAULT_ACCOUNTS)
        parser.add_argument("--months", type=int, default=DEFAULT_MONTHS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and say how many of what."""
        if options["accounts"] < MINIMUM_ACCOUNTS or options["months"] < 1:
            raise CommandError(f"Demo potrzebuje co najmniej {MINIMUM_ACCOUNTS} kont i 1 miesiąca.")
        demo = Demo(
            seed=options["seed"],
            on=options["on"] or clock.today(),
            accounts=options["accounts"],
            months=options["months"],
        )
        self.stdout.write(json.dumps(asdict(write_demo(options["folder"], demo=demo))))
