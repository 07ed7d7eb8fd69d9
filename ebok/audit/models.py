"""The audit trail: rows, the seals that chain them, and the list of rows not sealed yet."""

from django.db import models
from django.db.models import Q

from ebok.audit.domain import ActorKind
from ebok.foundation.insert_only import InsertOnly


class AuditRow(InsertOnly):
    """One thing done or looked at. Insert-only."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ActorKind])
    actor_name = models.CharField(max_length=150)
    actor_address = models.CharField(max_length=64, blank=True, default="")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=256)
    account_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=512, blank=True, default="")
    result = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=[k.value for k in ActorKind]), name="audit_actor_kind"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_id", "id"], condition=models.Q(account_id__isnull=False), name="audit_account"
            ),
            models.Index(fields=["subject", "id"], condition=models.Q(subject__startswith="user:"), name="audit_login"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.action} {self.subject}"


class UnsealedRow(models.Model):
    """A row that waits for its seal. A trigger adds it with the row; sealing removes it."""

    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.row_id)


class AuditSeal(InsertOnly):
    """The place of one row in the chain: `chain_hash` covers the row and the hash before it. Insert-only."""

    position = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, related_name="seal")
    chain_hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(position__gte=1), name="audit_seal_position")]

    def __str__(self) -> str:
        return f"{self.position}: {self.row_id}"
