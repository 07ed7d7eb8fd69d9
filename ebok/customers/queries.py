"""Reading customer accounts and service points, always through a scope."""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from hmac import compare_digest
from operator import and_
from typing import Final

from django.db.models import Count, Max, Q

from ebok.customers.domain import (
    Account,
    Address,
    CustomerKind,
    CustomerScope,
    Point,
    Premises,
    SearchKind,
    SearchTerms,
    forgives,
    with_a_typo,
)
from ebok.customers.models import CustomerAccount, ServicePoint
from ebok.foundation.lookups import among

SHORTEST_PHONE: Final = 7
SHORTEST_NUMBER: Final = 4
"""How many digits somebody types before they are looked for at the end of numbers."""


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
    """Return the accounts in scope, by number."""
    return [_account(row) for row in CustomerAccount.objects.in_scope(scope).order_by("number")]


def account(*, scope: CustomerScope, account_id: int) -> Account | None:
    """Return one account, or None when it is not in scope."""
    row = CustomerAccount.objects.in_scope(scope).filter(id=account_id).first()
    return _account(row) if row is not None else None


def points(*, scope: CustomerScope) -> list[Point]:
    """Return the service points of the accounts in scope, by address and number."""
    rows = ServicePoint.objects.select_related("account").order_by("city", "street", "house", "flat", "number")
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids)
    return [_point(row) for row in rows]


def points_by_number(*, scope: CustomerScope, numbers: Iterable[str]) -> dict[str, int]:
    """Return service point ids by number; unknown numbers are left out."""
    rows = ServicePoint.objects.filter(among("number", set(numbers)))
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids)
    return dict(rows.values_list("number", "id"))


def premises(*, scope: CustomerScope) -> list[Premises]:
    """Return one premises for each account in scope: open ones first, by address."""
    at: dict[int, Address] = {}
    for point in points(scope=scope):
        at.setdefault(point.account_id, point.address)
    found = [_premises(row, at.get(row.id)) for row in accounts(scope=scope)]
    return sorted(found, key=lambda one: (one.closed_on is not None, one.address.city, one.address.place, one.number))


def search(*, scope: CustomerScope, terms: SearchTerms, limit: int) -> list[Premises]:
    """Return at most `limit` accounts found by number, NIP, phone, e-mail, name or address, by name and number.

    Words are compared without Polish letters, each with the beginnings of words on file; when none fits,
    once more with one slip in each word forgiven.
    """
    if terms.kind is SearchKind.EMAIL:
        return _found(scope, Q(email__iexact=terms.typed), limit)
    if terms.kind is SearchKind.DIGITS:
        return _found(scope, _by_digits(terms), limit)
    if not any(len(word) > 1 for word in terms.words):
        return []
    exact = _found(scope, _by_words(terms, _begins) | Q(number__iexact=terms.typed), limit)
    return exact or _found(scope, Q(id__in=_nearly(scope, terms)[:limit]), limit)


def _by_digits(terms: SearchTerms) -> Q:
    wanted = Q(number__iexact=terms.typed) | Q(number=terms.digits) | Q(nip=terms.digits)
    if len(terms.digits) >= SHORTEST_NUMBER:
        wanted |= Q(number__endswith=terms.digits)
    return wanted | Q(phone__endswith=terms.digits) if len(terms.digits) >= SHORTEST_PHONE else wanted


def _by_words(terms: SearchTerms, fits: Callable[[str], Q]) -> Q:
    every = reduce(and_, (fits(word) for word in terms.words))
    return every | Q(id__in=ServicePoint.objects.filter(every).values("account_id"))


def _begins(word: str) -> Q:
    """A number is a whole word on file; a word begins one."""
    return Q(searched__contains=f" {word} " if word[0].isdigit() else f" {word}")


def _may_begin(word: str) -> Q:
    """One slip leaves a half of the word whole, or swaps the letters where the halves meet: that is quick to find."""
    middle = len(word) // 2
    if not forgives(word):
        return _begins(word)
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    half = Q(searched__contains=f" {word[:middle]}") | Q(searched__contains=word[middle:])
    return half | Q(searched__contains=f" {swapped}")


def _nearly(scope: CustomerScope, terms: SearchTerms) -> list[int]:
    """Judge here what may fit: the database is ten times slower at such expressions."""
    may = reduce(and_, (_may_begin(word) for word in terms.words))
    fits = [re.compile(f" {with_a_typo(word)}") for word in terms.words]
    rows = [
        *CustomerAccount.objects.in_scope(scope).filter(may).values_list("id", "searched"),
        *ServicePoint.objects.filter(may).values_list("account_id", "searched"),
    ]
    return list({account_id for account_id, said in rows if all(one.search(said) for one in fits)})


def _found(scope: CustomerScope, wanted: Q, limit: int) -> list[Premises]:
    rows = CustomerAccount.objects.in_scope(scope).filter(wanted).order_by("name", "number")[:limit]
    return [_premises(_account(row), None) for row in rows]


def _premises(row: Account, at: Address | None) -> Premises:
    address = at if at else row.address
    return Premises(account_id=row.id, number=row.number, name=row.name, address=address, closed_on=row.closed_on)


def _account(row: CustomerAccount) -> Account:
    return Account(
        id=row.id,
        number=row.number,
        kind=CustomerKind(row.kind),
        name=row.name,
        nip=row.nip,
        email=row.email,
        phone=row.phone,
        address=_address(row),
        correspondence=Address(
            street=row.correspondence_street,
            house=row.correspondence_house,
            flat=row.correspondence_flat,
            postal_code=row.correspondence_postal_code,
            city=row.correspondence_city,
        ),
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


def _same(kept: bytes, offered: bytes) -> bool:
    return bool(kept) and compare_digest(kept, offered)
