"""Which account a typed number means, with or without the zeros before it."""

from collections.abc import Iterable

from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.enrolment.domain import spellings, the_one_meant


def account_numbered(*, scope: CustomerScope, number: str) -> int | None:
    """The id of the one account meant by a number as `read_number` gives it; None when there is none or it is unclear.

    One query in any case.
    """
    found = accounts_by_number(scope=scope, numbers=spellings(number))
    return found.get(the_one_meant(number, found))


def accounts_numbered(*, scope: CustomerScope, numbers: Iterable[str]) -> dict[str, int]:
    """The id of the one account meant by each of these numbers; those that mean none are left out. One query."""
    wanted = {number: spellings(number) for number in numbers}
    found = accounts_by_number(scope=scope, numbers=frozenset().union(*wanted.values()))
    meant = {number: the_one_meant(number, found.keys() & fits) for number, fits in wanted.items()}
    return {number: found[on_file] for number, on_file in meant.items() if on_file}
