"""allauth's hooks: our limits, our audit trail, our words; no sign-up, and no mail past the outbox."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ebok.access.operations import login_by_password
from ebok.access.queries import staff_member
from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.foundation.limits import Use, give_each_back, take_each
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message
from ebok.portal.security.arrival import arrive
from ebok.portal.sign_in import throttles
from ebok.portal.sign_in.devices import device_cookie, note_device
from ebok.portal.sign_in.pending import BEGUN_WITH, begin

MISMATCH = "Login lub hasło się nie zgadza. Wpisz je jeszcze raz albo ustaw nowe hasło."
TOO_MANY = f"Za dużo prób. Odczekaj godzinę. {throttles.OTHER_WAY}"
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
        now = clock.now()
        if refused := take_each(uses=self._uses(request, credentials), now=now):
            _audit(request, self, action="sign_in", subject="login", result="too_many")
            raise ValidationError(throttles.too_many_passwords(refused=refused, now=now), "too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the user whose password this is. A login that is switched off is answered like a wrong password."""
        self.pre_authenticate(request, **credentials)
        user_id = login_by_password(typed=_typed(credentials), password=str(credentials.get("password") or ""))
        if user_id is None:
            _audit(request, self, action="sign_in", subject="login", result="refused")
            return None
        give_each_back(uses=self._uses(request, credentials), now=clock.now())
        user: AbstractBaseUser | None = AuthenticationBackend().get_user(user_id)
        return user

    def _uses(self, request: HttpRequest, credentials: dict[str, Any]) -> list[Use]:
        address, device = self.get_client_ip(request), device_cookie(request)
        return throttles.password_uses(typed=_typed(credentials), address=address, device=device)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse | None:
        """Note the password a sign-in begins with, so that one waiting at its second step ends with it."""
        begin(request, user)
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse:
        """Write down the sign-in and the browser, and go where the person was going."""
        acting = _audit(request, self, action="sign_in", subject=f"user:{user.pk}", user=user)
        answer = HttpResponseRedirect(arrive(request, user, wanted=options.get("redirect_url")))
        note_device(request, answer, user_id=user.pk, acting=acting)
        request.session.pop(BEGUN_WITH, None)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the outbox, in the transaction of what it tells of.

        :raises MailOutsideOutbox: when the mail has no message kind. Nothing switched on makes allauth send
            another; what is switched on later gets its kind in `KINDS`.
        """
        if template_prefix not in KINDS:
            raise MailOutsideOutbox(template_prefix)
        queue_message(kind=KINDS[template_prefix], recipient=email, context={}, now=clock.now())


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


def _audit(
    request: HttpRequest,
    adapter: AccountAdapter,
    *,
    action: str,
    subject: str,
    result: str = "ok",
    user: AbstractBaseUser | None = None,
) -> Actor:
    address = adapter.get_client_ip(request)
    acting = Actor(kind=ActorKind.ANONYMOUS, name="portal", address=address)
    if user is not None:
        kind = ActorKind.USER if staff_member(user_id=user.pk) is None else ActorKind.STAFF
        acting = Actor(kind=kind, name=str(user.pk), address=address)
    record(facts=[AuditFact(action=action, subject=subject, result=result)], acting=acting, now=clock.now())
    return acting
