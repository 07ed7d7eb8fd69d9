"""Carriers of SMS: files in a folder, the standard output of a developer, and a fake for tests."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ebok.adapters.sms.console import ConsoleSms
from ebok.adapters.sms.fake import FakeSms
from ebok.adapters.sms.folder import FolderSms
from ebok.notifications.ports import SmsTransport

__all__ = ["ConsoleSms", "FakeSms", "FolderSms", "UnknownSmsAddress", "sms_transport_for"]


class UnknownSmsAddress(ValueError):
    """The SMS address of the installation names no carrier we know."""


def sms_transport_for(url: str) -> SmsTransport:
    """Make the carrier a URL names: `file:///folder` for files, `console:` for the standard output.

    :raises UnknownSmsAddress: for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return FolderSms(folder=Path(unquote(parts.path)))
    if url == "console:":
        return ConsoleSms(stream=sys.stdout)
    raise UnknownSmsAddress("EBOK_SMS_URL: file:/// or console:")
