"""Help for somebody who lost their phone, key and recovery codes, after the office has made sure who they are."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from ebok.access.models import User
from ebok.access.operations.sessions import drop_sessions
from ebok.access.operations.telling import tell_user
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.formats import moment
from ebok.notifications.domain import MessageKind

WORDS = "usunięte klucze, kody z aplikacji i kody zapasowe, na prośbę zgłoszoną w biurze"


class UnknownLogin(ValueError):
    """There is no login of this name."""


@transaction.atomic
def remove_factors(*, username: str, reason: str, acting: Actor, now: datetime) -> int:
    """Take every passkey, app and recovery code from a login, end its sessions, and tell its owner.

    Returns how many passkeys and apps it had; when it had none, nothing changes and nobody is told. The password
    stays; without one its owner sets it by e-mail.

    :raises UnknownLogin: when there is no such login.
    """
    user = User.objects.select_for_update().filter(username=username.strip().lower()).first()
    if user is None:
        raise UnknownLogin(username)
    held = Authenticator.objects.filter(user=user)
    if not held.exists():
        return 0
    count: int = held.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    held.delete()
    drop_sessions(user_id=user.id)
    fact = AuditFact(action="factor.all_removed", subject=f"user:{user.id}", reason=reason, details={"removed": count})
    record(facts=[fact], acting=acting, now=now)
    if user.email:
        told = {"what": WORDS, "when": moment(now)}
        tell_user(user=user, kind=MessageKind.SECOND_FACTOR_CHANGED, context=told, now=now)
    return count
