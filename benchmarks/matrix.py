"""G10: who may open what. Every address with somebody's id, by everybody else, in every way of asking.

The addresses come from the product's own list, so a new one adds itself; an id of a kind that is not known
(`matrix_things.KINDS`) is an error until it is. What is expected of each cell comes from the action the view
declares and the table of roles and actions. Every cell is undone, so that none changes what the next one sees.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from benchmarks.matrix_people import Person, customers, staff
from benchmarks.matrix_things import Household, furnish, household_of, ids_of, two_accounts
from ebok.access.domain import STAFF_ALLOWED, AccountAction, StaffAction
from ebok.foundation import clock
from ebok.web.rules import AccessRule, action_of, rule_of

METHODS: Final = ("GET", "POST", "PUT", "DELETE")
OF_EACH: Final = 6
OK, FOUND, NOT_COVERED, NOT_FOUND, NOT_THIS_WAY = 200, 302, 403, 404, 405
SHOWN: Final = frozenset({OK, FOUND, NOT_THIS_WAY})
ABSENT: Final = frozenset({NOT_FOUND, NOT_THIS_WAY})
SEARCHED: Final = frozenset({"office_customer", "office_customer_leave"})
"""Addresses of the office that a number alone opens as far as the question for a reason."""
ASK_EVERY_WAY: Final = frozenset({"owner", "other customer", "anonymous"})
MAY_LACK: Final = frozenset({"office_application_scan", "office_consent_scan"})
"""Addresses of something that is not always there: an application sent online has no scan, nor has a consent."""
ITS_HOLDERS: Final = frozenset({"access_leave"})
"""Addresses that only the holder of the grant they name may open: the payer of the household."""

__all__ = ["Seen", "look", "two_accounts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address that needs a right: its path and form, its rule and action, and the ids it names."""

    path: str
    name: str
    rule: AccessRule
    action: str
    ids: Mapping[str, int] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    in_path: bool = True


@dataclass(slots=True, kw_only=True)
class Seen:
    """How many cells were looked at, and what was wrong."""

    cells: int = 0
    foreign: int = 0
    wrong: list[str] = field(default_factory=list)


def look(*, owner_number: str, other_number: str, of_each: int = OF_EACH, thin: bool = False) -> Seen:
    """Fill the matrix for two accounts that are booked already, each a stranger to the other.

    :param of_each: how many of their invoices and entries to ask for.
    :param thin: leave out what repeats itself: the second account, most staff at customers' pages and most
        customers in the office, and for most people two of the ways of asking.
    """
    seen = Seen()
    for mine, theirs in [(owner_number, other_number), (other_number, owner_number)][: 1 if thin else 2]:
        now, household = clock.now(), household_of(mine, of_each=of_each)
        people = [*customers(household, other=theirs, now=now), *staff(household, now=now)]
        payer = next(person for person in people if person.who == "payer")
        furnish(household, owner=people[0].client, payer_id=payer.user_id, now=now)
        for place, person, method in _cells(household, people, thin=thin):
            _look(seen, place, person, method, household)
    return seen


def _cells(household: Household, people: Sequence[Person], *, thin: bool) -> Iterator[tuple[Place, Person, str]]:
    for place in [*_places(household), *_ids_elsewhere(household)]:
        for person in people:
            if thin and _repeats_itself(place, person):
                continue
            repeats = thin and (not place.ids or person.who not in ASK_EVERY_WAY)
            yield from ((place, person, method) for method in (METHODS[:2] if repeats else METHODS))


def _repeats_itself(place: Place, person: Person) -> bool:
    if place.rule is AccessRule.STAFF:
        return person.post is None and person.who not in ASK_EVERY_WAY
    return person.post is not None and person.who != "staff clerk, customer open"


def _places(household: Household) -> Iterator[Place]:
    for name, pattern in _addresses(get_resolver()):
        rule, parts = rule_of(pattern.callback), pattern.pattern.converters
        mine = rule in {AccessRule.CUSTOMER, AccessRule.STAFF} or (rule is AccessRule.SIGNED_IN and parts)
        if rule is None or not mine:
            continue
        for ids in _rows([ids_of(name=name, part=part, household=household) for part in parts]):
            named = dict(zip(parts, ids, strict=True))
            path = reverse(name, kwargs=named)
            yield Place(path=path, name=name, rule=rule, action=action_of(pattern.callback), ids=named)


