"""Whose an invoice is: by customer number, else by payment account, else by NIP, or nobody's yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ebok.audit.domain import Actor
from ebok.billing.domain.invoices import InvoiceFacts
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_nip, accounts_by_number, accounts_by_payment_nrb
from ebok.interchange.operations.invoices.offered import InvoiceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What an invoice says of whose it is."""

    key: InvoiceKey
    customer_number: str
    nrbs: tuple[str, ...]
    nip: str


def clues_of(facts: InvoiceFacts) -> Clues:
    """The clues of an invoice as read."""
    return Clues(
        key=(facts.number, facts.kind),
        customer_number=facts.customer_number or "",
        nrbs=facts.payment_nrbs,
        nip=facts.buyer_nip or "",
    )


def find_owners(*, clues: Sequence[Clues], acting: Actor) -> dict[InvoiceKey, int]:
    """The account of each invoice that has one, by number and kind of the invoice; three queries."""
    scope = CustomerScope.whole(acting=acting.name)
    numbers = accounts_by_number(scope=scope, numbers={c.customer_number for c in clues})
    nrbs = accounts_by_payment_nrb(scope=scope, nrbs={nrb for c in clues for nrb in c.nrbs})
    nips = accounts_by_nip(scope=scope, nips={c.nip for c in clues})
    owners = {c.key: _owner(c, numbers, nrbs, nips) for c in clues}
    return {key: account for key, account in owners.items() if account is not None}


def _owner(clues: Clues, numbers: Mapping[str, int], nrbs: Mapping[str, int], nips: Mapping[str, int]) -> int | None:
    by_number = numbers.get(clues.customer_number)
    if by_number is not None:
        return by_number
    by_nrb = {nrbs[nrb] for nrb in clues.nrbs if nrb in nrbs}
    return by_nrb.pop() if len(by_nrb) == 1 else nips.get(clues.nip)
