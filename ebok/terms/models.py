"""Versions of the texts customers accept, and who accepted which."""

from django.db import models
from django.db.models import Q

from ebok.foundation.insert_only import InsertOnly
from ebok.terms.domain import AcceptanceChannel, TermsKind


class TermsVersion(InsertOnly):
    """One published version of a text. Insert-only: what somebody accepted stays, a new version is a new row."""

    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in TermsKind])
    version = models.CharField(max_length=64)
    title = models.CharField(max_length=256)
    text = models.TextField()
    sha256 = models.BinaryField(max_length=32)
    valid_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in TermsKind]), name="terms_kind"),
            models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once"),
            models.UniqueConstraint(fields=["kind", "valid_from"], name="terms_one_version_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class TermsAcceptance(InsertOnly):
    """That somebody accepted a version. Insert-only. Personal data: `who` names a login or an application.

    `address` is the network address it came from, kept as evidence.
    """

    who = models.CharField(max_length=64)
    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="acceptances")
    sha256 = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in AcceptanceChannel])
    accepted_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=150)
    address = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in AcceptanceChannel]), name="terms_acceptance_channel"
            ),
            models.CheckConstraint(
                condition=Q(who__regex=r"^(user|application):[1-9][0-9]{0,18}$"), name="terms_acceptance_who"
            ),
            models.UniqueConstraint(fields=["who", "version"], name="terms_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.version_id}"
