"""G10: who may open what. Every address with somebody's id, by everybody else, in every way of asking.

The addresses come from the product's own list, so a new one adds itself; an id of a kind that is not known
here is an error until it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from django.db.models import Count
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ebok.access.domain import GrantRole
from ebok.access.models import User
from ebok.access.operations import create_user, grant, invite, revoke, take_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.billing.models import Invoice, LedgerEntry
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.metering import queries as metering
from ebok.metering.models import MeterInstallation
from ebok.web.rules import AccessRule, rule_of

METHODS: Final = ("GET", "POST", "PUT", "DELETE")
ACTING: Final = Actor(kind=ActorKind.COMMAND, name="matrix")
WHOLE: Final = CustomerScope.whole(acting="matrix")
PASSWORD: Final = "zielony traktor liczy gwiazdy"  # noqa: S105 - of people who live as long as this run
OF_EACH: Final = 6
OK, FOUND, NOT_COVERED, NOT_FOUND, NOT_THIS_WAY = 200, 302, 403, 404, 405
ONLY_ITS_HOLDER: Final = frozenset({"access_leave"})
"""Addresses with the id of a grant that not even the account's owner can open: one gives up one's own access."""
LIFE: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address that shows data of customers: its path, the form it is sent, whether an id of somebody is in it."""

    path: str
    name: str
    form: Mapping[str, str] = field(default_factory=dict)
    names_somebody: bool = True


