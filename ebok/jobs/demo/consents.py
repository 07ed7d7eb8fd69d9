"""Who of the demo's customers wants e-invoices and notices, as the billing system writes it down."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from ebok.jobs.demo.model import DemoAccount, DemoFile, Part
from ebok.jobs.demo.tables import Row

HEADER: Final = (
    "consent_id", "account_number", "decision", "given_on", "withdrawn_on", "address", "wording", "evidence",
)  # fmt: skip
DAYS_BEFORE: Final = 45
"""How many days before the demo's day most consents were recorded: its newest invoices go the way they decide."""
_VERSION: Final = "1"
_ACCEPTED: Final = (Part.ANNA, Part.EWA, Part.DIFFERS, Part.MUNICIPAL)
_EVERY: Final = 3
_GIVEN_DAYS: Final = 200


def earlier(on: date, made: Sequence[DemoFile]) -> Iterator[Row]:
    """What was recorded some weeks before the demo's day; Jan withdrew."""
    recorded = on - timedelta(days=DAYS_BEFORE)
    for account in (file.account for file in made):
        given_on = recorded - timedelta(days=1 + account.index % _GIVEN_DAYS)
        if account.part in _ACCEPTED or _ordinary(account):
            yield _row(account, "e_invoice", given_on, _mail(account))
        if account.part is Part.JAN:
            yield _row(account, "e_invoice", given_on, _mail(account), withdrawn_on=recorded)
        if account.part is Part.ANNA:
            yield _row(account, "notices_email", given_on, _mail(account))
        if account.part is Part.EWA and account.phone:
            yield _row(account, "notices_sms", given_on, account.phone)


def later(on: date, made: Sequence[DemoFile]) -> Iterator[Row]:
    """What was given just before the demo's day: older invoices went on paper."""
    for account in (file.account for file in made):
        if account.part is Part.RETURNED:
            yield _row(account, "e_invoice", on - timedelta(days=1), _mail(account))


def _ordinary(account: DemoAccount) -> bool:
    return account.part is Part.ORDINARY and bool(account.email) and account.index % _EVERY == 0


def _mail(account: DemoAccount) -> str:
    """Of those who have a login, the one they sign in with."""
    return account.email if account.part is Part.ORDINARY else f"{account.part.value}@poczta.example"


def _row(account: DemoAccount, decision: str, given_on: date, address: str, *, withdrawn_on: date | None = None) -> Row:
    consent_id = f"ZG/{account.number}/{decision}"
    evidence = f"formularz z {given_on:%d.%m.%Y}, teczka {account.number}"
    return consent_id, account.number, decision, given_on, withdrawn_on, address, _VERSION, evidence
