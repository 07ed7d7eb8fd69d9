"""Reading customer accounts and service points, always through a scope."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hmac import compare_digest

from django.db.models import Count, Max, Q

from ebok.customers.domain import (
    NOWHERE,
    PAST_NAME,
    Account,
    Address,
    ContactField,
    CustomerKind,
    CustomerScope,
    Point,
    Premises,
)
from ebok.customers.models import CustomerAccount, HolderChange, PastPaymentAccount, ServicePoint
from ebok.customers.queries.care import Last, correspondence_in_force, last_words, text_in_force
from ebok.foundation.lookups import among


def accounts_by_number(*, scope: CustomerScope, numbers: Iterable[str]) -> dict[str, int]:
    """Return account ids by account number; unknown numbers are left out."""
    found = CustomerAccount.objects.in_scope(scope).filter(among("number", set(numbers)))
    return dict(found.values_list("number", "id"))


def accounts_by_payment_nrb(*, scope: CustomerScope, nrbs: Iterable[str]) -> dict[str, int]:
    """Return account ids by payment account (26 digits); an NRB that several accounts share is left out."""
    return _only_holders(scope=scope, column="payment_nrb", values=nrbs)


def accounts_by_collect_id(*, scope: CustomerScope, collect_ids: Iterable[str]) -> dict[str, int]:
    """Return account ids by collect id (mBank's `ID IPH`); one that several accounts share is left out."""
    return _only_holders(scope=scope, column="collect_id", values=collect_ids)


def accounts_by_nip(*, scope: CustomerScope, nips: Iterable[str]) -> dict[str, int]:
    """Return account ids by NIP; a NIP that several accounts have is left out."""
    return _only_holders(scope=scope, column="nip", values=nips)


def payment_account_holders(*, nrb: str) -> frozenset[int]:
    """Ids of the accounts whose payment account (26 digits) this is or ever was: for public checks, which show none.

    The same queries whether there is one or not.
    """
    now = set(CustomerAccount.objects.exclude(payment_nrb="").filter(payment_nrb=nrb).values_list("id", flat=True))
    past = set(PastPaymentAccount.objects.filter(payment_nrb=nrb).values_list("account_id", flat=True))
    return frozenset(now | past)


def payment_accounts_of(*, account_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The payment accounts of each of these accounts: today's first, then those it had before, the latest first."""
    found: dict[int, list[str]] = {}
    present = CustomerAccount.objects.exclude(payment_nrb="").filter(id__in=account_ids)
    past = PastPaymentAccount.objects.filter(account_id__in=account_ids).order_by("-until", "-id")
    for account, nrb in [*present.values_list("id", "payment_nrb"), *past.values_list("account_id", "payment_nrb")]:
        found.setdefault(account, []).append(nrb)
    return {account: tuple(dict.fromkeys(nrbs)) for account, nrbs in found.items()}


def _only_holders(*, scope: CustomerScope, column: str, values: Iterable[str]) -> dict[str, int]:
    """Count holders among all accounts, so that a scope never makes an ambiguous value look clear."""
    wanted = {value for value in values if value}
    # Only rows that say something are in the columns' indexes.
    told = CustomerAccount.objects.exclude(**{column: ""})
    holders = told.filter(among(column, wanted)).values(column)
    sole = holders.annotate(holders=Count("id"), account=Max("id")).filter(holders=1)
    return {row[column]: row["account"] for row in sole if scope.allows(row["account"])}


def any_account(*, scope: CustomerScope) -> bool:
    """Say whether there is an account in scope at all."""
    return CustomerAccount.objects.in_scope(scope).exists()


def accounts(*, scope: CustomerScope) -> list[Account]:
    """Return the accounts in scope, by number, with the contacts that hold now."""
    last = last_words(account_ids=scope.account_ids)
    return [_seen(row, scope, last) for row in CustomerAccount.objects.in_scope(scope).order_by("number")]


def account(*, scope: CustomerScope, account_id: int) -> Account | None:
    """Return one account with the contacts that hold now, or None when it is not in scope.

    The same queries either way: a public check must not cost less for an account that is not there.
    """
    row = CustomerAccount.objects.in_scope(scope).filter(id=account_id).first()
    said = last_words(account_ids=[account_id])
    return _seen(row, scope, said) if row is not None else None


def points(*, scope: CustomerScope) -> list[Point]:
    """Return the service points of the accounts in scope, by address and number; none of past ones."""
    rows = ServicePoint.objects.select_related("account").order_by("city", "street", "house", "flat", "number")
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids - scope.past_accounts)
    return [_point(row) for row in rows]


def points_by_number(*, scope: CustomerScope, numbers: Iterable[str]) -> dict[str, int]:
    """Return service point ids by number; unknown numbers are left out."""
    rows = ServicePoint.objects.filter(among("number", set(numbers)))
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids)
    return dict(rows.values_list("number", "id"))