@dataclass(slots=True, kw_only=True)
class Household:
    """One account with its papers, and the words by which a page gives it away."""

    account_id: int
    number: str
    invoices: Sequence[int]
    entries: Sequence[int]
    installation: int
    markers: frozenset[str]
    reading: int = 0
    grant: int = 0
    invitation: int = 0
    request: int = 0

    def ids(self) -> Mapping[str, Sequence[int]]:
        """What stands in addresses, by the name of the part."""
        return {
            "invoice_id": self.invoices,
            "entry_id": self.entries,
            "installation_id": [self.installation],
            "reading_id": [self.reading],
            "grant_id": [self.grant],
            "invitation_id": [self.invitation],
            "request_id": [self.request],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, and in which way."""

    who: str
    client: Client
    method: str


@dataclass(slots=True, kw_only=True)
class Seen:
    """How many cells were looked at, and what was wrong."""

    cells: int = 0
    foreign: int = 0
    wrong: list[str] = field(default_factory=list)


def look(*, owner_number: str, other_number: str, of_each: int = OF_EACH) -> Seen:
    """Fill the matrix for two accounts that are booked already, each a stranger to the other.

    :param of_each: how many of their invoices and entries to ask for.
    """
    now, seen = clock.now(), Seen()
    for mine, theirs in ((owner_number, other_number), (other_number, owner_number)):
        household = _household(mine, of_each)
        people = _people(mine, theirs, now)
        _submit(household, people["owner"])
        _share(household, people["owner"], now)
        for place in _places(household):
            for asking in (Asking(who=who, client=c, method=m) for who, c in people.items() for m in METHODS):
                _look(seen, place, asking, household)
    return seen


def two_accounts() -> tuple[str, str]:
    """Two accounts of different people, with several invoices and one main meter each."""
    account = "service_point__account"
    billed = Invoice.objects.values("account_id").annotate(count=Count("id")).filter(count__gte=2).order_by()
    rows = (
        MeterInstallation.objects.filter(removed_on__isnull=True, role="main")
        .filter(**{f"{account}_id__in": [row["account_id"] for row in billed]})
        .values_list(f"{account}__number", f"{account}__name")
        .annotate(meters=Count("id"))
        .filter(meters=1)
        .order_by(f"{account}__number")
    )
    first, *others = rows
    return first[0], next(number for number, name, _ in others if name != first[1])


def _household(number: str, of_each: int) -> Household:
    invoices = list(Invoice.objects.filter(account__number=number).order_by("-id")[:of_each])
    entries = LedgerEntry.objects.filter(account__number=number).order_by("-id").values_list("id", flat=True)
    installation = MeterInstallation.objects.filter(
        service_point__account__number=number, removed_on__isnull=True, role="main"
    ).get()
    markers = {number, installation.meter.serial_number, *(invoice.number for invoice in invoices)}
    return Household(
        account_id=invoices[0].account_id,
        number=number,
        invoices=[invoice.pk for invoice in invoices],
        entries=list(entries[:of_each]),
        installation=installation.pk,
        markers=frozenset(markers),
    )


def _people(mine: str, theirs: str, now: datetime) -> dict[str, Client]:
    """Everybody who is not the owner, one of each kind; the owner last, who can end what the others ask for."""
    today = clock.today()
    people = {
        "other customer": _somebody(now, (theirs, today, None)),
        "ended grant": _somebody(
            now, (mine, today - LIFE, today - timedelta(days=1)), (theirs, today, None), role=GrantRole.FULL
        ),
        "nobody's customer": _somebody(now),
        "anonymous": Client(),
    }
    name = f"m{uuid4().hex[:12]}"
    people["revoked grant"] = _somebody(now, (mine, today, None), (theirs, today, None), name=name)
    revoke(scope=WHOLE, username=name, account_number=mine, acting=ACTING, now=now)
    return people | {"owner": _somebody(now, (mine, today, None))}


def _somebody(
    now: datetime, *grants: tuple[str, date, date | None], name: str = "", role: GrantRole = GrantRole.OWNER
) -> Client:
    """Somebody signed in who has just given their password."""
    name = name or f"m{uuid4().hex[:12]}"
    create_user(username=name, password=PASSWORD, acting=ACTING, now=now)
    for number, since, until in grants:
        grant(
            scope=WHOLE, username=name, account_number=number, ground="matrix", today=since, until=until,
            acting=ACTING, now=now, role=role,
        )  # fmt: skip
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=name))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": now.timestamp()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def _submit(household: Household, owner: Client) -> None:
    """Send a reading, so that there is a receipt that only its sender may see."""
    today = clock.today()
    (meter,) = [m for m in metering.installations(scope=WHOLE) if m.installation_id == household.installation]
    known = metering.known_values(among=[meter], today=today)[household.installation]
    value = (known[-1].value_m3 if known else Decimal(0)) + 1
    form = {"client_id": str(uuid4()), "value": f"{value:.0f}", "read_on": today.isoformat(), "reason": ""}
    answer = owner.post(reverse("reading_submit", args=[household.installation]), form)
    if answer.status_code == OK:
        reasons = answer.context["form"].fields["reason"].choices
        answer = owner.post(answer.request["PATH_INFO"], form | {"reason": str(list(reasons)[-1][0])})
    assert answer.status_code == FOUND, answer.content.decode()[:3000]
    household.reading = int(answer["Location"].rstrip("/").rpartition("/")[2])


def _share(household: Household, owner: Client, now: datetime) -> None:
    """Give somebody access, invite somebody, and let somebody ask: three more ids that are the owner's alone."""
    guest, asker = f"m{uuid4().hex[:12]}", f"m{uuid4().hex[:12]}"
    for name in (guest, asker):
        create_user(username=name, password=PASSWORD, acting=ACTING, now=now)
    today, account = clock.today(), household.account_id
    household.grant = grant(
        scope=WHOLE, username=guest, account_number=household.number, ground="matrix", today=today, acting=ACTING,
        now=now, role=GrantRole.READINGS,
    ).grant_id  # fmt: skip
    household.invitation = invite(
        scope=WHOLE, account_id=account, invited_by=int(owner.session["_auth_user_id"]), invitee="matrix",
        role=GrantRole.PAYER, channel="paper", recipient="", ground="matrix", until=None, today=today,
        acting=ACTING, now=now,
    ).invitation_id  # fmt: skip
    asked = take_ownership(
        account_id=account, user_id=User.objects.get(username=asker).pk, method="invoice", ground="matrix",
        today=today, acting=ACTING, now=now,
    )  # fmt: skip
    household.request = asked.request_id or 0


def _places(household: Household) -> Iterator[Place]:
    for name, pattern, rule in _addresses(get_resolver()):
        if rule is AccessRule.CUSTOMER:
            parts = pattern.pattern.converters
            for ids in _rows([household.ids()[part] for part in parts]):
                path = reverse(name, kwargs=dict(zip(parts, ids, strict=True)))
                yield Place(path=path, name=name, names_somebody=bool(parts))
    yield from _ids_elsewhere(household)


def _ids_elsewhere(household: Household) -> Iterator[Place]:
    """Ids that stand in a query or a form instead of the path."""
    for invoice in household.invoices:
        yield Place(path=f"{reverse('pay')}?faktura={invoice}", name="pay")
        yield Place(path=reverse("chosen_invoices"), name="chosen_invoices", form={"faktura": str(invoice)})
        yield Place(
            path=reverse("chosen_invoices"), name="chosen_invoices", form={"faktura": str(invoice), "co": "zip"}
        )
    account = str(household.account_id)
    yield Place(path=f"{reverse('pay')}?konto={account}", name="pay")
    yield Place(path=reverse("choose_premises"), name="choose_premises", form={"account": account})


def _rows(columns: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    if not columns:
        yield ()
        return
    for place in range(max(len(column) for column in columns)):
        yield tuple(column[min(place, len(column) - 1)] for column in columns)


def _addresses(resolver: URLResolver) -> Iterator[tuple[str, URLPattern, AccessRule | None]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry)
        else:
            yield str(entry.name), entry, rule_of(entry.callback)


def _look(seen: Seen, place: Place, asking: Asking, household: Household) -> None:
    who, method = asking.who, asking.method
    answer = _ask(asking.client, method, place)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    leaked = [m for m in household.markers if m.encode() in body and m not in place.path]
    seen.cells += 1
    seen.foreign += who != "owner"
    kind = "anonymous" if who == "anonymous" else "owner" if who == "owner" else "stranger"
    verdict = _RIGHT["stranger" if kind == "owner" and place.name in ONLY_ITS_HOLDER else kind]
    if not verdict(answer, place, method) or (who != "owner" and leaked):
        seen.wrong.append(f"{method} {place.path} {dict(place.form)} as {who}: {answer.status_code} {leaked}")


def _ask(client: Client, method: str, place: Place) -> Any:
    send: Callable[..., Any] = getattr(client, method.lower())
    return send(place.path, dict(place.form)) if method in {"GET", "POST"} and place.form else send(place.path)


def _right_for_owner(answer: Any, place: Place, method: str) -> bool:
    """Shown, done and sent on, or asked the wrong way; never away, never an error of ours."""
    if method == "GET" and not place.form and place.names_somebody:
        return answer.status_code in {OK, NOT_THIS_WAY}
    names_nothing = not place.names_somebody and answer.status_code == NOT_FOUND
    return names_nothing or answer.status_code in {OK, FOUND, NOT_THIS_WAY}


def _right_for_stranger(answer: Any, place: Place, method: str) -> bool:
    """As if it were not there, or asked the wrong way; a page without an id shows the stranger's own things."""
    if place.names_somebody:
        return answer.status_code in {NOT_FOUND, NOT_THIS_WAY}
    return answer.status_code in {OK, FOUND, NOT_COVERED, NOT_FOUND, NOT_THIS_WAY}


def _right_for_anonymous(answer: Any, place: Place, method: str) -> bool:
    """Asked to sign in, whatever was asked for."""
    return answer.status_code == FOUND and answer["Location"].startswith(reverse("account_login"))


_RIGHT: Final = {"owner": _right_for_owner, "stranger": _right_for_stranger, "anonymous": _right_for_anonymous}
