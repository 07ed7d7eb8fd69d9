"""Gives the demo an office: its people, and something in each of their queues. A second run changes nothing."""

import csv
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from ebok.access.domain import GrantRole, StaffRole
from ebok.access.operations import create_user, make_staff, take_ownership
from ebok.access.queries import login_of
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope, DataField
from ebok.customers.operations import UnableToAskForData, ask_for_data_change
from ebok.customers.queries import accounts_by_number
from ebok.enrolment.domain.applications import Answers, ApplicantKind, ApplicationState, RepresentationBasis
from ebok.enrolment.operations import order_letter, save_draft, start_application, submit_application
from ebok.enrolment.queries import letters_waiting
from ebok.enrolment.queries.applications import draft
from ebok.foundation import clock
from ebok.jobs.demo.model import Part
from ebok.terms.queries import terms_in_force
from ebok.web.clause import CLAUSE_VERSION

_APPLICATIONS: Final = UUID("5b0f7d52-6c1e-4d6c-9b57-0c6a0b8f6f0e")
"""Where the ids of the demo's applications come from: the same demo sends the same ones."""
_WANTED: Final = ("Anna Nowak-Zielińska", "Zmiana nazwiska po ślubie.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The rows of the registry that the office works on, and which accounts each login has."""

    person: Mapping[str, str]
    organization: Mapping[str, str]
    letter: Mapping[str, str]
    accounts: Mapping[str, list[str]]


def fill(*, folder: Path, acting: Actor, now: datetime) -> None:
    """Make the logins of the office, and one thing in each of its queues."""
    for one in json.loads((folder / "staff.json").read_text("utf-8")):
        _post(one, acting=acting, now=now)
    cast = _cast(folder)
    _apply(_person(cast.person), cast.person["pesel"], now=now)
    _apply(_organization(cast.organization), "", now=now)
    _order(cast.letter["account_number"], acting=acting, now=now)
    _ask_for_access(who=Part.EWA.value, account=cast.accounts[Part.JAN.value][0], now=now)
    _ask_for_a_change(who=Part.ANNA.value, account=cast.accounts[Part.ANNA.value][0], now=now)


def _post(one: Mapping[str, str], *, acting: Actor, now: datetime) -> None:
    if login_of(username=one["login"]) is None:
        create_user(
            username=one["login"], password=one["password"], full_name=one["name"], is_demo=True, acting=acting,
            now=now,
        )  # fmt: skip
    make_staff(username=one["login"], role=StaffRole(one["role"]), acting=acting, now=now)


def _cast(folder: Path) -> Cast:
    """Take accounts that nobody has a login to; those set aside to try an activation only in a very small demo."""
    users = json.loads((folder / "users.json").read_text("utf-8"))
    owned = {number for user in users for number in user["accounts"]}
    aside = {one["account_number"] for one in json.loads((folder / "activations.json").read_text("utf-8"))}
    with (folder / "registry" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        free = [row for row in csv.DictReader(file, delimiter=";") if _free(row, owned)]
    free.sort(key=lambda row: row["account_number"] in aside)
    people = cycle(row for row in free if row["kind"] == "person")
    organizations = [row for row in free if row["kind"] == "organization"]
    return Cast(
        person=next(people),
        letter=next(people),
        organization=organizations[0] if organizations else next(people),
        accounts={user["login"]: user["accounts"] for user in users},
    )


def _free(row: Mapping[str, str], owned: Container[str]) -> bool:
    return row["account_number"] not in owned and not row["closed_on"]


def _person(row: Mapping[str, str]) -> Answers:
    return Answers(kind=ApplicantKind.PERSON, name=row["name"], email="wniosek@poczta.example", **_place(row))


def _organization(row: Mapping[str, str]) -> Answers:
    return Answers(
        kind=ApplicantKind.ORGANIZATION, name=row["name"], nip=row["nip"] or "5252344078",
        representative="Joanna Kaczmarek", basis=RepresentationBasis.REGISTER, email="firma@poczta.example",
        **_place(row),
    )  # fmt: skip


def _place(row: Mapping[str, str]) -> dict[str, Any]:
    address = {name: row[name] for name in ("street", "house", "flat", "postal_code", "city")}
    return address | {"account_numbers": (row["account_number"],), "role": GrantRole.OWNER, "phone": row["phone"]}


def _apply(answers: Answers, pesel: str, *, now: datetime) -> None:
    acting = Actor(kind=ActorKind.ANONYMOUS, name="portal")
    client_id = uuid5(_APPLICATIONS, answers.account_numbers[0])
    kind = answers.kind or ApplicantKind.PERSON
    started = start_application(client_id=client_id, kind=kind, acting=acting, now=now)
    held, terms = draft(application_id=started.application_id), terms_in_force(today=clock.today())
    if held is None or terms is None or held.state is not ApplicationState.DRAFT:
        return
    save_draft(application_id=started.application_id, answers=answers, pesel=pesel, now=now)
    submit_application(
        application_id=started.application_id, code=started.code, terms_version_id=terms.id,
        clause_version=CLAUSE_VERSION, today=clock.today(), acting=acting, now=now,
    )  # fmt: skip


def _order(number: str, *, acting: Actor, now: datetime) -> None:
    if not any(number in one.account_numbers for one in letters_waiting(now=now)):
        scope, account_id = _one(number)
        order_letter(scope=scope, account_id=account_id, acting=acting, now=now)


def _ask_for_access(*, who: str, account: str, now: datetime) -> None:
    asker = _user(who)
    take_ownership(
        account_id=_one(account)[1], user_id=int(asker.name), method="letter", ground="kod z listu",
        today=clock.today(), acting=asker, now=now,
    )  # fmt: skip


def _ask_for_a_change(*, who: str, account: str, now: datetime) -> None:
    (scope, account_id), asker, (wanted, why) = _one(account), _user(who), _WANTED
    try:
        ask_for_data_change(
            scope=scope, account_id=account_id, what=DataField.NAME, wanted=wanted, why=why,
            asked_by=int(asker.name), acting=asker, now=now,
        )  # fmt: skip
    except UnableToAskForData:
        return


def _one(number: str) -> tuple[CustomerScope, int]:
    everybody = CustomerScope.whole(acting="load_demo")
    account_id = accounts_by_number(scope=everybody, numbers=[number])[number]
    return everybody.narrowed(account_id), account_id


def _user(username: str) -> Actor:
    """The login of the demo's customer, which was made before.

    :raises LookupError: when it was not.
    """
    found = login_of(username=username)
    if found is None:
        raise LookupError(username)
    return Actor(kind=ActorKind.USER, name=str(found.user_id))
