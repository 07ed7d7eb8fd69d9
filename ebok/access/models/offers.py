"""How often a login was offered a passkey."""

from django.db import models

from ebok.access.models.users import User


class PasskeyOffer(models.Model):
    """Counts the good sign-ins of a login without a passkey, and how often it put the offer off.

    `declined_at`: its owner does not want to be asked again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    sign_ins = models.PositiveIntegerField(default=0)
    put_off = models.PositiveSmallIntegerField(default=0)
    declined_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sign_ins} sign-ins, put off {self.put_off} times"
