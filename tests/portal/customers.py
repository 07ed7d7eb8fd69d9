"""A signed-in customer with invoices of their own, booked through the real import."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.test import Client

from ebok.access.models import User
from ebok.access.operations import create_user, grant
from ebok.billing.models import Invoice
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.interchange.operations.invoices import import_invoices
from tests.billing import ACTING, NOW, an_account, fa3, files

NRB = "08102010550000000000012445"
PASSWORD = "zielony traktor liczy gwiazdy"


def in_days(days: int) -> date:
    """A day from today."""
    return clock.today() + timedelta(days=days)


def a_customer(username: str = "anna", *accounts: str) -> Client:
    """A browser signed in as somebody with grants to these (new) accounts."""
    now = clock.now()
    create_user(username=username, password=PASSWORD, email="", full_name="Anna Nowak", acting=ACTING, now=now)
    for number in accounts:
        an_account(number, payment_nrb=NRB, street="ul. Polna", house=number[-1])
        grant(
            scope=CustomerScope.whole(acting="tests"), username=username, account_number=number, ground="umowa",
            today=clock.today(), acting=ACTING, now=now,
        )  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(username=username))
    freshen(client)
    return client


def freshen(client: Client, *, at: float | None = None, method: str = "password") -> None:
    """Let a session opened without the sign-in page look as if its person had given their password (or `mfa`) now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": at or clock.now().timestamp()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def book(*contents: tuple[str, bytes]) -> None:
    """Import these files; everything must go in."""
    report = import_invoices(files=files(contents), now=NOW, acting=ACTING)
    assert (report.refused, report.parked) == ([], 0)


def an_invoice(number: str = "FV/1", **more: object) -> int:
    """Book one invoice and return its id."""
    book((f"{number.replace('/', '-')}.xml", fa3(number, **more)))
    return Invoice.objects.get(number=number).pk


def many_invoices(numbers: Iterable[int], **more: object) -> None:
    """Book invoices `FV/<n>`, each issued a day before the one before it."""
    first = clock.today()
    book(*((f"{n}.xml", fa3(f"FV/{n}", issued=first - timedelta(days=n), **more)) for n in numbers))
