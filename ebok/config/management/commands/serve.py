"""`ebok serve`: the whole product on one machine, web and worker, until told to stop."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from ebok.access.queries import demo_logins_exist
from ebok.config import serving
from ebok.config.supervisor import Supervisor
from ebok.jobs import loading
from ebok.jobs.seals import refuse_without_seal


class Command(BaseCommand):
    """Starts the web server and the worker and keeps them running."""

    help = "Uruchamia serwer WWW i zadania w tle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the place to listen at and what to start."""
        parser.add_argument("--host", default="127.0.0.1", help="adres, na którym nasłuchuje serwer WWW")
        parser.add_argument("--port", default="8000", help="port serwera WWW")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="liczba procesów WWW")
        parser.add_argument("--no-worker", action="store_true", help="bez zadań w tle")
        parser.add_argument("--demo", action="store_true", help="wczytaj dane pokazowe i wypisz loginy")
        parser.add_argument(
            "--with-parent", action="store_true", help="zakończ, gdy zniknie proces, który to uruchomił"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, tell the address, look after the processes."""
        parent = os.getppid()
        self._warn_of_proxies()
        host, port = options["host"], _free_port(options)
        self._refuse_demo_logins()
        refuse_without_seal()
        if "EBOK_PUBLIC_URL" not in os.environ:
            # For the processes started below, and for what this one books: the settings were read before the port.
            os.environ["EBOK_PUBLIC_URL"] = settings.EBOK_PUBLIC_URL = f"http://localhost:{port}"
        if options["demo"]:
            os.environ.setdefault("EBOK_LOG_LEVEL", "WARNING")
            call_command("load_demo", stderr=self.stderr)
        call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
        connections.close_all()
        with serving.kept_alive(settings.DATABASE_URL, data=settings.EBOK_DATA) as revive:
            rounds = serving.Rounds(revive=revive, parent=parent if options["with_parent"] else None)
            supervisor = Supervisor(children=serving.children(port=port, **_chosen(options)), each_round=rounds)
            rounds.stop = supervisor.stop
            supervisor.listen()
            if not serving.wait_until_ready(supervisor, host=host, port=port):
                raise CommandError("Serwer WWW nie wstał w ciągu minuty. Powód jest w komunikatach powyżej.")
            self._tell(port=port, demo=options["demo"], folder=settings.EBOK_DATA / "demo")
            supervisor.run()

    def _warn_of_proxies(self) -> None:
        if settings.EBOK_PUBLIC_URL.startswith("https://") and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
            self.stderr.write(
                "Uwaga: EBOK_PUBLIC_URL zaczyna się od https, a EBOK_TRUSTED_PROXIES to 0. eBOK widzi wtedy wszystkich "
                "pod jednym adresem i liczy ich próby logowania razem. Ustaw w EBOK_TRUSTED_PROXIES, ile Twoich "
                "serwerów pośredniczących stoi przed eBOK; zwykle 1."
            )

    def _tell(self, *, port: int, demo: bool, folder: Path) -> None:
        self.stdout.write(f"eBOK działa: http://localhost:{port}")
        if demo:
            self.stdout.write("--- logins")
            for login in loading.demo_logins(folder=folder):
                self.stdout.write(f"{login.login}\t{login.password}\t{login.who}")
            self.stdout.write("---")
        self.stdout.flush()

    def _refuse_demo_logins(self) -> None:
        open_to_all = not settings.EBOK_DEMO or settings.EBOK_PUBLIC_URL.startswith("https://")
        if open_to_all and demo_logins_exist():
            raise CommandError(
                "W bazie są użytkownicy pokazowi ze znanymi hasłami, a to nie jest wersja pokazowa. "
                "Wskaż pustą bazę w DATABASE_URL albo pusty folder w EBOK_DATA.",
                returncode=2,
            )


def _chosen(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("host", "workers", "no_worker")}


def _free_port(options: dict[str, Any]) -> int:
    try:
        port = serving.port_of(str(options["port"]))
        serving.probe(host=options["host"], port=port)
    except (serving.NoPort, serving.PortTaken) as refusal:
        raise CommandError(str(refusal), returncode=2) from refusal
    return port
