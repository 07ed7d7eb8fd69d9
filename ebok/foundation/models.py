"""The counters behind `foundation.limits`."""

from django.db import models


class LimitCounter(models.Model):
    """How often one limit was used by one subject in one part of its span. `key` is an HMAC: it names nobody."""

    key = models.BinaryField(max_length=32, unique=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="limit_counter_ends_at")]

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at:%Y-%m-%d %H:%M}"