def _ids_elsewhere(household: Household) -> Iterator[Place]:
    """Ids that stand in a query or a form instead of the path."""
    for invoice in household.invoices:
        ids = {"invoice_id": invoice}
        yield _elsewhere("pay", AccountAction.PAY, ids, query=f"?faktura={invoice}")
        for more in ({}, {"co": "zip"}):
            form = {"faktura": str(invoice)} | more
            yield _elsewhere("chosen_invoices", AccountAction.SEE_INVOICES, ids, form=form)
    account = str(household.account_id)
    ids = {"account_id": household.account_id}
    yield _elsewhere("pay", AccountAction.PAY, ids, query=f"?konto={account}")
    yield _elsewhere("choose_premises", AccountAction.SEE_ACCOUNT, ids, form={"account": account})


def _elsewhere(
    name: str, action: AccountAction, ids: Mapping[str, int], *, query: str = "", form: Mapping[str, str] | None = None
) -> Place:
    return Place(
        path=reverse(name) + query, name=name, rule=AccessRule.CUSTOMER, action=action.value, ids=ids,
        form=form or {}, in_path=False,
    )  # fmt: skip


def _rows(columns: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    if not columns:
        yield ()
        return
    for place in range(max(len(column) for column in columns)):
        yield tuple(column[min(place, len(column) - 1)] for column in columns)


def _addresses(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry)
        else:
            yield str(entry.name), entry


def _look(seen: Seen, place: Place, person: Person, method: str, household: Household) -> None:
    status, location, body = _ask(person.client, method, place)
    told = _told(place, person, status, household)
    leaked = sorted(m for m in told if m.encode() in body and m not in place.path)
    seen.cells += 1
    seen.foreign += person.who != "owner"
    if person.is_guest:
        right = status == FOUND and location.startswith(reverse("account_login"))
    else:
        right = status in expected(place, person, household) | _also_for_form(place, method)
    if not right or leaked:
        form = f" {dict(place.form)}" if place.form else ""
        seen.wrong.append(f"{method} {place.path}{form} ({place.name}) as {person.who}: {status} {location} {leaked}")


def _ask(client: Client, method: str, place: Place) -> tuple[int, str, bytes]:
    """Ask, read the whole answer, and undo whatever was done, in the database and in the browser."""
    send: Callable[..., Any] = getattr(client, method.lower())
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        with_form = method in {"GET", "POST"} and place.form
        answer = send(place.path, dict(place.form)) if with_form else send(place.path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code, answer.headers.get("Location", ""), body


def expected(place: Place, person: Person, household: Household) -> frozenset[int]:
    """The answers that are right: the place is shown, kindly closed, or as if it were not there."""
    match place.rule:
        case AccessRule.SIGNED_IN:
            return SHOWN if person.who == "owner" else ABSENT
        case AccessRule.STAFF:
            return _expected_in_office(place, person)
    if person.post is not None:
        return ABSENT
    return _expected_of_customer(place, person, household)


def _expected_in_office(place: Place, person: Person) -> frozenset[int]:
    if person.post is None:
        return ABSENT
    if StaffAction(place.action) not in STAFF_ALLOWED[person.post]:
        return ABSENT if place.ids else frozenset({NOT_COVERED, NOT_THIS_WAY})
    return SHOWN | ABSENT if place.name in MAY_LACK else SHOWN


def _expected_of_customer(place: Place, person: Person, household: Household) -> frozenset[int]:
    action = AccountAction(place.action)
    may_anywhere = action in person.here | person.elsewhere
    if not place.ids:
        if may_anywhere or not person.holds_something or action is AccountAction.SEE_ACCOUNT:
            return SHOWN | ABSENT
        return frozenset({NOT_COVERED, NOT_THIS_WAY})
    if action in person.here and _is_theirs(place, person, household):
        return SHOWN
    closed = person.holds_something and not may_anywhere and not place.in_path
    return frozenset({NOT_COVERED, NOT_THIS_WAY}) if closed and action is not AccountAction.SEE_ACCOUNT else ABSENT


def _is_theirs(place: Place, person: Person, household: Household) -> bool:
    if place.name in ITS_HOLDERS:
        return person.who == "payer"
    invoice = place.ids.get("invoice_id")
    return not person.former or invoice is None or household.issued[invoice] < household.split


def _also_for_form(place: Place, method: str) -> frozenset[int]:
    """A form's address asked without its form knows nothing to show."""
    return frozenset({NOT_FOUND}) if place.form and method == "GET" else frozenset()


def _told(place: Place, person: Person, status: int, household: Household) -> frozenset[str]:
    """The words of the household that this answer must not hold."""
    if person.post is not None:
        in_office = place.rule is AccessRule.STAFF and status in SHOWN
        unopened = place.name in SEARCHED and not person.visiting
        return (household.markers - {household.number} if unopened else frozenset()) if in_office else household.markers
    if not person.here:
        return household.markers
    if person.former:
        return household.later_papers
    return frozenset() if AccountAction.SEE_INVOICES in person.here else frozenset(household.papers)
