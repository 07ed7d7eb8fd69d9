"""What has come in: files taken whole, and invoices that wait for their account."""

from django.db import models

from ebok.foundation.insert_only import InsertOnly


class ImportedFile(models.Model):
    """A file taken with nothing refused. The same bytes of the same kind again change nothing."""

    kind = models.CharField(max_length=32)
    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=1024)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    parked = models.PositiveIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "sha256"], name="imported_file_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class ParkedInvoice(models.Model):
    """An invoice that waits for its account to appear. The row goes when the invoice is booked.

    `content` is the whole invoice as billing's codec writes it; its exact bytes are a stored document.
    """

    number = models.CharField(max_length=256)
    kind = models.CharField(max_length=8)
    xml_sha256 = models.BinaryField(max_length=32, unique=True)
    pdf_sha256 = models.BinaryField(max_length=32, null=True)
    content = models.JSONField()
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "kind"], name="parked_invoice_number_once")]

    def __str__(self) -> str:
        return self.number


class TakenRows(InsertOnly):
    """How many rows one batch of an import took for good, booked or parked. Insert-only; see I10."""

    kind = models.CharField(max_length=32)
    rows = models.PositiveIntegerField()
    booked = models.PositiveIntegerField()
    parked = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rows=models.F("booked") + models.F("parked")), name="taken_rows_booked_or_parked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.rows}"
