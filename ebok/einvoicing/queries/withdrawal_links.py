"""The link of an invoice mail by which e-invoices are withdrawn without a login."""

import base64
import hmac
from dataclasses import dataclass
from typing import Final

from ebok.customers.domain import CustomerScope
from ebok.customers.queries import account
from ebok.foundation.digests import keyed_digest
from ebok.kernel.identifiers import hint
from ebok.terms.domain import ConsentDecision, ConsentDeed, ConsentEntry
from ebok.terms.queries import consent_entry, consent_history

PATH: Final = "/efaktura/rezygnacja/"
MAC_LETTERS: Final = 26
_MAC_BYTES: Final = 16
"""128 bits: nobody guesses one, and the link stays short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedConsent:
    """What a link leads to: the end of the account's number, what was accepted, and the entry that ended it, if any."""

    account_id: int
    account_hint: str
    has_nip: bool
    decision: ConsentDecision
    withdrawn: ConsentEntry | None


def withdraw_path(*, entry_id: int) -> str:
    """Where the acceptance of this ledger entry is withdrawn: a path of this site, with a mark only we can make."""
    return f"{PATH}{entry_id}/{_mac(entry_id)}/"


def is_ours(*, entry_id: int, mac: str) -> bool:
    """Whether this mark was made for this entry."""
    return hmac.compare_digest(_mac(entry_id).encode(), mac.encode())


def linked_consent(*, entry_id: int, mac: str) -> LinkedConsent | None:
    """What the link of this entry and mark leads to; None for a link that is not ours.

    A link ends what its entry belongs to, whatever its address has become since; a consent given anew after a
    withdrawal is another one, and an old link leaves it alone.
    """
    entry = consent_entry(entry_id=entry_id) if is_ours(entry_id=entry_id, mac=mac) else None
    if entry is None or entry.deed is ConsentDeed.WITHDRAWN:
        return None
    scope = link_scope(entry.account_id)
    found = account(scope=scope, account_id=entry.account_id)
    return LinkedConsent(
        account_id=entry.account_id,
        account_hint=hint(found.number) if found else "",
        has_nip=bool(found and found.nip),
        decision=entry.decision,
        withdrawn=_ended_by(entry, consent_history(scope=scope, account_id=entry.account_id)),
    )


def link_scope(account_id: int) -> CustomerScope:
    """The one account a link speaks of."""
    return CustomerScope.for_accounts(frozenset({account_id}), reason="einvoicing:link")


def _ended_by(entry: ConsentEntry, history: list[ConsentEntry]) -> ConsentEntry | None:
    after = (one for one in history if one.decision is entry.decision and one.number > entry.number)
    return next((one for one in after if one.deed is ConsentDeed.WITHDRAWN), None)


def _mac(entry_id: int) -> str:
    digest = keyed_digest(purpose="e_invoice_withdrawal", value=str(entry_id))[:_MAC_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()
