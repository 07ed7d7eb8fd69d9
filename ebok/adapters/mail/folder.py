"""Mail as .eml files in a folder, for the demo and for looking at."""

from dataclasses import dataclass
from pathlib import Path

from ebok.adapters.mail.mime import as_bytes
from ebok.notifications.domain import RenderedMessage
from ebok.notifications.ports import DeliveryFailed, FailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTransport:
    """Writes each message into `folder`, named by when it was queued and its key; the same one twice is one file."""

    folder: Path

    def send(self, message: RenderedMessage) -> str:
        """Write the file under a temporary name and rename it, so that no reader sees half of it."""
        try:
            content = as_bytes(message)
        except ValueError as error:
            raise DeliveryFailed(FailureKind.PERMANENT, str(error)) from error
        place = self.folder / f"{message.queued_at:%Y%m%dT%H%M%S}-{message.key}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temp = place.with_suffix(".part")
            temp.write_bytes(content)
            temp.rename(place)
        except OSError as error:
            raise DeliveryFailed(FailureKind.TEMPORARY, error.strerror or "disk") from error
        return place.name

    def close(self) -> None:
        """Nothing is held open."""
