"""Tables of meters, where they are installed, and readings. A reading's fact never changes."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from ebok.foundation.insert_only import InsertOnly
from ebok.metering.domain.plausibility import Finding
from ebok.metering.domain.readings import DeclaredReason, MeterRole, ReadingSource

MAX_DIALS = 9


class Meter(models.Model):
    """A water meter (wodomierz). `dials` is how many black digits it shows."""

    serial_number = models.CharField(max_length=64, unique=True)
    dials = models.PositiveSmallIntegerField()
    verification_valid_until = models.DateField(null=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(dials__gte=1, dials__lte=MAX_DIALS), name="meter_dials"),
        ]

    def __str__(self) -> str:
        return self.serial_number


class MeterInstallation(models.Model):
    """A meter at a service point, from `installed_on` to `removed_on` (None: it is there now)."""

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="installations")
    service_point = models.ForeignKey("customers.ServicePoint", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in MeterRole])
    installed_on = models.DateField()
    initial_value = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    removed_on = models.DateField(null=True)
    final_value = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "service_point"], name="meter_installation_once_a_point"),
            models.UniqueConstraint(
                fields=["meter"], condition=Q(removed_on__isnull=True), name="meter_installation_one_open"
            ),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in MeterRole]), name="meter_installation_role"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("installed_on")),
                name="meter_installation_removed_after_installed",
            ),
        ]


class MeterReadingQuerySet(models.QuerySet["MeterReading"]):
    """Readings by what became of them."""

    def current(self) -> Self:
        """Readings that no later statement for the same meter, day and source replaced."""
        return self.filter(superseded_by__isnull=True)

    def accepted(self) -> Self:
        """Current readings that were accepted."""
        return self.current().filter(acceptance__isnull=False)

    def held(self) -> Self:
        """Current readings that wait for a person."""
        return self.current().filter(hold__isnull=False, acceptance__isnull=True, rejection__isnull=True)


class MeterReading(InsertOnly):
    """What a meter showed on a day, as somebody stated it. Insert-only: corrected by a row that supersedes it.

    `superseded_by` alone is set later, once. Of one meter, day and source two rows may be current: one that
    stands, and one that waits for a person or was rejected; `beside` tells the two apart for the index.
    """

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="readings", db_index=False)
    read_on = models.DateField()
    value_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    source = models.CharField(max_length=16, choices=[(s.value, s.value) for s in ReadingSource])
    submitted_at = models.DateTimeField()
    client_uuid = models.UUIDField(null=True)
    submitted_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    declared_reason = models.CharField(max_length=16, blank=True, default="", db_default="")
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    beside = models.BooleanField(default=False, db_default=False)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = MeterReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "read_on", "source", "beside"],
                condition=Q(superseded_by__isnull=True),
                name="meter_reading_one_current",
            ),
            models.UniqueConstraint(
                fields=["client_uuid"], condition=Q(client_uuid__isnull=False), name="meter_reading_client_once"
            ),
            models.CheckConstraint(condition=Q(value_m3__gte=0), name="meter_reading_not_negative"),
            models.CheckConstraint(
                condition=Q(source__in=[s.value for s in ReadingSource]), name="meter_reading_source"
            ),
            models.CheckConstraint(
                condition=Q(declared_reason__in=["", *(r.value for r in DeclaredReason)]), name="meter_reading_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["meter", "submitted_at"],
                condition=Q(client_uuid__isnull=False),
                name="meter_reading_sent_by_meter",
            )
        ]


class ReadingHold(InsertOnly):
    """A reading that stood out and waits for a person: when and why. Insert-only."""

    reading = models.OneToOneField(MeterReading, on_delete=models.PROTECT, related_name="hold")
    finding = models.CharField(max_length=32, choices=[(f.value, f.value) for f in Finding])
    held_at = models.DateTimeField()


class ReadingAcceptance(InsertOnly):
    """A reading that counts. Its id is its place in the export: ids follow the order of commits. Insert-only."""

    reading = models.OneToOneField(MeterReading, on_delete=models.PROTECT, related_name="acceptance")
    accepted_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=150)


class ReadingRejection(InsertOnly):
    """A held reading that a person did not accept, and why. Insert-only."""

    reading = models.OneToOneField(MeterReading, on_delete=models.PROTECT, related_name="rejection")
    rejected_at = models.DateTimeField()
    rejected_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
