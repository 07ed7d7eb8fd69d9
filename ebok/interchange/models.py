"""What has come in: files taken whole, and invoices that wait for their account."""

from django.db import models


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
