"""Activation codes, and what a session has proved."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from ebok.enrolment.domain import CODE_TRIES, ActivationMethod, Delivery


class ActivationCodeQuerySet(models.QuerySet["ActivationCode"]):
    """Activation codes."""

    def usable(self, now: datetime) -> Self:
        """Codes that can still open their accounts."""
        return self.filter(used_at__isnull=True, expires_at__gt=now, tries__lt=CODE_TRIES)

    def waiting_for_print(self, now: datetime) -> Self:
        """Codes on paper that nobody has printed yet."""
        return self.usable(now).filter(code_encrypted__isnull=False, printed_at__isnull=True)


class ActivationCode(models.Model):
    """A long code that opens its accounts to whoever types it: from a letter, or from an accepted application.

    Compared by `code_hmac`. `code_encrypted` is the code itself, only until its letter is printed; `fetched_by` was the
    first to have its file. `tries` counts
    wrong codes typed for one of its accounts. `application` is the one it answers, if any. Names no
    person: whom it reaches is the accounts' data.
    """

    accounts: "models.ManyToManyField[Any, Any]" = models.ManyToManyField("customers.CustomerAccount", related_name="+")
    delivery = models.CharField(max_length=16, choices=[(d.value, d.value) for d in Delivery])
    application = models.ForeignKey("enrolment.Application", on_delete=models.PROTECT, null=True, related_name="+")
    code_hmac = models.BinaryField(max_length=32, unique=True)
    code_encrypted = models.BinaryField(max_length=512, null=True)
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=150)
    ordered_by_kind = models.CharField(max_length=16)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    fetched_by = models.CharField(max_length=150, blank=True, default="")
    printed_at = models.DateTimeField(null=True)
    printed_by = models.CharField(max_length=150, blank=True, default="")
    used_at = models.DateTimeField(null=True)

    objects = ActivationCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__in=[d.value for d in Delivery]), name="activation_code_delivery"
            ),
            models.CheckConstraint(
                condition=Q(code_encrypted__isnull=True)
                | ~Q(delivery=Delivery.EMAIL.value) & Q(printed_at__isnull=True),
                name="activation_code_readable_until_printed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ordered_at"], condition=Q(code_encrypted__isnull=False), name="activation_code_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} {self.id}, until {self.expires_at:%Y-%m-%d}"


class Proof(models.Model):
    """What one session has shown: these accounts are the asker's. Good for one login, until `expires_at`.

    Only the HMAC of the session's secret is kept. `code` is the activation code typed, used up with the proof.
    """

    method = models.CharField(max_length=16, choices=[(m.value, m.value) for m in ActivationMethod])
    accounts: "models.ManyToManyField[Any, Any]" = models.ManyToManyField("customers.CustomerAccount", related_name="+")
    code = models.ForeignKey(ActivationCode, on_delete=models.PROTECT, null=True, related_name="+")
    secret_hmac = models.BinaryField(max_length=32)
    proved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=[m.value for m in ActivationMethod]), name="proof_method"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="proof_used_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="proof_expires_at")]

    def __str__(self) -> str:
        return f"{self.method} {self.id}, until {self.expires_at:%Y-%m-%d %H:%M}"
