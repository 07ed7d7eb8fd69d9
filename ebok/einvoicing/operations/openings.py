"""First openings of invoices in eBOK: by a setting, the moment of their delivery."""

from collections.abc import Collection
from datetime import datetime

from ebok.einvoicing.models import FirstOpening
from ebok.foundation.bulk import insert_new


def opened(*, invoice_ids: Collection[int], now: datetime) -> None:
    """Put down that a customer opened these invoices or their files; only the first time stays, one statement."""
    insert_new(FirstOpening, ("invoice_id", "opened_at"), [(one, now) for one in invoice_ids])
