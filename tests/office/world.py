"""An office full of work: something in every place, and an administrator to see it."""

from dataclasses import dataclass, replace

from django.test import Client

from ebok.access.domain import StaffRole
from ebok.access.models import Grant, User
from ebok.access.operations import take_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope, DataField
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import ask_for_data_change
from ebok.enrolment.operations import accept_application, order_letter
from ebok.foundation import clock
from ebok.terms.domain import ConsentDecision
from tests.billing import ACTING, an_account
from tests.e_invoices import on_paper
from tests.enrolment import ORGANIZATION, PERSON, decide, sent
from tests.office.sending import a_batch, a_report, a_run, accepted, its_file, refused, waiting
from tests.office.staff import a_clerk
from tests.portal.customers import a_customer, an_invoice, in_days

REASON = {"why": "telefon", "words": "pyta o fakturę"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWorld:
    """Who is signed in, and the numbers of what the addresses name."""

    client: Client
    account: int
    unopened: int
    grant: int
    application: int
    half_accepted: int
    request: int
    change: int
    consent: int
    run: int
    mailed: int
    failure: int
    batch: int
    report: int


def account(number: str = "100001") -> int:
    return CustomerAccount.objects.get(number=number).pk


def a_request() -> int:
    """Somebody proved that account 100001 is theirs; it has an owner."""
    a_customer("ewa")
    asker = User.objects.get(username="ewa").pk
    acting = Actor(kind=ActorKind.USER, name=str(asker))
    taken = take_ownership(
        account_id=account(), user_id=asker, method="letter", ground="kod z listu", today=clock.today(),
        acting=acting, now=clock.now(),
    )  # fmt: skip
    assert taken.request_id
    return taken.request_id


def a_change() -> int:
    """Anna asks for another name on account 100001."""
    anna = User.objects.get(username="anna").pk
    return ask_for_data_change(
        scope=CustomerScope.for_accounts(frozenset({account()}), reason="tests"), account_id=account(),
        what=DataField.NAME, wanted="Anna Kowalska", why="ślub", asked_by=anna,
        acting=Actor(kind=ActorKind.USER, name=str(anna)), now=clock.now(),
    )  # fmt: skip


def a_letter(number: str) -> int:
    """A letter that waits to be printed."""
    scope = CustomerScope.for_staff(frozenset({account(number)}), reason="tests")
    return order_letter(scope=scope, account_id=account(number), acting=ACTING, now=clock.now())


def an_organizations() -> int:
    """An organization's application that one clerk accepted."""
    sent_by = sent(replace(ORGANIZATION, account_numbers=("100002",)))
    decide(accept_application, sent_by.application_id, account_ids=[account("100002")], by="basia")
    return sent_by.application_id


def deliveries() -> dict[str, int]:
    """A run with a mail that was refused, an invoice that waits for the next one, a batch, and a suspect invoice."""
    accepted()
    mailed = waiting("FV/10")
    batch = a_batch()
    its_file(batch)
    found = {"run": a_run(), "mailed": mailed, "failure": refused(mailed), "batch": batch, "report": a_report()}
    waiting("FV/11")
    waiting("FV/12", account="100002")
    return found


def an_office(role: StaffRole = StaffRole.ADMINISTRATOR) -> OfficeWorld:
    """Everything at once: one customer opened, one not."""
    a_customer("anna", "100001")
    an_account("100002", name="Wspólnota Polna 2", kind="organization", street="ul. Polna", house="2")
    an_invoice(due=in_days(5))
    client = a_clerk("kierownik", role)
    world = OfficeWorld(
        client=client,
        account=account(),
        unopened=account("100002"),
        grant=Grant.objects.get().pk,
        application=sent(PERSON).application_id,
        half_accepted=an_organizations(),
        request=a_request(),
        change=a_change(),
        consent=on_paper(ConsentDecision.NOTICES_EMAIL).id,
        **deliveries(),
    )
    a_letter("100002")
    client.post(f"/biuro/klienci/{world.account}/", REASON)
    client.post("/biuro/klienci/", {"words": "Polna"}, follow=True)
    return world
