"""What a six-digit code that was asked for stands for."""

from ebok.access.domain import CodePurpose, CodeTicket
from ebok.access.models import OneTimeCode


def subject_asked_for(*, ticket: CodeTicket, purpose: CodePurpose) -> str:
    """What the code of a ticket would prove, to send another for the same; empty for nothing, or when it is gone."""
    found = OneTimeCode.objects.filter(id=ticket.code_id, purpose=purpose.value, used_at__isnull=True)
    return found.values_list("subject", flat=True).first() or ""
