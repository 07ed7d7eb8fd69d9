"""Readings that invoices say they were made from."""

from datetime import date

from ebok.billing.domain.invoices import Description
from ebok.billing.domain.readings_named import NamedReading, readings_named_in
from ebok.billing.models import Invoice
from ebok.customers.domain import CustomerScope


def readings_on_invoices(*, scope: CustomerScope, since: date) -> dict[NamedReading, tuple[int, str]]:
    """Return the first invoice (id, number) in scope, issued since a day, that names each reading."""
    rows = Invoice.objects.in_scope(scope).filter(issue_date__gte=since, content__descriptions__isnull=False)
    found: dict[NamedReading, tuple[int, str]] = {}
    for invoice_id, number, said in rows.order_by("issue_date", "id").values_list(
        "id", "number", "content__descriptions"
    ):
        descriptions = [Description(key=one["key"], value=one["value"]) for one in said]
        for reading in readings_named_in(descriptions=descriptions):
            found.setdefault(reading, (invoice_id, number))
    return found
