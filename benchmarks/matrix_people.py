"""Who asks: one person of every kind, each in a browser that has just said who they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.test import Client
from django.urls import reverse

from benchmarks.matrix_things import ACTING, WHOLE, Household, newcomer
from ebok.access.domain import ALLOWED, FORMER_OWNER_MAY, AccountAction, GrantRole, StaffAction, StaffRole
from ebok.access.models import Grant, User
from ebok.access.operations import grant, make_staff, open_customer, revoke
from ebok.access.queries import staff_member
from ebok.foundation import clock

LIFE: Final = timedelta(days=4_000)
NOTHING: Final = frozenset[AccountAction]()
EVERYTHING: Final = frozenset(AccountAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who asks. `here` is what they may do on the household's account, `elsewhere` on accounts of theirs.

    `former`: an owner whose time has ended. `post` is the role of staff, `visiting` that they opened the customer
    with a reason. Neither a customer nor staff is a guest.
    """

    who: str
    client: Client
    user_id: int = 0
    here: frozenset[AccountAction] = NOTHING
    elsewhere: frozenset[AccountAction] = NOTHING
    former: bool = False
    post: StaffRole | None = None
    visiting: bool = False

    @property
    def is_guest(self) -> bool:
        """Whether nobody is signed in."""
        return not self.user_id

    @property
    def holds_something(self) -> bool:
        """Whether any grant of theirs is in force, or keeps papers of the past."""
        return bool(self.here or self.elsewhere)


def customers(household: Household, *, other: str, now: datetime) -> Iterator[Person]:
    """The owner first, each role, and everybody who is or has become a stranger."""
    mine, today = household.number, clock.today()
    yield _customer(now, "owner", (mine, GrantRole.OWNER, today, None), here=EVERYTHING)
    for role in (GrantRole.FULL, GrantRole.PAYER, GrantRole.INVOICES, GrantRole.READINGS):
        yield _customer(now, role.value, (mine, role, today, None), here=ALLOWED[role])
    theirs = (other, GrantRole.OWNER, today, None)
    yield _customer(now, "other customer", theirs, elsewhere=EVERYTHING)
    ended = (mine, GrantRole.PAYER, today - LIFE, today - timedelta(days=1))
    yield _customer(now, "ended grant", ended, theirs, elsewhere=EVERYTHING)
    yield _revoked(household, theirs, now)
    yield _former(household, now)
    yield _customer(now, "nobody's customer")
    yield Person(who="anonymous", client=Client())


def staff(household: Household, *, now: datetime) -> Iterator[Person]:
    """Each role of staff, and each that may open customers once more with this one open."""
    for role in StaffRole:
        yield _clerk(now, role)
        person = _clerk(now, role, visiting=True)
        member = staff_member(user_id=person.user_id)
        if member is not None and member.may(StaffAction.OPEN_CUSTOMER):
            open_customer(
                staff=member, account_id=household.account_id, reason="matrix", acting=ACTING, now=now,
                session_key=person.client.session.session_key or "",
            )  # fmt: skip
            yield person


def _customer(
    now: datetime,
    who: str,
    *grants: tuple[str, GrantRole, date, date | None],
    here: frozenset[AccountAction] = NOTHING,
    elsewhere: frozenset[AccountAction] = NOTHING,
) -> Person:
    name = newcomer(now)
    for number, role, since, until in grants:
        grant(
            scope=WHOLE, username=name, account_number=number, ground="matrix", today=since, until=until, role=role,
            acting=ACTING, now=now,
        )  # fmt: skip
    user = User.objects.get(username=name)
    return Person(who=who, client=_browser(user, "password", now), user_id=user.pk, here=here, elsewhere=elsewhere)


def _revoked(household: Household, theirs: tuple[str, GrantRole, date, date | None], now: datetime) -> Person:
    """Signed in, has chosen the account and looked at it, then the access is taken away."""
    mine = (household.number, GrantRole.FULL, clock.today(), None)
    person = _customer(now, "revoked in mid-session", mine, theirs, elsewhere=EVERYTHING)
    person.client.post(reverse("choose_premises"), {"account": household.account_id})
    assert household.number in person.client.get(reverse("panel")).content.decode()
    name = User.objects.get(pk=person.user_id).username
    revoke(scope=WHOLE, username=name, account_number=household.number, acting=ACTING, now=now)
    return person


def _former(household: Household, now: datetime) -> Person:
    """An owner whose contract ended while papers went on being issued: some are theirs, the later ones are not."""
    person = _customer(now, "former owner")
    Grant.objects.create(
        user_id=person.user_id, account_id=household.account_id, role=GrantRole.OWNER.value, ground="matrix",
        starts_on=household.split - LIFE, ends_on=household.split, given_by=ACTING.name, given_at=now,
    )  # fmt: skip
    return Person(who=person.who, client=person.client, user_id=person.user_id, here=FORMER_OWNER_MAY, former=True)


def _clerk(now: datetime, role: StaffRole, *, visiting: bool = False) -> Person:
    name = newcomer(now)
    make_staff(username=name, role=role, acting=ACTING, now=now)
    user = User.objects.get(username=name)
    who = f"staff {role.value}{', customer open' if visiting else ''}"
    return Person(who=who, client=_browser(user, "mfa", now), user_id=user.pk, post=role, visiting=visiting)


def _browser(user: User, method: str, now: datetime) -> Client:
    """A browser signed in by this method a moment ago, as a page that asks again wants it."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": now.timestamp()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
