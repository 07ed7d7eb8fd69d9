"""Files that come in with a form: kept in memory, and no more of them than a form may bring (ASVS 5.2.1)."""

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

KEPT_BYTES: Final = 10 * 1024 * 1024 + 1
"""Of all the files of one request: one byte more than any form takes, so that a form can tell it was too much."""


class BoundedUploads(FileUploadHandler):
    """Keeps what fits and lets the rest pass by unread; the size it tells is the true one. Nothing is on the disk."""

    kept = 0

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self.held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a chunk while there is room."""
        part = raw_data[: max(KEPT_BYTES - self.kept, 0)]
        self.kept += len(part)
        self.held.write(part)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand over what was kept."""
        self.held.seek(0)
        return InMemoryUploadedFile(
            file=self.held,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
