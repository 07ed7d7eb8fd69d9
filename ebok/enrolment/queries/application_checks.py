"""What a clerk compares before deciding: the account numbers asked for, beside what is on file."""

from datetime import date

from ebok.access.queries import has_owner
from ebok.customers.domain import Account, CustomerScope
from ebok.customers.queries import account_of_holder, accounts, has_identity
from ebok.enrolment.domain.application_views import AskedAccount
from ebok.enrolment.models import Application
from ebok.enrolment.queries.numbers import accounts_numbered


def asked_accounts(*, scope: CustomerScope, application_id: int, today: date) -> list[AskedAccount]:
    """Each account number asked for, in the order it was asked for, compared with the registry.

    `scope` is the office's, with its reason. What is found here is for staff: the applicant never learns which
    numbers exist.
    """
    row = Application.objects.submitted().filter(id=application_id).first()
    if row is None:
        return []
    ids = accounts_numbered(scope=scope, numbers=row.account_numbers)
    known = _known(scope, ids)
    return [_compared(row, number, known.get(ids.get(number, 0)), scope, today) for number in row.account_numbers]


def _known(scope: CustomerScope, ids: dict[str, int]) -> dict[int, Account]:
    found = CustomerScope.for_accounts(frozenset(ids.values()), reason=scope.reason)
    return {one.id: one for one in accounts(scope=found)} if ids else {}


def _compared(
    row: Application, number: str, account: Account | None, scope: CustomerScope, today: date
) -> AskedAccount:
    if account is None:
        return AskedAccount(number=number)
    return AskedAccount(
        number=number,
        account_id=account.id,
        holder_name=account.name,
        closed=account.closed_on is not None and account.closed_on <= today,
        identity_fits=_identity(row, account, scope),
        email_fits=_same(row.email.casefold(), account.email.casefold()),
        phone_fits=_same(_digits(row.phone), _digits(account.phone)),
        has_owner=has_owner(account_id=account.id, today=today),
    )


def _identity(row: Application, account: Account, scope: CustomerScope) -> bool | None:
    said = row.pesel_hmac is not None or bool(row.nip)
    if not said or not has_identity(scope=scope, account_id=account.id):
        return None
    mine = bytes(row.pesel_hmac or b"")
    return (
        account_of_holder(scope=scope.narrowed(account.id), numbers=[account.number], pesel_hmac=mine, nip=row.nip)
        is not None
    )


def _same(said: str, on_file: str) -> bool | None:
    return said == on_file if said and on_file else None


def _digits(phone: str) -> str:
    """The last nine digits of a phone number: a Polish one with or without its prefix."""
    return "".join(c for c in phone if c.isascii() and c.isdigit())[-9:]
