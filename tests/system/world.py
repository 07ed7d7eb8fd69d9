"""One customer with something in every place of the portal, for tests that walk through all of it."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.test import Client

from ebok.access.domain import GrantRole, StaffRole
from ebok.access.models import User
from ebok.access.operations import create_user, grant, invite, make_staff, open_customer, take_ownership
from ebok.access.queries import staff_member
from ebok.audit.domain import Actor, ActorKind
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.operations import post_entries
from ebok.customers.domain import CustomerScope, DataField
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import ask_for_data_change
from ebok.documents.domain import PublishedKind
from ebok.documents.operations import publish
from ebok.foundation import clock
from ebok.interchange.operations.registry import import_registry
from ebok.jobs.regulations import shipped
from ebok.kernel.money import money
from ebok.metering.models import MeterInstallation, MeterReading
from ebok.terms.domain import ConsentEntry
from ebok.terms.operations import publish_terms
from tests.billing import files
from tests.e_invoices import a_wording, on_paper, the_wordings
from tests.portal.customers import NRB, PASSWORD, a_customer, an_invoice, in_days
from tests.system.walk import Walker

TESTS = Actor(kind=ActorKind.COMMAND, name="tests")
LOGIN = "anna"
HALF_AN_INVITATION = {
    "rola": {"role": "full"},
    "osoba": {"invitee": "Zofia Wilk", "why": "other", "other": "opiekunka"},
    "kod": {"channel": "email"},
    "adres": {"recipient": "zofia@example.com"},
    "czas": {"lasts": "until", "last_day": in_days(30).isoformat()},
}
__all__ = ["LOGIN", "NRB", "PASSWORD", "World", "a_meter", "a_world", "carry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Who is signed in, and the numbers of what the addresses name."""

    client: Client
    invoice: int
    entry: int
    installation: int
    reading: int
    publication: int
    coming_regulations: int
    grant: int
    invitation: int
    request: int
    consent: int
    wording: int


