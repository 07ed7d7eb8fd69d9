"""Six-digit one-time codes."""

from django.db import models
from django.db.models import Q

from ebok.access.domain import CodePurpose
from ebok.access.models.users import User


class OneTimeCode(models.Model):
    """One asking for a code. `user` is empty when nobody has the address: the asker cannot tell.

    Only the HMAC of the code is kept, bound to the session that asked. `subject` is what the code proves
    (an address to be changed to, an account to be opened), whatever its purpose needs.
    """

    purpose = models.CharField(max_length=32, choices=[(p.value, p.value) for p in CodePurpose])
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=320, blank=True, default="")
    code_hmac = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in CodePurpose]), name="one_time_code_purpose"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="one_time_code_expires_at")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}, until {self.expires_at:%Y-%m-%d %H:%M}"
