"""The ledger: entries, what settles what, and what is still open. Triggers refuse to change what is posted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ebok.billing.domain.ledger import CONTRA, ContraAccount, EntryKind, EntrySource
from ebok.billing.models.invoices import NUMBER_LENGTH, InScopeQuerySet, Invoice
from ebok.foundation.insert_only import InsertOnly


class LedgerEntryQuerySet(InScopeQuerySet["LedgerEntry"]):
    """Entries, by the day they were booked."""

    DAY, INVOICE = "booked_on", "invoice__"


class OpenItemQuerySet(InScopeQuerySet["OpenItem"]):
    """Open items, by the day of their entry."""

    DAY, INVOICE = "entry__booked_on", "invoice__"


class BalanceComparisonQuerySet(InScopeQuerySet["BalanceComparison"]):
    """Comparisons, by the day compared."""

    DAY = "as_of"


class AccountLedger(models.Model):
    """The ledger of one customer account: the row that whoever posts to it locks."""

    account = models.OneToOneField("customers.CustomerAccount", on_delete=models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return str(self.account_id)


class LedgerEntry(InsertOnly):
    """One transfer between the account's receivable and a contra account, one signed amount: insert-only.

    Positive = the customer owes more. Double entry by construction: both legs are the one amount.
    """

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in EntryKind])
    contra = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ContraAccount])
    source = models.CharField(max_length=16, choices=[(s.value, s.value) for s in EntrySource])
    external_id = models.CharField(max_length=600)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    booked_on = models.DateField()
    due_on = models.DateField(null=True)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="entries")
    document_number = models.CharField(max_length=NUMBER_LENGTH, blank=True, default="")
    title = models.TextField(blank=True, default="")
    settles_first = ArrayField(models.CharField(max_length=NUMBER_LENGTH), default=list, blank=True)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals")
    posted_at = models.DateTimeField()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="ledger_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in EntryKind]), name="ledger_entry_kind"),
            models.CheckConstraint(
                condition=Q(contra__in=[c.value for c in ContraAccount]), name="ledger_entry_contra"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["invoice", "correction"]) | Q(invoice__isnull=False),
                name="ledger_entry_of_an_invoice",
            ),
            models.CheckConstraint(
                condition=Q(*((Q(kind=k.value, contra=c.value)) for k, c in CONTRA.items()), _connector=Q.OR),
                name="ledger_entry_contra_of_kind",
            ),
            models.CheckConstraint(condition=~Q(kind="payment") | Q(amount__lt=0), name="ledger_entry_payment_lowers"),
        ]
        indexes = [
            models.Index(fields=["account", "booked_on", "id"], include=["amount"], name="ledger_entry_of_account"),
            models.Index(fields=["account", "amount"], condition=Q(kind="payment"), name="ledger_entry_payments"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class Allocation(InsertOnly):
    """Złoty of a credit entry that settle a charge entry: insert-only; a negative row takes some back.

    A trigger refuses a credit and a charge of different accounts.
    """

    credit = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="allocated_to")
    charge = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="allocated_from")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="allocation_not_zero")]

    def __str__(self) -> str:
        return f"{self.credit_id} → {self.charge_id}"


class OpenItem(models.Model):
    """An entry with something unsettled: the working set derived from entries and allocations.

    `remaining` is signed like the entry's amount; the row goes when the entry is settled. A trigger refuses
    an account that is not the entry's.
    """

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="open_item")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    remaining = models.DecimalField(max_digits=18, decimal_places=2)
    due_on = models.DateField()
    invoice = models.OneToOneField(Invoice, null=True, on_delete=models.PROTECT, related_name="open_item")

    objects = OpenItemQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(remaining=0), name="open_item_not_zero")]

    def __str__(self) -> str:
        return str(self.entry_id)


class BalanceComparison(InsertOnly):
    """What the billing system said an account's balance was, beside what the ledger said. Insert-only."""

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+", db_index=False)
    as_of = models.DateField()
    theirs = models.DecimalField(max_digits=18, decimal_places=2)
    ours = models.DecimalField(max_digits=18, decimal_places=2)
    compared_at = models.DateTimeField()

    objects = BalanceComparisonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("account"), F("as_of").desc(), F("id").desc(), name="comparison_newest_day_first")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.as_of}"


class PaidByStatement(InsertOnly):
    """A payment that an invoice states and that a statement had booked before: not posted again. Insert-only."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="paid_by_statement")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id} ← {self.entry_id}"
