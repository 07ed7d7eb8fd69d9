"""allauth's hooks: our limits, our audit trail, our words; no sign-up, and no mail past the outbox."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ebok.access.queries import may_sign_in
from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.foundation.limits import give_all_back, take_all
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message
from ebok.portal.sign_in import throttles

MISMATCH = "Login lub hasło się nie zgadza. Wpisz je jeszcze raz albo ustaw nowe hasło."
TOO_MANY = "Za dużo prób. Ustaw nowe hasło, odczekaj ponad godzinę albo zadzwoń do nas."
KINDS: Final = {
    "account/email/password_changed": MessageKind.PASSWORD_CHANGED,
    "account/email/password_reset": MessageKind.PASSWORD_CHANGED,
    "account/email/password_set": MessageKind.PASSWORD_CHANGED,
}
"""What allauth calls a mail, and the kind of message that says it."""


class MailOutsideOutbox(NotImplementedError):
    """allauth wanted to send a mail that has no message kind of its own."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks the product."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "invalid_login": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves yet: logins are made for known customers."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Sign-in is pages only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try in the limits that all processes share.

        :raises django.core.exceptions.ValidationError: when there were too many.
        """
        who, address = _who(credentials), self.get_client_ip(request)
        if not take_all(limits=throttles.SIGN_IN, who=who, address=address, now=clock.now()):
            _audit(request, self, action="sign_in", subject="login", result="too_many")
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the user whose password this is. A login that is switched off is answered like a wrong password."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None or not may_sign_in(user_id=user.pk):
            _audit(request, self, action="sign_in", subject="login", result="refused")
            return None
        who, address = _who(credentials), self.get_client_ip(request)
        give_all_back(limits=throttles.SIGN_IN, who=who, address=address, now=clock.now())
        return user

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse:
        """Write down the sign-in and go where the person was going."""
        _audit(request, self, action="sign_in", subject=f"user:{user.pk}", user=user)
        return HttpResponseRedirect(get_login_redirect_url(request, options.get("redirect_url")))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the outbox, in the transaction of what it tells of.

        :raises MailOutsideOutbox: when the mail has no message kind. Nothing switched on makes allauth send
            another; what is switched on later gets its kind in `KINDS`.
        """
        if template_prefix not in KINDS:
            raise MailOutsideOutbox(template_prefix)
        queue_message(kind=KINDS[template_prefix], recipient=email, context={}, now=clock.now())


def _who(credentials: dict[str, Any]) -> str:
    return throttles.login_subject(str(credentials.get("username") or credentials.get("email") or ""))


def _audit(
    request: HttpRequest,
    adapter: AccountAdapter,
    *,
    action: str,
    subject: str,
    result: str = "ok",
    user: AbstractBaseUser | None = None,
) -> None:
    kind = ActorKind.ANONYMOUS if user is None else ActorKind.USER
    name = "portal" if user is None else str(user.pk)
    acting = Actor(kind=kind, name=name, address=adapter.get_client_ip(request))
    record(facts=[AuditFact(action=action, subject=subject, result=result)], acting=acting, now=clock.now())
