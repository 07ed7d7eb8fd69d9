"""Users (logins) and their grants to customer accounts."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from ebok.access.domain import GrantRole


class UserManager(BaseUserManager["User"]):
    """Finds users by login name, case-insensitively."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this login name."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A login (użytkownik). Not a customer: a user reaches customer accounts through grants."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(max_length=320, blank=True, default="")
    full_name = models.CharField(max_length=256, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
        ]

    def get_full_name(self) -> str:
        """The name to greet with."""
        return self.full_name or self.username


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants to customer accounts."""

    def in_force(self, on: date) -> Self:
        """Grants that open their account on this day."""
        return self.filter(starts_on__lte=on, revoked_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=on)
        )


class Grant(models.Model):
    """What opens one customer account to one user: from `starts_on` up to, not including, `ends_on`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in GrantRole])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = models.CharField(max_length=256)
    given_by = models.CharField(max_length=150)
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


class PasswordReset(models.Model):
    """One asking for a new password. `user` is empty when nobody has the address: the asker cannot tell.

    Only the HMAC of the code is kept, bound to the session that asked.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    code_hmac = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="password_reset_expires_at")]

    def __str__(self) -> str:
        return f"{self.id}, until {self.expires_at:%Y-%m-%d %H:%M}"
