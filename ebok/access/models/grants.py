"""Grants to customer accounts, invitations to them, and requests for them."""

from datetime import date, datetime
from typing import Final, Self

from django.db import models
from django.db.models import CharField, F, Q
from django.db.models.functions import Cast

from ebok.access.domain import INVITATION_TRIES, GrantRole
from ebok.access.models.users import User

_ROLES: Final = [role.value for role in GrantRole]


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants to customer accounts."""

    def in_force(self, on: date) -> Self:
        """Grants that open their account on this day."""
        return self.filter(starts_on__lte=on, revoked_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=on)
        )

    def held(self, on: date) -> Self:
        """Grants in force on this day, and ownerships that have run out, which keep their own papers."""
        ended = Q(role=GrantRole.OWNER.value, ends_on__lte=on)
        return self.filter(starts_on__lte=on, revoked_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=on) | ended
        )

    def left(self, on: date) -> Self:
        """Ownerships that have run out by this day, or were taken back; not those whose owner closed their login."""
        by_itself = Q(revoked_by=Cast("user_id", CharField()))
        taken = Q(revoked_at__isnull=False) & ~by_itself
        return self.filter(Q(ends_on__lte=on) | taken, role=GrantRole.OWNER.value)


class Grant(models.Model):
    """What opens one customer account to one user: from `starts_on` up to, not including, `ends_on`.

    `documents_from` is the first day whose papers it shows, empty for all: whoever takes an account over, or is let
    in after the registry named another holder, does not see the papers of the one before. `revoked_at` closes it
    for good; an ownership that ran out by `ends_on` keeps the papers of its own time. `ended_at` is when its end was
    put down, if not when it was given.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in GrantRole])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    documents_from = models.DateField(null=True)
    ground = models.CharField(max_length=256)
    given_by = models.CharField(max_length=150)
    given_by_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="grants_given")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True, default="")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in GrantRole]), name="grant_role"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="grant_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "account"], condition=Q(revoked_at__isnull=True), name="grant_once_in_force"
            ),
        ]
        indexes = [models.Index(fields=["account"], name="grant_account")]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations to customer accounts."""

    def open(self, now: datetime) -> Self:
        """Invitations that can still be accepted."""
        unused = self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
        return unused.filter(expires_at__gt=now, tries__lt=INVITATION_TRIES)


class Invitation(models.Model):
    """An owner's invitation of somebody to an account. Only the HMAC of its long code is kept.

    `channel` is how the code travels: `email`, `sms` or `paper`; `recipient` the address, empty on paper.
    `draft` names the answers it was made of: they make one invitation, however often they are sent.
    """

    CHANNELS: Final = ("email", "sms", "paper")

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(r, r) for r in _ROLES])
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invitee = models.CharField(max_length=256)
    channel = models.CharField(max_length=16, choices=[(c, c) for c in CHANNELS])
    recipient = models.CharField(max_length=320, blank=True, default="")
    ground = models.CharField(max_length=256)
    grant_ends_on = models.DateField(null=True)
    code_hmac = models.BinaryField(max_length=32, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    draft = models.UUIDField(null=True, unique=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[r for r in _ROLES if r != GrantRole.OWNER.value]), name="invitation_role"
            ),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms", "paper"]), name="invitation_channel"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_end"
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="invitation_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.role}"


class AccessRequest(models.Model):
    """Somebody who proved their case asks for an account that has an owner, or that they owned before.

    The owner or staff decide; where there is no owner, staff.

    `method` is how it was proved (an activation method's name); `decision` is `granted` or `refused`.
    """

    DECISIONS: Final = ("granted", "refused")

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_requests")
    method = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=16, choices=[(d, d) for d in DECISIONS], blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.CharField(max_length=512, blank=True, default="")
    given = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["", "granted", "refused"]), name="access_request_decision"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="access_request_decided",
            ),
            models.UniqueConstraint(
                fields=["account", "user"], condition=Q(decision=""), name="access_request_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.account_id}"


class CustomerVisit(models.Model):
    """A member of staff looks at one customer, for a reason, in one session of theirs, until `closed_at`."""

    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session_hmac = models.BinaryField(max_length=32)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=512)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session_hmac", "account"], condition=Q(closed_at__isnull=True), name="customer_visit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.account_id}"
