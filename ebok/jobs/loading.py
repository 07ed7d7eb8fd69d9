"""Books the demo utility from its files, through the same commands that take a real utility's files."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from django.core.management import call_command
from django.utils import timezone

from ebok.access.operations import GrantRefusal, UnableToGrant, create_user, grant
from ebok.access.queries import login_of
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import any_account
from ebok.einvoicing.operations.runs import UnableToStartRun, start_run
from ebok.foundation import clock
from ebok.foundation.intake import expand
from ebok.interchange.operations.consents import import_consents
from ebok.jobs import office_demo, regulations
from ebok.jobs.demo import consents
from ebok.terms.domain import TermsKind
from ebok.terms.operations import publish_terms
from ebok.terms.queries import versions

ACTING: Final = Actor(kind=ActorKind.COMMAND, name="load_demo")
LOADED: Final = "LOADED"
IMPORTS: Final = (
    ("import_registry", "registry", "konta, punkty poboru, wodomierze i odczyty"),
    ("import_invoices", "invoices", "faktury"),
    ("import_upo", "upo", "potwierdzenia z KSeF"),
    ("import_entries", "entries.csv", "salda początkowe i noty"),
    ("import_statement", "statements", "wyciągi bankowe"),
    ("compare_balances", "balances.csv", "porównanie sald"),
)
CONSENTS_BEFORE: Final = timedelta(days=consents.DAYS_BEFORE)
DIFFERS: Final = 1
"""The exit code of the comparison, which in the demo finds one account that differs."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogin:
    """One login to try the demo with."""

    login: str
    password: str
    who: str


class UnableToLoadDemo(Exception):
    """The demo was not booked whole; the text says what refused it."""


def wanted(*, folder: Path) -> bool:
    """Say whether the demo is to be booked: nothing is here yet, or an earlier booking was interrupted."""
    interrupted = folder.exists() and not (folder / LOADED).exists()
    return interrupted or not any_account(scope=CustomerScope.whole(acting=ACTING.name))


def load(*, folder: Path, tell: Tell) -> None:
    """Write the demo's files below `folder`, unless they are there, and book them. A second run changes nothing.

    :raises UnableToLoadDemo: when a file of the demo is refused.
    """
    now = clock.now()
    _write(folder, tell)
    _import(IMPORTS[0], folder, tell)
    _publish_texts(now=now)
    tell("Wczytuję dane pokazowe: zgody…")
    _import_consents(folder / "consents", now=now)
    for one in IMPORTS[1:]:
        _import(one, folder, tell)
    for user in json.loads((folder / "users.json").read_text("utf-8")):
        _open_login(user, now=now)
    tell("Przygotowuję pracę dla biura…")
    office_demo.fill(folder=folder, acting=ACTING, now=now)
    _send_invoices(now=now)
    (folder / LOADED).touch()


def demo_logins(*, folder: Path) -> list[DemoLogin]:
    """The logins of the demo that was booked from `folder`: customers first, then the office."""
    files = [file for name in ("users.json", "staff.json") if (file := folder / name).exists()]
    people = [one for file in files for one in json.loads(file.read_text("utf-8"))]
    return [DemoLogin(login=one["login"], password=one["password"], who=one["who"]) for one in people]


def _write(folder: Path, tell: Tell) -> None:
    if folder.exists():
        return
    tell("Przygotowuję dane pokazowe…")
    # Written beside and renamed, so that an interrupted run leaves no half of a demo.
    draft = folder.with_suffix(".new")
    rmtree(draft, ignore_errors=True)
    call_command("demo", draft, stdout=sys.stderr)
    draft.rename(folder)


def _import(one: tuple[str, str, str], folder: Path, tell: Tell) -> None:
    command, path, what = one[0], folder / one[1], one[2]
    tell(f"Wczytuję dane pokazowe: {what}…")
    try:
        call_command(command, path, stdout=sys.stderr)
    except SystemExit as end:
        if end.code and (command, end.code) != ("compare_balances", DIFFERS):
            raise UnableToLoadDemo(f"Polecenie {command} nie przyjęło danych pokazowych z {path}.") from end


def _publish_texts(*, now: datetime) -> None:
    """The regulations since today, the wordings of consents since the earlier ones were recorded."""
    today = clock.today()
    for kind in TermsKind:
        if not versions(kind=kind):
            since = today if kind is TermsKind.REGULATIONS else today - CONSENTS_BEFORE
            publish_terms(
                text=regulations.shipped(kind), title=regulations.TITLES[kind], version="1", valid_from=since,
                today=today, acting=ACTING, now=now, kind=kind,
            )  # fmt: skip


def _import_consents(folder: Path, *, now: datetime) -> None:
    """Most consents as if the demo had run for some weeks, so that its newest invoices go the way they decide."""
    for name, ago in (("earlier.csv", CONSENTS_BEFORE), ("later.csv", timedelta())):
        files = expand([folder / name], suffixes=frozenset({".csv"}))
        then = (timezone.localtime(now) - ago).astimezone(UTC)  # at the same hour here, so that the day is the same too
        report = import_consents(files=files, today=timezone.localdate(then), acting=ACTING, now=then)
        if report.refused:
            raise UnableToLoadDemo(f"Zgody pokazowe nie przyjęte z {name}: {report.refused[0].refusal.reason}")


def _send_invoices(*, now: datetime) -> None:
    """Let the worker send the newest invoices of those who accepted e-invoices; the paper ones wait for the office."""
    with suppress(UnableToStartRun):
        start_run(acting=ACTING, now=now)


def _open_login(user: dict[str, Any], *, now: datetime) -> None:
    if login_of(username=user["login"]) is None:
        create_user(
            username=user["login"],
            password=user["password"],
            email=user["email"],
            full_name=user["name"],
            is_demo=True,
            acting=ACTING,
            now=now,
        )
    for number in user["accounts"]:
        _grant(user["login"], number, now=now)


def _grant(username: str, number: str, *, now: datetime) -> None:
    scope = CustomerScope.whole(acting=ACTING.name)
    try:
        grant(
            scope=scope,
            username=username,
            account_number=number,
            ground="demo",
            today=clock.today(),
            acting=ACTING,
            now=now,
        )
    except UnableToGrant as refusal:
        if refusal.reason is not GrantRefusal.ALREADY_GRANTED:
            raise
