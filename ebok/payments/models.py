"""Tables of payments: statements and their movements as the bank gave them, and what became of each movement."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ebok.foundation.insert_only import InsertOnly
from ebok.payments.domain import MatchedBy, UnmatchedReason


class BankStatement(InsertOnly):
    """A booked statement: insert-only. Days are both included.

    `expected_opening` is the previous statement's closing balance when the bank's opening differs: a gap.
    """

    own_nrb = models.CharField(max_length=26)
    number = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    opening = models.DecimalField(max_digits=18, decimal_places=2)
    closing = models.DecimalField(max_digits=18, decimal_places=2)
    expected_opening = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    rows = models.PositiveIntegerField()
    file_sha256 = models.BinaryField(max_length=32)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="bank_statement_days"),
            models.CheckConstraint(
                condition=Q(expected_opening__isnull=True) | ~Q(expected_opening=F("opening")),
                name="bank_statement_gap",
            ),
        ]
        indexes = [models.Index(fields=["own_nrb", "last_day"], name="bank_statement_of_account")]

    def __str__(self) -> str:
        return f"{self.own_nrb}: {self.number}"


class StatementMovement(InsertOnly):
    """A movement as the bank gave it: insert-only. `amount` positive when money came in.

    `content_key` is what makes it this movement in whichever statement; `fingerprint` also numbers equal ones apart.
    """

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="movements")
    position = models.PositiveIntegerField()
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, db_index=True)
    reversal = models.BooleanField()
    bank_reference = models.TextField(blank=True)
    counterparty_name = models.TextField(blank=True)
    counterparty_nrb = models.CharField(max_length=26, blank=True)
    accounts_mentioned = ArrayField(models.CharField(max_length=26), default=list, blank=True)
    collect_id = models.CharField(max_length=64, blank=True)
    title = models.TextField(blank=True)
    details = models.TextField(blank=True)
    content_key = models.BinaryField(max_length=32, db_index=True)
    fingerprint = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"{self.statement_id}/{self.position}"


class MatchedMovement(InsertOnly):
    """The ledger entry a movement became: insert-only. `reverses` is the earlier credit it takes back.

    A movement is matched or unmatched, never both: triggers refuse the second.
    """

    movement = models.OneToOneField(
        StatementMovement, on_delete=models.PROTECT, primary_key=True, related_name="matched"
    )
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("billing.LedgerEntry", on_delete=models.PROTECT, related_name="+")
    matched_by = models.CharField(max_length=24, choices=[(m.value, m.value) for m in MatchedBy])
    reverses = models.OneToOneField(
        StatementMovement, null=True, on_delete=models.PROTECT, related_name="reversed_by_matched"
    )
    matched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matched_by__in=[m.value for m in MatchedBy]), name="matched_movement_matched_by"
            )
        ]

    def __str__(self) -> str:
        return str(self.movement_id)


class UnmatchedMovement(models.Model):
    """A movement that waits for a person, with the reason.

    `answers_entry_id` is the payment an invoice already told of; `reverses` the waiting credit it takes back.
    """

    movement = models.OneToOneField(
        StatementMovement, on_delete=models.PROTECT, primary_key=True, related_name="unmatched"
    )
    reason = models.CharField(max_length=32, choices=[(r.value, r.value) for r in UnmatchedReason])
    answers_entry = models.OneToOneField("billing.LedgerEntry", null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField(
        StatementMovement, null=True, on_delete=models.PROTECT, related_name="reversed_by_unmatched"
    )
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=[r.value for r in UnmatchedReason]), name="unmatched_movement_reason"
            ),
            models.CheckConstraint(
                condition=Q(answers_entry__isnull=True) | Q(reason=UnmatchedReason.ALREADY_ON_INVOICE.value),
                name="unmatched_movement_answers",
            ),
        ]
        indexes = [models.Index(fields=["reason"], name="unmatched_movement_by_reason")]

    def __str__(self) -> str:
        return f"{self.movement_id}: {self.reason}"
