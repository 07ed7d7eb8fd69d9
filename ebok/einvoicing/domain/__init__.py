"""Which way an invoice goes and why, what its document is, and how far its sending has come."""

from ebok.einvoicing.domain.ways import Carrier, Channel, WayReason

__all__ = ["Carrier", "Channel", "WayReason"]
