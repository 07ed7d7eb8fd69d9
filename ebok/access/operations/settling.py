"""Writing down what became of requests for access."""

from datetime import datetime
from typing import Final

from ebok.access.domain import GrantRole
from ebok.access.models import AccessRequest, Grant
from ebok.access.operations.telling import account_hint, tell_user
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.notifications.domain import MessageKind

NEW_OWNER: Final = "konto ma nowego właściciela"


def settle_with(*, owner: Grant, acting: Actor, now: datetime, others: bool) -> None:
    """Settle what somebody asked before they owned the account.

    With `others`, refuse those who asked while nobody owned it or somebody else did: they can ask the new owner.
    """
    waiting = AccessRequest.objects.filter(account_id=owner.account_id, decision="").select_related("user")
    for asked in waiting.order_by("id"):
        if asked.user_id == owner.user_id and owner.role == GrantRole.OWNER.value:
            settle(asked=asked, made=owner, reason="", acting=acting, now=now, tells=False)
        elif others:
            settle(asked=asked, made=None, reason=NEW_OWNER, acting=acting, now=now)


def settle(
    *, asked: AccessRequest, made: Grant | None, reason: str, acting: Actor, now: datetime, tells: bool = True
) -> None:
    """Write down what was decided, and tell whoever asked."""
    asked.decision, asked.decided_at = "refused" if made is None else "granted", now
    asked.decided_by, asked.reason, asked.given = acting.name, reason, made
    asked.save(update_fields=["decision", "decided_at", "decided_by", "reason", "given"])
    details = {"request": asked.id, "grant": made.id if made else None}
    fact = AuditFact(
        action="access.decide", subject=f"user:{asked.user_id}", account_id=asked.account_id, reason=reason,
        result=asked.decision, details=details,
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    if tells:
        words = "dostęp przyznany" if made else "dostęp nieprzyznany"
        context = {"account_hint": account_hint(asked.account_id), "decision": words, "reason": reason}
        tell_user(user=asked.user, kind=MessageKind.ACCESS_DECIDED, context=context, now=now)
