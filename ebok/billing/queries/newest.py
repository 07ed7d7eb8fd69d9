"""The newest invoices of an account, for whoever must name one of them."""

from dataclasses import replace
from datetime import date

from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.overview import NamedInvoice
from ebok.billing.models import Invoice
from ebok.customers.domain import CustomerScope, DocumentWindow


def newest_invoices(
    *, scope: CustomerScope, account_id: int, count: int, issued_from: date = date.min
) -> list[NamedInvoice]:
    """Return the `count` invoices issued last to an account in scope, corrections left out, newest first.

    Those of the time before `issued_from` are left out, too: issued before, or a bill for then, as windows see it.

    A correction's amount is a difference that people read in more than one way; the invoice it corrects stays
    as it was issued. One query, also for an account that does not exist.
    """
    mine = replace(scope.narrowed(account_id), windows={account_id: DocumentWindow(since=issued_from)})
    rows = Invoice.objects.in_scope(scope).in_scope(mine).filter(account_id=account_id, kind=InvoiceKind.VAT.value)
    newest = rows.order_by("-issue_date", "-id")[:count].values_list("number", "gross_total")
    return [NamedInvoice(number=number, gross_total=gross) for number, gross in newest]
