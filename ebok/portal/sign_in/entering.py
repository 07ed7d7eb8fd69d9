"""Ways into a session that need no password here: each ends in allauth's login flow.

So a second factor is still asked for, the session's id changes, and the sign-in is written down like any other.
"""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from ebok.access.queries import may_sign_in

NEW_LOGIN = "new_login"
EMAILED_CODE = "code"


def sign_in_new_login(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign in a login that was made in this very request and lead to its first page.

    :raises PermissionDenied: when there is no such login, or it is switched off.
    """
    return enter(request, user_id=user_id, method=NEW_LOGIN)


def enter(request: HttpRequest, *, user_id: int, method: str, redirect_url: str | None = None) -> HttpResponse:
    """Sign in whoever has proved by `method` to be this login, or lead on to their second factor.

    `redirect_url` must be one of our own pages; the caller has checked it.

    :raises PermissionDenied: when there is no such login, or it is switched off.
    """
    user = AuthenticationBackend().get_user(user_id)
    if user is None or not may_sign_in(user_id=user_id):
        raise PermissionDenied
    record_authentication(request, user, method=method)
    answer: HttpResponse = perform_login(request, user, redirect_url=redirect_url)
    return answer
