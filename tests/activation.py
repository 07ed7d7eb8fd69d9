"""Somebody with an account and no login yet, for tests of the ways to one."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from ebok.audit.domain import Actor, ActorKind
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import pesel_digest
from ebok.enrolment.domain.applications import ApplicationChannel, ApplicationState
from ebok.enrolment.models import Application
from ebok.foundation import clock
from ebok.notifications.models import OutgoingMessage
from ebok.terms.domain import TermsText
from ebok.terms.operations import publish_terms
from tests.billing import ACTING, an_account
from tests.portal.customers import an_invoice, in_days

ANYBODY = Actor(kind=ActorKind.ANONYMOUS, name="portal", address="192.0.2.1")
CLERK = Actor(kind=ActorKind.STAFF, name="7")
NUMBER = "100001"
PESEL = "44051401359"
NIP = "5261040828"
POSTAL_CODE = "05-400"
PASSWORD = "zielony traktor liczy gwiazdy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoiced:
    """What stands on an invoice: its number and its gross amount as people write it."""

    number: str
    gross: str


NEWEST = Invoiced(number="FV/2026/11/000003", gross="108,00")
SECOND = Invoiced(number="FV/2026/11/000002", gross="54,00")
THIRD = Invoiced(number="FV/2026/11/000001", gross="21,60")


def a_holder(number: str = NUMBER, **more: object) -> int:
    """An account of Anna, with an e-mail, a phone, a PESEL and an address; no login."""
    usual: dict[str, object] = {
        "name": "Anna Nowak", "email": "anna@example.com", "phone": "+48600100200", "street": "ul. Polna", "house": "1",
        "pesel_hmac": pesel_digest(pesel=PESEL),
    }  # fmt: skip
    return an_account(number, **(usual | more))


def her_invoices() -> None:
    """Three invoices and, newer than all, a correction."""
    an_invoice(THIRD.number, net="20.00", issued=in_days(-90))
    an_invoice(SECOND.number, net="50.00", issued=in_days(-60))
    an_invoice(NEWEST.number, net="100.00", issued=in_days(-30))
    an_invoice("FK/2026/11/000001", net="-10.00", issued=in_days(-1), corrects=NEWEST.number)


def regulations(version: str = "1/2026", since: date | None = None) -> TermsText:
    """Publish regulations that are in force."""
    today = clock.today()
    return publish_terms(
        text="## § 1\n\nWoda płynie.\n", title="Regulamin eBOK", version=version, valid_from=since or today,
        today=today, acting=ACTING, now=clock.now(),
    )  # fmt: skip


def an_application() -> int:
    """An application just begun: enough for a code to answer it."""
    now, token = clock.now(), secrets.token_bytes(32)
    row = Application.objects.create(
        number=f"W/{now:%Y}/{token.hex()[:6]}", client_hmac=token, code_hmac=token[::-1],
        state=ApplicationState.DRAFT.value, channel=ApplicationChannel.ONLINE.value, role="owner",
        started_at=now, changed_at=now,
    )  # fmt: skip
    return row.pk


def account_id(number: str = NUMBER) -> int:
    return CustomerAccount.objects.get(number=number).pk


def codes_sent() -> list[tuple[str, str, str]]:
    """Channel, recipient and code of every six-digit code in the outbox."""
    rows = OutgoingMessage.objects.filter(kind="activation_code").order_by("id")
    return [(row.channel, row.recipient, row.context["code"]) for row in rows]


def in_minutes(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)
