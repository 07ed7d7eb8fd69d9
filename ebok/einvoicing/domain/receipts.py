"""The receipt of a consent: everything its ledger entry says, as a paper to keep."""

from dataclasses import dataclass

from ebok.billing.domain.visualization import OfficeFacts
from ebok.terms.domain import ConsentEntry, TermsText


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentReceipt:
    """One entry of the ledger and what it names.

    `who` decided, in words. `wording` is the exact text shown, None for one that is not published here (the billing
    system's): then only its hash is known.
    """

    entry: ConsentEntry
    who: str
    account_number: str
    holder: str
    wording: TermsText | None
    office: OfficeFacts
