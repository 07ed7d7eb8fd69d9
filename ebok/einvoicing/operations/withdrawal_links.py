"""The link of an invoice mail by which e-invoices are withdrawn without a login."""

import base64
import hmac
from typing import Final

from ebok.foundation.digests import keyed_digest

PATH: Final = "/efaktura/rezygnacja/"
MAC_LETTERS: Final = 26
_MAC_BYTES: Final = 16
"""128 bits: nobody guesses one, and the link stays short."""


def withdraw_path(*, entry_id: int) -> str:
    """Where the acceptance of this ledger entry is withdrawn: a path of this site, with a mark only we can make."""
    return f"{PATH}{entry_id}/{_mac(entry_id)}/"


def is_ours(*, entry_id: int, mac: str) -> bool:
    """Whether this mark was made for this entry."""
    return hmac.compare_digest(_mac(entry_id).encode(), mac.encode())


def _mac(entry_id: int) -> str:
    digest = keyed_digest(purpose="e_invoice_withdrawal", value=str(entry_id))[:_MAC_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()
