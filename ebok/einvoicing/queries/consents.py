"""What a consent's entry leads to: who decided, its receipt, the scan of its form."""

import re
from typing import Final

from ebok.access.queries import login_names
from ebok.billing.queries.documents import office_facts
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import account
from ebok.documents.domain import Scan
from ebok.documents.queries import read_scan
from ebok.einvoicing.domain.receipts import ConsentReceipt
from ebok.einvoicing.ports import ConsentPapers
from ebok.foundation.ports import adapter
from ebok.terms.domain import ConsentChannel, ConsentEntry
from ebok.terms.queries import consent_entry, consent_history, terms_version

CONSENT_SCAN: Final = "einvoicing.consent_scan"
"""The purpose scans of signed forms are encrypted for."""
BY_NOBODY_KNOWN: Final = {
    ConsentChannel.LINK: "ktoś, kto miał wiadomość o fakturze",
    ConsentChannel.HANDOVER: "nikt, bo zmienił się odbiorca",
}
"""Who decided where the entry names nobody."""
_USER: Final = re.compile(r"user:([1-9][0-9]{0,18})")


def entry_in_scope(*, scope: CustomerScope, entry_id: int) -> ConsentEntry | None:
    """One entry of the ledger; None when there is none in the scope."""
    entry = consent_entry(entry_id=entry_id)
    if entry is None:
        return None
    seen = consent_history(scope=scope, account_id=entry.account_id)
    return next((one for one in seen if one.id == entry_id), None)


def who_decided(*, entries: list[ConsentEntry]) -> dict[int, str]:
    """Who decided, in words, by entry."""
    users = {entry.id: int(found[1]) for entry in entries if (found := _USER.fullmatch(entry.person))}
    names = login_names(user_ids=set(users.values()))
    return {entry.id: _who(entry, names.get(users.get(entry.id, 0), "")) for entry in entries}


def receipt_pdf(*, scope: CustomerScope, entry_id: int) -> bytes | None:
    """The receipt of an entry as a PDF/A-3a and PDF/UA-1 file; None when there is no such entry in the scope."""
    entry = entry_in_scope(scope=scope, entry_id=entry_id)
    holder = account(scope=scope, account_id=entry.account_id) if entry else None
    if entry is None or holder is None:
        return None
    receipt = ConsentReceipt(
        entry=entry,
        who=who_decided(entries=[entry])[entry.id],
        account_number=holder.number,
        holder=holder.name,
        wording=terms_version(version_id=entry.wording_id) if entry.wording_id else None,
        office=office_facts(),
    )
    return adapter(ConsentPapers).receipt(receipt)


def consent_scan(*, entry: ConsentEntry) -> Scan | None:
    """The scan of the form behind an entry, decrypted; None when it has none.

    :raises ebok.documents.domain.DocumentUnavailable: when the stored file cannot be read.
    :raises ebok.foundation.encryption.UnableToDecrypt: when its key is not known.
    """
    if entry.channel is not ConsentChannel.PAPER or entry.evidence_sha256 is None:
        return None
    return read_scan(sha256=entry.evidence_sha256, purpose=CONSENT_SCAN, name=f"zgoda-{entry.id}")


def _who(entry: ConsentEntry, name: str) -> str:
    if entry.channel in BY_NOBODY_KNOWN:
        return BY_NOBODY_KNOWN[entry.channel]
    return name or entry.person
