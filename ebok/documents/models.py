"""Which files are stored, and which of them are published."""

from django.db import models
from django.db.models import Q

from ebok.documents.domain import PublishedKind
from ebok.foundation.insert_only import InsertOnly


class StoredDocument(InsertOnly):
    """A file in the document folder, named by its SHA-256. Insert-only."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return bytes(self.sha256).hex()


class PublishedDocument(InsertOnly):
    """One version of a document everybody may read. Insert-only: a new version is a new row."""

    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in PublishedKind])
    title = models.CharField(max_length=256)
    version = models.CharField(max_length=64)
    valid_from = models.DateField()
    file_name = models.CharField(max_length=128)
    document = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in PublishedKind]), name="published_kind"),
            models.UniqueConstraint(fields=["title", "version"], name="published_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"
