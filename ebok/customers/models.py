"""Tables of customer accounts and service points, as the billing system's registry gives them."""

from typing import Final, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Lower

from ebok.customers.domain import (
    FOLDED_FROM,
    FOLDED_TO,
    REASON_MAX_LENGTH,
    WANTED_MAX_LENGTH,
    WHY_MAX_LENGTH,
    ContactField,
    CustomerKind,
    CustomerScope,
    DataField,
)
from ebok.foundation.insert_only import InsertOnly

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


class PastPaymentAccount(InsertOnly):
    """A payment account (26 digits) that an account had until the registry gave it another. Insert-only.

    It stands on older invoices for ever, and money still comes to it.
    """

    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="+")
    payment_nrb = models.CharField(max_length=26, db_index=True)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "payment_nrb"], name="past_payment_account_once")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.payment_nrb}"


class HolderChange(InsertOnly):
    """The registry named another holder of an account than before, at this moment. Insert-only; names nobody.

    What came before it speaks of the former holder: it opens nothing, and is not shown to whoever comes after.
    """

    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.at:%Y-%m-%d}"


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


class ContactChange(InsertOnly):
    """A contact of an account was changed: by a person, or (`BY_REGISTRY`) by a later value of the billing system.

    `registry_value` is what the registry said at the time. The last row of an account and field holds while the
    registry still says so. Insert-only. Personal data: addresses, e-mail addresses, phone numbers, `by` (a login).
    """

    BY_REGISTRY: Final = "registry"

    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="contact_changes")
    field = models.CharField(max_length=16, choices=[(f.value, f.value) for f in ContactField])
    old = models.JSONField()
    new = models.JSONField()
    registry_value = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(field__in=[f.value for f in ContactField]), name="contact_change_field"),
        ]
        indexes = [models.Index(fields=["account", "field", "-id"], name="contact_change_last")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.field}"


class DataChangeRequest(InsertOnly):
    """Somebody who may asks for other data of the agreement. Insert-only; decided by `DataChangeDecision`.

    Personal data: whatever was written in `wanted` and `why`, and the login that asks.
    """

    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=32, choices=[(f.value, f.value) for f in DataField])
    wanted = models.CharField(max_length=WANTED_MAX_LENGTH)
    why = models.CharField(max_length=WHY_MAX_LENGTH)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=[f.value for f in DataField]), name="data_change_what"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="data_change_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.what}"


class DataChangeDecision(InsertOnly):
    """What staff decided about a request, once. Insert-only. Personal data: `decided_by`, a login of staff."""

    request = models.OneToOneField(DataChangeRequest, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField()
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True, default="")
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approved=True) | ~Q(reason=""), name="data_change_refused_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.approved}"
