"""What is to be paid: chosen invoices or the balance, one sum for each account, computed from the ledger alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ebok.billing import queries as billing
from ebok.billing.domain.overview import InvoiceRow
from ebok.customers import queries as customers
from ebok.customers.domain import Account, CustomerScope
from ebok.kernel.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one account has to pay. `amount` is None while the balance is being checked: the payer types it.

    `invoices` are what the sum is for; `whole` says that it is the whole balance rather than chosen invoices.
    """

    account: Account
    amount: Decimal | None
    invoices: tuple[InvoiceRow, ...]
    whole: bool

    @property
    def nrb(self) -> str:
        """Where to pay: the account's own payment account from the registry, else the invoice's."""
        return self.account.payment_nrb or next((i.payment_nrb for i in self.invoices if i.payment_nrb), "")


def chosen(*, scope: CustomerScope, invoice_ids: Collection[int], today: date) -> list[Owed] | None:
    """What is left to pay of these invoices; None when one of them is not in scope."""
    rows = billing.invoices_by_id(scope=scope, invoice_ids=invoice_ids, today=today)
    if len(rows) < len(invoice_ids):
        return None
    unpaid = [row for row in rows.values() if row.outstanding > 0]
    return _by_account(scope, unpaid, sums=None)


def balance(*, scope: CustomerScope, today: date) -> list[Owed]:
    """What every account in scope owes altogether."""
    sums = {a.account_id: a.balance for a in billing.balances(scope=scope, today=today).values() if a.balance > 0}
    rows = billing.invoices_outstanding(scope=scope, today=today)
    return _by_account(scope, rows, sums=sums)


def _by_account(scope: CustomerScope, rows: Iterable[InvoiceRow], *, sums: Mapping[int, Decimal] | None) -> list[Owed]:
    of: dict[int, list[InvoiceRow]] = {}
    for row in sorted(rows, key=lambda r: (r.due_date, r.id)):
        of.setdefault(row.account_id, []).append(row)
    checked = {a for a, check in billing.balance_checks(scope=scope).items() if check.differs}
    wanted = of.keys() if sums is None else sums.keys()
    return [
        _owed(a, of.get(a.id, []), sums, a.id in checked) for a in customers.accounts(scope=scope) if a.id in wanted
    ]


def _owed(account: Account, rows: list[InvoiceRow], sums: Mapping[int, Decimal] | None, checked: object) -> Owed:
    amount = sum((row.outstanding for row in rows), ZERO) if sums is None else sums[account.id]
    return Owed(account=account, amount=None if checked else amount, invoices=tuple(rows), whole=sums is not None)
