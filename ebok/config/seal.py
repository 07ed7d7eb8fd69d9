"""Where the key of the seal comes from: what the settings name, or in the demo one made at the first use."""

import os
import secrets
import uuid
from pathlib import Path
from typing import Final

from django.conf import settings

from ebok.adapters.seal import SealFiles, SealFromFiles, make_seal
from ebok.foundation import clock
from ebok.foundation.utility import utility

FOLDER: Final = "seal"
KEY_FILE: Final = "seal.p12"
PASSWORD_FILE: Final = "password"  # noqa: S105 (the name of a file)
AUTHORITY_FILE: Final = "urzad.pem"
PASSWORD_BYTES: Final = 24


class SealThere(Exception):
    """There is a key already; making another would leave the first one's seals without their certificate."""


def seal() -> SealFromFiles:
    """The seal of this installation. In the demo without a key of its own, one is made in `EBOK_DATA/seal`."""
    p12, password = Path(settings.EBOK_SEAL_P12), settings.EBOK_SEAL_PASSWORD
    if settings.EBOK_DEMO and not settings.EBOK_SEAL_P12:
        folder = settings.EBOK_DATA / FOLDER
        if not (folder / KEY_FILE).exists():
            make_quietly(folder)
        p12, password = folder / KEY_FILE, (folder / PASSWORD_FILE).read_text("utf-8")
    files = SealFiles(p12=p12, password=password, past=tuple(map(Path, settings.EBOK_SEAL_PAST)))
    return SealFromFiles(files, name=utility().name)


def make_quietly(folder: Path) -> None:
    """Make a key unless there is one; of several processes that do so at once one succeeds.

    :raises OSError: when the folder cannot be written.
    """
    try:
        make(folder)
    except SealThere:
        return


def make(folder: Path) -> None:
    """Make a key with its password and the authority's certificate, all readable by their owner only.

    The key comes last, so that where it is the others are too.

    :raises SealThere: when there is one.
    :raises OSError: when the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / KEY_FILE).exists():
        raise SealThere
    given = _once(folder / PASSWORD_FILE, secrets.token_urlsafe(PASSWORD_BYTES).encode()).decode()
    office = utility()
    made = make_seal(name=office.name, short_name=office.short_name, password=given, now=clock.now())
    if _once(folder / KEY_FILE, made.p12) != made.p12:
        raise SealThere
    _once(folder / AUTHORITY_FILE, made.authority)


def _once(file: Path, content: bytes) -> bytes:
    """Write the file whole and for good, unless it is there. Returns what is there now."""
    draft = file.with_name(f".{uuid.uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        file.hardlink_to(draft)
    except FileExistsError:
        return file.read_bytes()
    finally:
        draft.unlink(missing_ok=True)
    return content
