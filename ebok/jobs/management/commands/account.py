"""`ebok account NUMBER --json`: what one account owes, its invoices and its payments."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.overview import AccountBalance, BookedPayment, InvoiceRow
from ebok.billing.queries import balances, last_payments, list_invoices
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.foundation import clock
from ebok.kernel.money import ZERO, plain

EVERYTHING: Final = 1_000_000


class Command(BaseCommand):
    """Prints the account as JSON."""

    help = "Wypisuje konto klienta jako JSON: saldo, zaległość, najbliższy termin, faktury, wpłaty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account's number."""
        parser.add_argument("number")
        parser.add_argument("--json", action="store_true", help="jedyny format; można pominąć")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or exit 1 when there is no such account."""
        number = options["number"]
        whole = CustomerScope.whole(acting="account")
        account_id = accounts_by_number(scope=whole, numbers=[number]).get(number)
        if account_id is None:
            self.stdout.write(json.dumps({"error": "unknown_account"}))
            sys.exit(1)
        _note(account_id)
        self.stdout.write(json.dumps(_picture(number, whole.narrowed(account_id), account_id), ensure_ascii=False))


def _note(account_id: int) -> None:
    """Leave a trace of the look before it is taken."""
    fact = AuditFact(action="account.view", subject=f"account:{account_id}", account_id=account_id)
    record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="account"), now=clock.now())


def _picture(number: str, scope: CustomerScope, account_id: int) -> dict[str, Any]:
    today = clock.today()
    nothing = AccountBalance(account_id=account_id, balance=ZERO, overdue=ZERO, next_due=None)
    balance = balances(scope=scope, today=today).get(account_id, nothing)
    due = balance.next_due
    return {
        "number": number,
        "balance": plain(balance.balance),
        "overdue": plain(balance.overdue),
        "next_due": {"amount": plain(due.amount), "date": due.on.isoformat()} if due else None,
        "as_of": timezone.localtime(clock.now()).isoformat(timespec="seconds"),
        "invoices": [_invoice(i) for i in list_invoices(scope=scope, today=today, limit=EVERYTHING).rows],
        "payments": [_payment(p) for p in last_payments(scope=scope, limit=EVERYTHING)],
    }


def _invoice(row: InvoiceRow) -> dict[str, str]:
    return {
        "number": row.number,
        "kind": row.kind.value,
        "issue_date": row.issue_date.isoformat(),
        "due_date": row.due_date.isoformat(),
        "gross_total": plain(row.gross_total),
        "outstanding": plain(row.outstanding),
        "status": row.status.value,
    }


def _payment(payment: BookedPayment) -> dict[str, str]:
    return {"booked_on": payment.booked_on.isoformat(), "amount": plain(payment.amount)}
