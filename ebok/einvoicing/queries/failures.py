"""Mailings that failed for good, and whose address fails."""

from collections.abc import Collection

from ebok.einvoicing.models import MailFailure


def failing_consents(*, entry_ids: Collection[int]) -> set[int]:
    """Those of these entries of the consent ledger whose address has refused mail for good."""
    rows = MailFailure.objects.filter(final=True, mailing__consent_id__in=entry_ids)
    return set(rows.values_list("mailing__consent_id", flat=True))
