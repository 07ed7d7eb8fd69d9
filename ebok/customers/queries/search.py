"""Finding a customer by whatever they say of themselves, through a scope."""

import re
from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Q

from ebok.customers.domain import CustomerScope, Premises, SearchKind, SearchTerms, forgives, with_a_typo
from ebok.customers.models import ContactChange, CustomerAccount, ServicePoint
from ebok.customers.queries.accounts import premises_of

SHORTEST_PHONE: Final = 7
SHORTEST_NUMBER: Final = 4
"""How many digits somebody types before they are looked for at the end of numbers."""


def search(*, scope: CustomerScope, terms: SearchTerms, limit: int) -> list[Premises]:
    """Return at most `limit` accounts found by number, NIP, phone, e-mail, name or address, by name and number.

    Words are compared without Polish letters, each with the beginnings of words on file; when none fits,
    once more with one slip in each word forgiven.
    """
    if terms.kind is SearchKind.EMAIL:
        return _found(scope, Q(email__iexact=terms.typed) | _changed_to(terms.typed.lower()), limit)
    if terms.kind is SearchKind.DIGITS:
        return _found(scope, _by_digits(terms), limit)
    if not any(len(word) > 1 for word in terms.words):
        return []
    exact = _found(scope, _by_words(terms, _begins) | Q(number__iexact=terms.typed), limit)
    return exact or _found(scope, Q(id__in=_nearly(scope, terms)[:limit]), limit)


def _changed_to(contact: str) -> Q:
    """Accounts whose holder has given this contact since, even if the registry said another later."""
    return Q(id__in=ContactChange.objects.filter(new=contact).values("account_id"))


def _by_digits(terms: SearchTerms) -> Q:
    wanted = Q(number__iexact=terms.typed) | Q(number=terms.digits) | Q(nip=terms.digits)
    if len(terms.digits) >= SHORTEST_NUMBER:
        wanted |= Q(number__endswith=terms.digits)
    if len(terms.digits) >= SHORTEST_PHONE:
        wanted |= Q(phone__endswith=terms.digits)
        wanted |= _changed_to(f"+{terms.digits}") | _changed_to(f"+48{terms.digits}")
    return wanted


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
    present = CustomerAccount.objects.in_scope(scope).exclude(id__in=scope.past_accounts)
    return [premises_of(row) for row in present.filter(wanted).order_by("name", "number")[:limit]]
