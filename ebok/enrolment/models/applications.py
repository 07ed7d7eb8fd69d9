"""Applications for access, and the steps each has taken."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ebok.access.domain import GrantRole
from ebok.enrolment.domain.applications import (
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
    RepresentationBasis,
    StepKind,
)
from ebok.foundation.insert_only import InsertOnly

WAITING = [state.value for state in ApplicationState if state.waits_for_staff]


class ApplicationCounter(models.Model):
    """How many applications were begun in a year: where their numbers come from."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications."""

    def submitted(self) -> Self:
        """Those that were sent: drafts are their applicants' own."""
        return self.exclude(state=ApplicationState.DRAFT.value)


class Application(models.Model):
    """An application for access, from draft to decision. Personal data: name, contact, address, the accounts asked for.

    PESEL is kept only as the keyed HMAC that the registry keeps too. The code by which the applicant comes back is
    kept as `code_hmac`, the form it was begun from as `client_hmac`. `steps_taken` grows with each step: who
    decides says how many they saw, so that of two at once one wins. `needs_two`: an account it was accepted for is an
    organization's, whatever the applicant called themselves, so another person confirms it. `entered_by` typed a paper
    form in; somebody else accepts it.
    """

    number = models.CharField(max_length=20, unique=True)
    client_hmac = models.BinaryField(max_length=32, unique=True)
    code_hmac = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in ApplicationState])
    steps_taken = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ApplicationChannel])
    kind = models.CharField(max_length=16, blank=True, default="")
    name = models.CharField(max_length=256, blank=True, default="")
    pesel_hmac = models.BinaryField(max_length=32, null=True)
    nip = models.CharField(max_length=10, blank=True, default="")
    representative = models.CharField(max_length=256, blank=True, default="")
    basis = models.CharField(max_length=16, blank=True, default="")
    email = models.CharField(max_length=320, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    street = models.CharField(max_length=128, blank=True, default="")
    house = models.CharField(max_length=32, blank=True, default="")
    flat = models.CharField(max_length=32, blank=True, default="")
    postal_code = models.CharField(max_length=16, blank=True, default="")
    city = models.CharField(max_length=128, blank=True, default="")
    account_numbers = models.JSONField(default=list)
    role = models.CharField(max_length=16, blank=True, default="")
    ground = models.CharField(max_length=500, blank=True, default="")
    terms_version = models.ForeignKey("terms.TermsVersion", on_delete=models.PROTECT, null=True, related_name="+")
    clause_version = models.CharField(max_length=32, blank=True, default="")
    scan_sha256 = models.BinaryField(max_length=32, null=True)
    scan_media_type = models.CharField(max_length=64, blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_accounts = models.JSONField(default=list)
    needs_two = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ApplicationState]), name="application_state"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in ApplicationChannel]), name="application_channel"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *(k.value for k in ApplicantKind)])
                & Q(basis__in=["", *(b.value for b in RepresentationBasis)])
                & Q(role__in=["", *(r.value for r in GrantRole)]),
                name="application_choices",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT.value, submitted_at__isnull=True, steps_taken=0)
                | ~Q(state=ApplicationState.DRAFT.value)
                & Q(submitted_at__isnull=False, terms_version__isnull=False, steps_taken__gte=1)
                & ~Q(kind="")
                & ~Q(name="")
                & ~Q(role="")
                & ~Q(account_numbers=[])
                & ~Q(clause_version=""),
                name="application_whole_when_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ApplicationState.HALF_ACCEPTED.value, ApplicationState.ACCEPTED.value])
                | Q(accepted_by__isnull=False) & ~Q(accepted_accounts=[]),
                name="application_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.ACCEPTED.value)
                | Q(confirmed_by__isnull=False)
                | ~Q(kind=ApplicantKind.ORGANIZATION.value) & Q(needs_two=False),
                name="application_of_organization_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (Q(accepted_by__isnull=False) & ~Q(accepted_by=F("confirmed_by"))),
                name="application_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(accepted_by=F("entered_by")),
                name="application_accepted_by_another_than_entered",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state__in=WAITING), name="application_waits"),
            models.Index(
                fields=["changed_at"], condition=Q(state=ApplicationState.DRAFT.value), name="application_draft_age"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class ApplicationStep(InsertOnly):
    """One step of an application. Insert-only. Personal data: what was asked and answered.

    `words` are for the applicant; `note` is the office's own and never leaves it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in StepKind])
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=150)
    words = models.CharField(max_length=2000, blank=True, default="")
    note = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in StepKind]), name="application_step_kind"),
            models.UniqueConstraint(fields=["application", "position"], name="application_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.position}: {self.kind}"
