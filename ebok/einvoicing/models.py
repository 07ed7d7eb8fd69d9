"""Ways of invoices, their documents, and the work of sending and printing them. Triggers refuse to change facts."""

from django.db import models
from django.db.models import F, Q

from ebok.einvoicing.domain import TOKEN_LENGTH, Carrier, Channel, SendingStage, WayReason
from ebok.foundation.insert_only import InsertOnly


class InvoiceTransmission(InsertOnly):
    """The way one booked invoice goes, decided once, with its reason and proof. Insert-only.

    `consent` is the entry of the consent ledger that was in force on the day of issue. `token` is what the
    printed code of the document leads by: random, and nothing else. `copy_by_email`: a buyer with a NIP who
    asked for the visualization by e-mail too.
    """

    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, primary_key=True, related_name="+")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    reason = models.CharField(max_length=24, choices=[(r.value, r.value) for r in WayReason])
    carried_by = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Carrier])
    copy_by_email = models.BooleanField(default=False)
    consent = models.ForeignKey("terms.ConsentEntry", null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=[c.value for c in Channel]), name="transmission_channel"),
            models.CheckConstraint(condition=Q(reason__in=[r.value for r in WayReason]), name="transmission_reason"),
            models.CheckConstraint(condition=Q(carried_by__in=[c.value for c in Carrier]), name="transmission_carrier"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.EMAIL.value) | Q(consent__isnull=False), name="transmission_email_accepted"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.KSEF.value, reason=WayReason.BUYER_WITH_NIP.value)
                | (~Q(channel=Channel.KSEF.value) & ~Q(reason=WayReason.BUYER_WITH_NIP.value)),
                name="transmission_ksef_for_nip",
            ),
            models.CheckConstraint(condition=Q(token__regex=r"^[0-9A-Z]{26}$"), name="transmission_token"),  # noqa: S106
        ]
        indexes = [
            models.Index(
                fields=["invoice"], condition=Q(channel="paper", carried_by="ebok"), name="transmission_printed_here"
            ),
            models.Index(
                fields=["invoice"], condition=Q(channel="ksef", copy_by_email=True), name="transmission_copies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.channel}"


class SealedDocument(InsertOnly):
    """The document of an invoice, sealed and stored once: for its KSeF number or none. Insert-only.

    `supplied`: the billing system's own PDF with our seal. `duplicate_on` is the day of a duplicate.
    """

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="+")
    ksef_number = models.CharField(max_length=36, blank=True, default="")
    duplicate_on = models.DateField(null=True)
    supplied = models.BooleanField(default=False)
    sha256 = models.BinaryField(max_length=32, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "ksef_number"], condition=Q(duplicate_on__isnull=True), name="sealed_document_once"
            ),
            models.UniqueConstraint(
                fields=["invoice", "ksef_number", "duplicate_on"],
                condition=Q(duplicate_on__isnull=False),
                name="sealed_duplicate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.ksef_number}".strip()


class DocumentTrouble(models.Model):
    """That the document of an invoice could not be made, why, and when to try again; gone once it is made."""

    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, primary_key=True, related_name="+")
    words = models.CharField(max_length=500)
    since = models.DateTimeField()
    again_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.invoice_id)


