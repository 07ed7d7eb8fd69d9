"""The sealed document of an invoice, and why there is none yet."""

from dataclasses import dataclass
from enum import StrEnum


class NotYet(StrEnum):
    """Why an invoice has no document now."""

    WAITS_FOR_KSEF = "waits_for_ksef"
    """The buyer has a NIP and KSeF has given no number: there is nothing to show yet."""
    TROUBLE = "trouble"
    """This one cannot be made; it is on the office's list."""
    STOPPED = "stopped"
    """Nothing can be sealed or stored now; it is tried again by itself."""


class FileFault(StrEnum):
    """What is wrong with a stored file."""

    MISSING = "missing"
    DAMAGED = "damaged"
    """Its bytes are not the ones that were stored."""
    UNREADABLE = "unreadable"
    SEAL = "seal"
    """The bytes are those stored, but their seal does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedDocument:
    """A stored file with a fault, and the numbers of the invoices it belongs to; empty when it is none's."""

    sha256: bytes
    fault: FileFault
    invoice_numbers: tuple[str, ...]
