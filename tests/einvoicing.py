"""Accounts with and without e-invoices, their invoices, and carriers to send them with, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from ebok.adapters.mail import FakeTransport
from ebok.adapters.seal import FakeSeal
from ebok.billing.models import Invoice
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.ports import DocumentSeal
from ebok.foundation import ports
from ebok.interchange.operations.invoices import import_invoices
from ebok.notifications.ports import MessageTransport
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentEntry, TermsKind
from ebok.terms.operations import change_consent_address, give_consent, publish_terms, withdraw_consent
from ebok.terms.queries import terms_in_force
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files

ISSUED = TODAY + timedelta(days=1)
"""The day of issue of most invoices here: the day after most acceptances."""


def only(*accounts: int) -> CustomerScope:
    """The scope of these accounts."""
    return CustomerScope.for_accounts(frozenset(accounts), reason="tests")


def accept(account: int, address: str = "anna@poczta.example", *, today: date = TODAY) -> ConsentEntry:
    """Accept e-invoices for an account."""
    kind = TermsKind.E_INVOICE
    if terms_in_force(today=today, kind=kind) is None:
        publish_terms(
            text="Zgoda.", title="Zgoda", version="1", valid_from=TODAY, today=TODAY, acting=ACTING, now=NOW, kind=kind
        )
    wording = terms_in_force(today=today, kind=kind)
    assert wording is not None
    return give_consent(
        scope=only(account), account_id=account, decision=ConsentDecision.E_INVOICE, person="user:7",
        version_id=wording.id, channel=ConsentChannel.ONLINE, basis=ConsentBasis.CODE, address=address,
        given_on=today, evidence="kod", today=today, acting=ACTING, now=NOW,
    )  # fmt: skip


def change(account: int, address: str, *, today: date = TODAY) -> ConsentEntry:
    """Let e-invoices go to another address."""
    return change_consent_address(
        scope=only(account), account_id=account, decision=ConsentDecision.E_INVOICE, person="user:7",
        channel=ConsentChannel.ONLINE, basis=ConsentBasis.CODE, address=address, evidence="kod",
        today=today, acting=ACTING, now=NOW,
    )  # fmt: skip


def withdraw(account: int, *, today: date = TODAY) -> ConsentEntry:
    """Withdraw the acceptance."""
    return withdraw_consent(
        scope=only(account), account_id=account, decision=ConsentDecision.E_INVOICE, person="user:7",
        channel=ConsentChannel.ONLINE, evidence="", given_on=today, today=today, acting=ACTING, now=NOW,
    )  # fmt: skip


def take(*contents: bytes, now: datetime = NOW) -> list[int]:
    """Import invoices; their ids in the order of the files."""
    named = [(f"{place}.xml", content) for place, content in enumerate(contents)]
    before = set(Invoice.objects.values_list("id", flat=True))
    report = import_invoices(files=iter(files(named)), acting=ACTING, now=now)
    assert report.refused == []
    return sorted(set(Invoice.objects.values_list("id", flat=True)) - before)


def invoice(number: str = "FV/1", **more: Any) -> int:
    """Import one invoice."""
    [invoice_id] = take(fa3(number, **({"issued": ISSUED, "due": ISSUED + timedelta(days=14)} | more)))
    return invoice_id


def accounts(count: int) -> list[int]:
    """So many accounts that accepted e-invoices."""
    made = [an_account(str(100_001 + place)) for place in range(count)]
    for place, account in enumerate(made):
        accept(account, f"klient{place}@poczta.example")
    return made


@contextmanager
def carriers() -> Iterator[FakeTransport]:
    """A carrier of mail that keeps what it is given, and a seal that costs nothing."""
    fake, before = FakeTransport(), dict(ports._factories)
    ports.provide(MessageTransport, lambda: fake)
    ports.provide(DocumentSeal, FakeSeal)
    try:
        yield fake
    finally:
        for port in (MessageTransport, DocumentSeal):
            ports.provide(port, before[port])
