"""Invoices as issued, with what came with them. Triggers refuse to change what is issued."""

from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTransform

from ebok.billing.domain.invoices import InvoiceKind
from ebok.customers.domain import CustomerScope, DocumentWindow
from ebok.foundation.insert_only import InsertOnly

NUMBER_LENGTH = 256


M = TypeVar("M", bound=models.Model)


class InScopeQuerySet(models.QuerySet[M]):
    """Rows of customer accounts, reached through a scope.

    `DAY` is the column of the day a row is of, `INVOICE` how its invoice is named, None for rows that have none.
    """

    DAY: ClassVar[str]
    INVOICE: ClassVar[str | None] = None

    def in_scope(self, scope: CustomerScope) -> Self:
        """Only rows of accounts the scope allows, and of an account with a window only those inside it."""
        if scope.account_ids is None:
            return self
        windows = scope.windows.items()
        bounded = {account: window for account, window in windows if window.is_bounded and scope.allows(account)}
        seen = Q(account_id__in=scope.account_ids - bounded.keys())
        for window in set(bounded.values()):
            accounts = [account for account, its in bounded.items() if its == window]
            seen |= Q(account_id__in=accounts) & self._inside(window)
        return self.filter(seen)

    def _inside(self, window: DocumentWindow) -> Q:
        inside = _between(self.DAY, window)
        if self.INVOICE is None:
            return inside
        own = _own_invoice(self.INVOICE, window)
        return inside & (own | Q(**{f"{self.INVOICE}isnull": True}) if self.INVOICE else own)


def _between(column: str, window: DocumentWindow) -> Q:
    since = Q(**{f"{column}__gte": window.since}) if window.since else Q()
    return since & Q(**{f"{column}__lt": window.until}) if window.until else since


def _own_invoice(prefix: str, window: DocumentWindow) -> Q:
    """An invoice of the window: issued in it, not a bill for the time before it, no correction of an earlier one.

    Both of those name the holder before, whenever they were issued.
    """
    own = _between(f"{prefix}issue_date", window)
    if window.since is None:
        return own
    earlier = InvoiceCorrection.objects.filter(
        correction=OuterRef(f"{prefix}id"), corrected_issue_date__lt=window.since
    )
    return own & ~Q(**{f"{prefix}period_end__lte": window.since}) & Q(~Exists(earlier))


class InvoiceQuerySet(InScopeQuerySet["Invoice"]):
    """Invoices, by the day they were issued."""

    DAY, INVOICE = "issue_date", ""


class Invoice(InsertOnly):
    """An invoice or correction as issued: insert-only. `content` is the whole of it, as its codec writes it.

    `period_end` is half-open. `due_date` is the first term printed, else the issue date and the setting.
    """

    number = models.CharField(max_length=NUMBER_LENGTH)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in InvoiceKind])
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+", db_index=False)
    issue_date = models.DateField()
    due_date = models.DateField()
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    net_total = models.DecimalField(max_digits=18, decimal_places=2)
    vat_total = models.DecimalField(max_digits=18, decimal_places=2)
    gross_total = models.DecimalField(max_digits=18, decimal_places=2)
    payment_nrb = models.CharField(max_length=34, blank=True, default="")
    buyer_nip = models.CharField(max_length=10, blank=True, default="")
    xml_sha256 = models.BinaryField(max_length=32)
    content = models.JSONField()
    imported_at = models.DateTimeField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "kind"], name="invoice_number_once"),
            models.UniqueConstraint(fields=["xml_sha256"], name="invoice_bytes_once"),
            models.CheckConstraint(condition=Q(gross_total=F("net_total") + F("vat_total")), name="invoice_totals"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in InvoiceKind]), name="invoice_kind"),
            models.CheckConstraint(
                condition=Q(period_end__isnull=True, period_start__isnull=True) | Q(period_end__gt=F("period_start")),
                name="invoice_period",
            ),
        ]
        indexes = [
            models.Index(F("account"), F("issue_date").desc(), F("id").desc(), name="invoice_newest_first"),
            models.Index(
                fields=["payment_nrb", "gross_total"], condition=~Q(payment_nrb=""), name="invoice_printed_nrb"
            ),
            # `payment_nrb` is the first account printed; few invoices print more.
            GinIndex(
                KeyTransform("payment_accounts", "content"),
                condition=Q(content__payment_accounts__1__isnull=False),
                name="invoice_more_accounts",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceCorrection(InsertOnly):
    """What a correction corrects, by number: the original need not be here. Insert-only."""

    correction = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="corrects")
    corrected_number = models.CharField(max_length=NUMBER_LENGTH, db_index=True)
    corrected_issue_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "corrected_number"], name="invoice_correction_once")
        ]

    def __str__(self) -> str:
        return self.corrected_number


class SuppliedPdf(InsertOnly):
    """The PDF the billing system supplied for an invoice; it may come later than the XML. Insert-only."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="supplied_pdf")
    sha256 = models.BinaryField(max_length=32, db_index=True)
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.invoice_id)


class KsefRegistration(InsertOnly):
    """The KSeF number of the invoice with these bytes; the receipt may come before the invoice. Insert-only."""

    ksef_number = models.CharField(max_length=36, unique=True)
    xml_sha256 = models.BinaryField(max_length=32, unique=True)
    invoice_number = models.CharField(max_length=NUMBER_LENGTH, db_index=True)
    issue_date = models.DateField()
    receipt_sha256 = models.BinaryField(max_length=32)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ksef_number