class SendingRun(models.Model):
    """One run that sends invoices by e-mail (wysyłka). `group` is the group of its messages in the outbox."""

    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=150)
    group = models.ForeignKey("notifications.MessageGroup", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=150, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Sending(models.Model):
    """The work of sending one invoice by e-mail; every change of state is a deed of a run or of the office.

    `words` says of a stuck one what is wrong with it, `stuck_at` since when.
    """

    transmission = models.OneToOneField(InvoiceTransmission, on_delete=models.PROTECT, primary_key=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in SendingStage])
    run = models.ForeignKey(SendingRun, null=True, on_delete=models.PROTECT, related_name="sendings")
    words = models.CharField(max_length=500, blank=True, default="")
    stuck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SendingStage]), name="sending_state"),
            models.CheckConstraint(condition=~Q(state="queued") | Q(run__isnull=False), name="sending_queued_by_a_run"),
            models.CheckConstraint(condition=~Q(state="stuck") | Q(stuck_at__isnull=False), name="sending_stuck_since"),
        ]
        indexes = [
            models.Index(
                F("state"),
                F("transmission"),
                condition=Q(state__in=["waiting", "queued", "stuck"]),
                name="sending_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"{self.transmission_id}: {self.state}"


class Mailing(InsertOnly):
    """One message that carried an invoice: the first, or a later one. Insert-only. Personal data: `address`.

    `consent` is the entry of the consent ledger that named the address: whoever confirms one anew makes a new entry.
    """

    transmission = models.ForeignKey(InvoiceTransmission, on_delete=models.PROTECT, related_name="mailings")
    number = models.PositiveSmallIntegerField()
    message_key = models.UUIDField(unique=True)
    consent = models.ForeignKey("terms.ConsentEntry", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=320)
    document_sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transmission", "number"], name="mailing_once")]

    def __str__(self) -> str:
        return f"{self.transmission_id}/{self.number}"


class MailFailure(InsertOnly):
    """A mailing that failed for good: refused, bounced or given up. Insert-only; on the office's list until settled.

    `final`: the other side has refused for good, so nothing is sent again by itself and the address counts as failing.
    One that was given up because the mail server was away is never final.
    """

    mailing = models.OneToOneField(Mailing, on_delete=models.PROTECT, related_name="failure")
    words = models.CharField(max_length=500, blank=True)
    final = models.BooleanField(default=False)
    failed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.mailing)


class FailureSettled(InsertOnly):
    """That somebody, or what followed by itself, dealt with a failure. Insert-only."""

    failure = models.OneToOneField(MailFailure, on_delete=models.PROTECT, related_name="settled")
    how = models.CharField(max_length=24)
    by = models.CharField(max_length=150)
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.failure)


class PaperFallback(InsertOnly):
    """An invoice that was to go by e-mail and goes on paper after all; `carried_by` prints it. Insert-only."""

    transmission = models.OneToOneField(InvoiceTransmission, on_delete=models.PROTECT, related_name="fallback")
    address = models.CharField(max_length=320)
    by = models.CharField(max_length=150)
    since = models.DateTimeField()
    carried_by = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Carrier])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(carried_by__in=[c.value for c in Carrier]), name="fallback_carrier")
        ]

    def __str__(self) -> str:
        return str(self.transmission_id)


class PrintBatch(models.Model):
    """Invoices printed together: one PDF in postal order with a cover list (partia wydruku)."""

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    pdf_sha256 = models.BinaryField(max_length=32, null=True)
    printed_at = models.DateTimeField(null=True)
    printed_by = models.CharField(max_length=150, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} ({self.pk})"


class PrintedInvoice(InsertOnly):
    """One invoice in a print batch, at its place. Insert-only: an invoice is printed in one batch."""

    transmission = models.OneToOneField(InvoiceTransmission, on_delete=models.PROTECT, related_name="print")
    batch = models.ForeignKey(PrintBatch, on_delete=models.PROTECT, related_name="invoices")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="printed_position_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"


class FirstOpening(InsertOnly):
    """When a customer first opened an invoice or its file here. Insert-only."""

    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, primary_key=True, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.invoice_id)


class SuspectReport(InsertOnly):
    """That somebody met an invoice which may be forged. Insert-only. Holds what they typed, never who they are."""

    reported_at = models.DateTimeField()
    way = models.CharField(max_length=8)
    finding = models.CharField(max_length=24)
    typed = models.JSONField(default=dict)
    file_sha256 = models.BinaryField(max_length=32, null=True)

    def __str__(self) -> str:
        return f"{self.reported_at:%Y-%m-%d} {self.finding}"


class ReportSettled(InsertOnly):
    """That the office dealt with a report. Insert-only."""

    report = models.OneToOneField(SuspectReport, on_delete=models.PROTECT, related_name="settled")
    by = models.CharField(max_length=150)
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.report_id)
