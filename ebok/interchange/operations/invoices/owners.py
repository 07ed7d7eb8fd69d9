"""Whose an invoice is: by customer number, else by payment account, else by NIP, or nobody's yet."""

from collections.abc import Mapping, Sequence

from ebok.audit.domain import Actor
from ebok.billing.domain.invoices import IssuedInvoice
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_nip, accounts_by_number, accounts_by_payment_nrb
from ebok.interchange.operations.invoices.offered import InvoiceKey


def find_owners(*, invoices: Sequence[IssuedInvoice], acting: Actor) -> dict[InvoiceKey, int]:
    """The account of each invoice that has one, by number and kind of the invoice; three queries."""
    scope = CustomerScope.whole(acting=acting.name)
    numbers = accounts_by_number(scope=scope, numbers={i.buyer.customer_number or "" for i in invoices})
    nrbs = accounts_by_payment_nrb(scope=scope, nrbs={a.nrb for i in invoices for a in i.payment_accounts})
    nips = accounts_by_nip(scope=scope, nips={i.buyer.nip or "" for i in invoices})
    owners = {(i.number, i.kind): _owner(i, numbers, nrbs, nips) for i in invoices}
    return {key: account for key, account in owners.items() if account is not None}


def _owner(
    invoice: IssuedInvoice, numbers: Mapping[str, int], nrbs: Mapping[str, int], nips: Mapping[str, int]
) -> int | None:
    by_number = numbers.get(invoice.buyer.customer_number or "")
    if by_number is not None:
        return by_number
    by_nrb = {nrbs[a.nrb] for a in invoice.payment_accounts if a.nrb in nrbs}
    return by_nrb.pop() if len(by_nrb) == 1 else nips.get(invoice.buyer.nip or "")