def premises(*, scope: CustomerScope, among: Sequence[Point] | None = None) -> list[Premises]:
    """Return one premises for each account in scope: open ones first, by address; past ones by number alone.

    `among` are the scope's service points, for whoever has asked for them already.
    """
    at: dict[int, Address] = {}
    for point in points(scope=scope) if among is None else among:
        at.setdefault(point.account_id, point.address)
    past, rows = scope.past_accounts, CustomerAccount.objects.in_scope(scope)
    found = [_past(row) if row.id in past else premises_of(row, at.get(row.id)) for row in rows]

    def order(one: Premises) -> tuple[bool, bool, str, str, str]:
        address = one.address
        return one.account_id in past, one.closed_on is not None, address.city, address.place, one.number

    return sorted(found, key=order)


def premises_of(row: CustomerAccount, at: Address | None = None) -> Premises:
    """An account as its holder calls it: by the address of its service point, else by its own."""
    return Premises(
        account_id=row.id, number=row.number, name=row.name, address=at or _address(row), closed_on=row.closed_on
    )


def _past(row: CustomerAccount) -> Premises:
    return Premises(account_id=row.id, number=row.number, name=PAST_NAME, address=NOWHERE, closed_on=None)


def _seen(row: CustomerAccount, scope: CustomerScope, last: Last) -> Account:
    account = _account(row, last)
    return account.as_past() if row.id in scope.past_accounts else account


def _account(row: CustomerAccount, last: Last) -> Account:
    return Account(
        id=row.id,
        number=row.number,
        kind=CustomerKind(row.kind),
        name=row.name,
        nip=row.nip,
        email=text_in_force(row, ContactField.EMAIL, last),
        phone=text_in_force(row, ContactField.PHONE, last),
        address=_address(row),
        correspondence=correspondence_in_force(row, last),
        payment_nrb=row.payment_nrb,
        collect_id=row.collect_id,
        tariff_group=row.tariff_group,
        billing_months=row.billing_months,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
    )


def _point(row: ServicePoint) -> Point:
    address = _address(row)
    return Point(
        id=row.id,
        number=row.number,
        account_id=row.account_id,
        account_number=row.account.number,
        address=address if address else _address(row.account),
        zone=row.zone,
        opened_on=row.account.opened_on,
        closed_on=row.account.closed_on,
    )


def _address(row: CustomerAccount | ServicePoint) -> Address:
    return Address(street=row.street, house=row.house, flat=row.flat, postal_code=row.postal_code, city=row.city)


def account_of_holder(*, scope: CustomerScope, numbers: Iterable[str], pesel_hmac: bytes, nip: str) -> int | None:
    """Return the id of the account of one of these numbers whose holder has this PESEL or NIP.

    `pesel_hmac` is as `operations.pesel_digest` makes it, `nip` ten digits; either may be empty. What is not on file
    never matches. One query, whether there is such an account or not.
    """
    rows = CustomerAccount.objects.in_scope(scope).filter(among("number", set(numbers))).order_by("number")
    found = list(rows.values_list("id", "pesel_hmac", "nip"))
    fits = [
        (i, _same(bytes(kept or b""), pesel_hmac), _same(on_file.encode(), nip.encode())) for i, kept, on_file in found
    ]
    return next((account_id for account_id, by_pesel, by_nip in fits if by_pesel or by_nip), None)


def has_identity(*, scope: CustomerScope, account_id: int) -> bool:
    """Say whether a PESEL or NIP of the account's holder is on file at all."""
    rows = CustomerAccount.objects.in_scope(scope).filter(id=account_id)
    return rows.filter(Q(pesel_hmac__isnull=False) | ~Q(nip="")).exists()


def _same(kept: bytes, offered: bytes) -> bool:
    return bool(kept) and compare_digest(kept, offered)


def holder_changes(*, account_ids: Collection[int]) -> dict[int, datetime]:
    """When the registry last named another holder of each account, for those where it ever did."""
    rows = HolderChange.objects.filter(among("account_id", account_ids)).values("account_id")
    return {row["account_id"]: row["last"] for row in rows.annotate(last=Max("at"))}
