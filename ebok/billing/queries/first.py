"""The first invoice issued since a day."""

from datetime import date

from ebok.billing.models import Invoice
from ebok.customers.domain import CustomerScope


def first_invoice_since(*, scope: CustomerScope, since: date) -> tuple[int, str] | None:
    """The id and number of the first invoice of the scope issued on or after a day; None when there is none yet."""
    rows = Invoice.objects.in_scope(scope).filter(issue_date__gte=since).order_by("issue_date", "id")
    return rows.values_list("id", "number").first()
