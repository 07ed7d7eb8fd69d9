"""Tables of customer accounts and service points, as the billing system's registry gives them."""

from typing import Final, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Lower

from ebok.customers.domain import FOLDED_FROM, FOLDED_TO, CustomerKind, CustomerScope

_ADDRESS: Final = ("street", "house", "flat", "postal_code", "city")


def _searched(*columns: str) -> models.GeneratedField:
    """The columns as one text without Polish letters, a space around each: kept by the database, for searches."""
    parts = [part for column in columns for part in (Value(" "), F(column))]
    whole = Lower(Concat(*parts, Value(" "), output_field=models.TextField()))
    said = Func(whole, Value(FOLDED_FROM), Value(FOLDED_TO), function="translate", output_field=models.TextField())
    return models.GeneratedField(expression=said, output_field=models.TextField(), db_persist=True)


class CustomerAccountQuerySet(models.QuerySet["CustomerAccount"]):
    """Accounts, reached through a scope."""

    def in_scope(self, scope: CustomerScope) -> Self:
        """Only accounts the scope allows."""
        return self if scope.account_ids is None else self.filter(id__in=scope.account_ids)


class CustomerAccount(models.Model):
    """A customer account (konto klienta) and whoever holds it. PESEL is kept only as a keyed HMAC.

    `searched` repeats the number, name and address without Polish letters.
    """

    number = models.CharField(max_length=256, unique=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in CustomerKind])
    name = models.CharField(max_length=512)
    nip = models.CharField(max_length=10, blank=True, default="", db_default="")
    pesel_hmac = models.BinaryField(null=True, max_length=32)
    email = models.CharField(max_length=320, blank=True, default="", db_default="")
    phone = models.CharField(max_length=32, blank=True, default="", db_default="")
    street = models.CharField(max_length=256, blank=True, default="", db_default="")
    house = models.CharField(max_length=32, blank=True, default="", db_default="")
    flat = models.CharField(max_length=32, blank=True, default="", db_default="")
    postal_code = models.CharField(max_length=16)
    city = models.CharField(max_length=128)
    correspondence_street = models.CharField(max_length=256, blank=True, default="", db_default="")
    correspondence_house = models.CharField(max_length=32, blank=True, default="", db_default="")
    correspondence_flat = models.CharField(max_length=32, blank=True, default="", db_default="")
    correspondence_postal_code = models.CharField(max_length=16, blank=True, default="", db_default="")
    correspondence_city = models.CharField(max_length=128, blank=True, default="", db_default="")
    payment_nrb = models.CharField(max_length=26, blank=True, default="", db_default="")
    collect_id = models.CharField(max_length=64, blank=True, default="", db_default="")
    tariff_group = models.CharField(max_length=64, blank=True, default="", db_default="")
    billing_months = models.PositiveSmallIntegerField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    searched = _searched("number", "name", *_ADDRESS)

    objects = CustomerAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in CustomerKind]), name="customer_account_kind"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=models.F("opened_on")),
                name="customer_account_closed_after_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["payment_nrb"], condition=~Q(payment_nrb=""), name="customer_account_payment_nrb"),
            models.Index(fields=["collect_id"], condition=~Q(collect_id=""), name="customer_account_collect_id"),
            models.Index(fields=["nip"], condition=~Q(nip=""), name="customer_account_nip"),
        ]

    def __str__(self) -> str:
        return self.number


class ServicePoint(models.Model):
    """A service point (punkt poboru): where water is taken, for one account, at one address."""

    number = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="service_points")
    street = models.CharField(max_length=256, blank=True, default="", db_default="")
    house = models.CharField(max_length=32, blank=True, default="", db_default="")
    flat = models.CharField(max_length=32, blank=True, default="", db_default="")
    postal_code = models.CharField(max_length=16, blank=True, default="", db_default="")
    city = models.CharField(max_length=128, blank=True, default="", db_default="")
    zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    searched = _searched(*_ADDRESS)

    def __str__(self) -> str:
        return self.number
