"""Telling of a consent that was given, changed or withdrawn: its address, and everybody the account's owner is."""

from datetime import datetime
from typing import Final

from ebok.access.domain import Contacts
from ebok.access.operations import contacts_of
from ebok.access.operations.telling import account_hint, tell
from ebok.einvoicing.domain.consent_words import WHAT, shown_address
from ebok.foundation.formats import long_date
from ebok.kernel.emails import email_address
from ebok.notifications.domain import MessageKind
from ebok.terms.domain import ConsentDeed, ConsentEntry

_KINDS: Final = {
    ConsentDeed.GIVEN: MessageKind.E_INVOICE_ACCEPTED,
    ConsentDeed.CHANGED: MessageKind.E_INVOICE_CHANGED,
    ConsentDeed.WITHDRAWN: MessageKind.E_INVOICE_WITHDRAWN,
}


def tell_of_consent(*, entry: ConsentEntry, also: str = "", now: datetime) -> None:
    """Queue what an entry says, by e-mail: to its address, the one before (`also`), what is on file, the owners.

    So nobody moves somebody's invoices behind their back.
    """
    on_file = contacts_of(account_id=entry.account_id, now=now).emails
    ours = [address for address in (entry.address, also) if email_address(address)]
    contacts = Contacts(emails=tuple(dict.fromkeys([*ours, *on_file])), phones=())
    tell(contacts=contacts, kind=_KINDS[entry.deed], context=_context(entry), now=now)


def _context(entry: ConsentEntry) -> dict[str, str]:
    said = {
        "account_hint": account_hint(entry.account_id),
        "what": WHAT[entry.decision],
        "since": long_date(entry.effective_from),
    }
    if entry.deed is not ConsentDeed.WITHDRAWN:
        said["address"] = shown_address(entry)
    if entry.deed is ConsentDeed.GIVEN:
        said["price_effect"] = entry.price_effect
    return said
