"""What decides about the document of an invoice: is it there, whose is it, and may it be shown yet."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePapers:
    """One booked invoice; `supplied_sha256` names the PDF of the billing system, None without one."""

    invoice_id: int
    account_id: int
    number: str
    issue_date: date
    buyer_has_nip: bool
    ksef_number: str
    supplied_sha256: bytes | None

    @property
    def waits_for_number(self) -> bool:
        """Whether it is an invoice only once KSeF has given it a number (art. 106na ust. 1 i 3 ustawy o VAT)."""
        return self.buyer_has_nip and not self.ksef_number
