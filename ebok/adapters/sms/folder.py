"""SMS as text files in a folder, for the demo and for whatever sends them on."""

from dataclasses import dataclass
from pathlib import Path

from ebok.notifications.domain import RenderedSms
from ebok.notifications.ports import DeliveryFailed, FailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSms:
    """Writes each SMS into `folder`: the number on the first line, the text on the second.

    A file is named by when the SMS was queued and by its key; the same one twice is one file.
    """

    folder: Path

    def send(self, sms: RenderedSms) -> str:
        """Write the file under a temporary name and rename it, so that no reader sees half of it."""
        place = self.folder / f"{sms.queued_at:%Y%m%dT%H%M%S}-{sms.key}.txt"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temp = place.with_suffix(".part")
            temp.write_text(f"{sms.recipient}\n{sms.text}\n", encoding="ascii")
            temp.rename(place)
        except OSError as error:
            raise DeliveryFailed(FailureKind.TEMPORARY, error.strerror or "disk") from error
        return place.name
