"""Ending sessions of a login from afar."""

from collections.abc import Collection
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record


@transaction.atomic
def end_sessions(*, user_id: int, session_ids: Collection[int], acting: Actor, now: datetime) -> int:
    """End these sessions of the login; the next request of each is a stranger's. Returns how many were there.

    Which of them is the asking one, and so is to stay, the face knows.
    """
    ended = drop_sessions(user_id=user_id, session_ids=session_ids)
    if ended:
        fact = AuditFact(action="session.end", subject=f"user:{user_id}", details={"ended": ended})
        record(facts=[fact], acting=acting, now=now)
    return ended


def drop_sessions(*, user_id: int, session_ids: Collection[int] | None = None) -> int:
    """Delete sessions of the login, all of them unless some are named, within an operation that audits why."""
    rows = UserSession.objects.filter(user_id=user_id)
    chosen = list(rows if session_ids is None else rows.filter(pk__in=session_ids))
    for session in chosen:
        session.end()
    return len(chosen)
