"""Users: the logins of customers and of staff."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from ebok.access.domain import StaffRole


class UserManager(BaseUserManager["User"]):
    """Finds users by login name, case-insensitively."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this login name."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A login (użytkownik). Not a customer: a user reaches customer accounts through grants."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(max_length=320, blank=True, default="")
    phone = models.CharField(max_length=16, blank=True, default="", db_default="")
    full_name = models.CharField(max_length=256, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

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


class StaffPost(models.Model):
    """Makes a login one of the utility's own people, until `ended_at`. Such a login holds no grants."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32, choices=[(r.value, r.value) for r in StaffRole])
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in StaffRole]), name="staff_post_role"),
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at__isnull=True), name="staff_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class KnownDevice(models.Model):
    """A browser a login has been used from. Only the HMAC of its cookie is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token_hmac = models.BinaryField(max_length=32)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token_hmac"], name="known_device_once")]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.first_seen_at:%Y-%m-%d}"