def carry(walker: Walker, client: Client) -> None:
    """Let the browser go on as this client."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    walker.signed_in_with(name=cookie.key, value=cookie.value)


def a_meter(account: str = "100001") -> int:
    """Register a main meter of five digits that showed 100 m³ sixty days ago and 110 m³ thirty days ago."""
    points = f"point_number;account_number;street;house;postal_code;city\nP1;{account};ul. Polna;1;05-400;Otwock"
    meters = f"serial_number;point_number;role;dials;installed_on;initial_value\n10000011;P1;main;5;{in_days(-60)};100"
    read = f"serial_number;read_on;value_m3;source\n10000011;{in_days(-30)};110;reader"
    tables = {"service_points": points, "meters": meters, "readings": read}
    named = [(f"{name}.csv", text.encode()) for name, text in tables.items()]
    assert import_registry(files=files(named), now=clock.now(), acting=TESTS).refused == []
    return MeterInstallation.objects.get().pk


def a_world() -> World:
    """Two premises; invoices due, late, paid and corrected; a payment, a reading, a published document."""
    client = a_customer(LOGIN, "100001", "100002")
    due = an_invoice("FV/2026/11/000001", due=in_days(5), nrb=NRB)
    an_invoice("FV/2026/11/000002", due=in_days(-5), nrb=NRB)
    an_invoice("FV/2026/11/000003", paid=in_days(-5), nrb=NRB)
    an_invoice("FK/2026/11/000001", corrects="FV/2026/11/000003", net="-10.00")
    installation = a_meter()
    sent = {"client_id": str(uuid4()), "value": "115", "read_on": clock.today().isoformat()}
    assert client.post(f"/odczyty/{installation}/podaj/", sent).status_code == 302
    looked_at_by_staff()
    return World(
        client=client,
        invoice=due,
        entry=_payment("20.00"),
        installation=installation,
        reading=MeterReading.objects.latest("id").pk,
        publication=_document(),
        coming_regulations=_regulations(),
        consent=_consents().id,
        wording=a_wording().id,
        **_people(client),
    )


def _people(client: Client) -> dict[str, int]:
    """Somebody who may pay, somebody who asks for access, and an invitation on paper, typed in but not accepted."""
    today, now = clock.today(), clock.now()
    for name in ("ewa", "jan"):
        create_user(username=name, password=PASSWORD, full_name=f"{name.title()} Lis", acting=TESTS, now=now)
    whole, account = CustomerScope.whole(acting="tests"), CustomerAccount.objects.get(number="100001")
    held = grant(
        scope=whole, username="ewa", account_number="100001", ground="księgowość", today=today, acting=TESTS, now=now,
        role=GrantRole.PAYER,
    )  # fmt: skip
    asked = take_ownership(
        account_id=account.pk, user_id=User.objects.get(username="jan").pk, method="invoice", ground="aktywacja",
        today=today, acting=TESTS, now=now,
    )  # fmt: skip
    sent = invite(
        scope=whole, account_id=account.pk, invited_by=User.objects.get(username=LOGIN).pk, invitee="Ola Kot",
        role=GrantRole.READINGS, channel="paper", recipient="", ground="najemca", until=None, today=today,
        acting=TESTS, now=now,
    )  # fmt: skip
    client.post("/dostep/zaproszenie/", {"code": sent.code})
    client.post("/dostep/zapros/", {"account": str(account.pk)})
    for step, answer in HALF_AN_INVITATION.items():
        client.post(f"/dostep/zapros/{step}/", answer)
    assert asked.request_id is not None
    return {"grant": held.grant_id, "invitation": sent.invitation_id, "request": asked.request_id}


def looked_at_by_staff(account: str = "100001") -> None:
    """A clerk opened the customer for a reason, and a request to change the name waits."""
    create_user(username="biuro", password=PASSWORD, full_name="Zenon Bury", acting=TESTS, now=clock.now())
    make_staff(username="biuro", role=StaffRole.CLERK, acting=TESTS, now=clock.now())
    staff = staff_member(user_id=User.objects.get(username="biuro").pk)
    held = CustomerAccount.objects.get(number=account)
    assert staff is not None
    open_customer(
        staff=staff, account_id=held.pk, reason="Telefon w sprawie faktury", session_key="tests",
        acting=Actor(kind=ActorKind.STAFF, name=str(staff.user_id)), now=clock.now(),
    )  # fmt: skip
    ask_for_data_change(
        scope=CustomerScope.whole(acting="tests"), account_id=held.pk, what=DataField.NAME, wanted="Anna Kowalska",
        why="ślub", asked_by=User.objects.get(username=LOGIN).pk, acting=TESTS, now=clock.now(),
    )  # fmt: skip


def _payment(amount: str) -> int:
    posting = Posting(
        account_id=CustomerAccount.objects.get(number="100001").pk, kind=EntryKind.PAYMENT,
        source=EntrySource.STATEMENT, external_id="przelew", amount=-money(amount), booked_on=clock.today(),
        title="za wodę",
    )  # fmt: skip
    return post_entries(postings=[posting], acting=TESTS, now=clock.now()).entry_ids[0]


def _consents() -> ConsentEntry:
    """All three texts are published; e-invoices are on, by a form on paper."""
    the_wordings()
    return on_paper()


def _regulations() -> int:
    """The shipped regulations, in force since today, and a version that will be in a month. Returns the latter's id."""
    for version, days in (("1", 0), ("2", 30)):
        made = publish_terms(
            text=shipped(), title="Regulamin eBOK", version=version, valid_from=in_days(days), today=clock.today(),
            acting=TESTS, now=clock.now(),
        )  # fmt: skip
    return made.id


def _document() -> int:
    published = publish(
        content=b"Regulamin",
        file_name="regulamin.txt",
        kind=PublishedKind.REGULATIONS,
        title="Regulamin eBOK",
        version="1/2026",
        valid_from=date(2026, 1, 1),
        acting=TESTS,
        now=clock.now(),
    )
    return published.id
