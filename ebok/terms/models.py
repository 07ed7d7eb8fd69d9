"""Versions of the texts customers accept, and who accepted which."""

from django.db import models
from django.db.models import Q

from ebok.foundation.insert_only import InsertOnly
from ebok.terms.domain import (
    AcceptanceChannel,
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    TermsKind,
)


class TermsVersion(InsertOnly):
    """One published version of a text. Insert-only: what somebody accepted stays, a new version is a new row.

    `price_effect` is what saying yes to it does to the price, in words; empty when the tariff has no such effect.
    """

    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in TermsKind])
    version = models.CharField(max_length=64)
    title = models.CharField(max_length=256)
    text = models.TextField()
    sha256 = models.BinaryField(max_length=32)
    valid_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    price_effect = models.CharField(max_length=500, blank=True, default="")

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


class ConsentEntry(InsertOnly):
    """One entry of an account's consent ledger. Insert-only, and chained: `sha256` covers the entry and the one before.

    Personal data: `person`, `address`, `evidence`. `number` is its place in the account's chain, from 1.
    `person` is who decided: a login (`user:7`) or the name on a form. `wording_sha256` is the hash of the exact
    text shown, `wording` the published version when there is one here. `given_on` is the day it was said,
    `effective_from` the first day of issue of the invoices it counts for. `reference` is the billing system's id.
    """

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=16, choices=[(d.value, d.value) for d in ConsentDecision])
    deed = models.CharField(max_length=16, choices=[(d.value, d.value) for d in ConsentDeed])
    person = models.CharField(max_length=200)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in ConsentChannel])
    basis = models.CharField(max_length=16, choices=[(b.value, b.value) for b in ConsentBasis])
    address = models.CharField(max_length=320, blank=True, default="")
    wording = models.ForeignKey(TermsVersion, null=True, on_delete=models.PROTECT, related_name="+")
    wording_sha256 = models.BinaryField(max_length=32)
    price_effect = models.CharField(max_length=500, blank=True, default="")
    evidence = models.CharField(max_length=500, blank=True, default="")
    evidence_sha256 = models.BinaryField(max_length=32, null=True)
    reference = models.CharField(max_length=64, blank=True, default="")
    given_on = models.DateField()
    effective_from = models.DateField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=150)
    previous_sha256 = models.BinaryField(max_length=32)
    sha256 = models.BinaryField(max_length=32, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="consent_place_once"),
            models.UniqueConstraint(
                fields=["reference", "deed"], condition=~Q(reference=""), name="consent_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=[d.value for d in ConsentDecision]), name="consent_decision"
            ),
            models.CheckConstraint(condition=Q(deed__in=[d.value for d in ConsentDeed]), name="consent_deed"),
            models.CheckConstraint(condition=Q(channel__in=[c.value for c in ConsentChannel]), name="consent_channel"),
            models.CheckConstraint(condition=Q(basis__in=[b.value for b in ConsentBasis]), name="consent_basis"),
            models.CheckConstraint(condition=Q(number__gte=1), name="consent_place"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.number}"
