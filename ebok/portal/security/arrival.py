"""What happens when somebody has signed in: their session is listed, and they are led where they belong."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from ebok.access.operations.offers import count_sign_in
from ebok.access.queries import staff_member
from ebok.access.queries.factors import passkeys_of
from ebok.foundation import clock
from ebok.web.second_factor import lacks_second_factor
from ebok.web.sessions import LISTED, SEEN, STAFF, STARTED
from ebok.web.sign_in_first import network_address
from ebok.web.step_up import NEXT, is_own_path

OFFICE: Final = "/biuro/"
USER_AGENT_MAX_LENGTH: Final = 200


def arrive(request: HttpRequest, user: AbstractBaseUser, *, wanted: str | None) -> str:
    """Begin the session of somebody who has just signed in; return where they go."""
    _list_session(request, user)
    staff = staff_member(user_id=user.pk)
    if staff is None:
        request.session.pop(STAFF, None)
        return _page_of_customer(user, wanted)
    request.session[STAFF] = staff.role.value
    if lacks_second_factor(request, is_demo=staff.is_demo):
        return reverse("set_up_second_factor")
    return wanted if wanted and is_own_path(wanted) and wanted.startswith(OFFICE) else OFFICE


def _page_of_customer(user: AbstractBaseUser, wanted: str | None) -> str:
    ours = wanted and is_own_path(wanted) and not wanted.startswith(OFFICE)
    page = wanted if wanted and ours else reverse("panel")
    if not passkeys_of(user_id=user.pk).exists() and count_sign_in(user_id=user.pk):
        return f"{reverse('passkey_offer')}?{urlencode({NEXT: page})}"
    return page


def _list_session(request: HttpRequest, user: AbstractBaseUser) -> None:
    now = clock.now().timestamp()
    key, seen_at = request.session.session_key, datetime.fromtimestamp(now, tz=UTC)
    words = "".join(c for c in request.headers.get("User-Agent", "") if c.isprintable())[:USER_AGENT_MAX_LENGTH]
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user_id": user.pk,
            "ip": network_address(request),
            "user_agent": words,
            "created_at": seen_at,
            "last_seen_at": seen_at,
        },
    )
    request.session.update({STARTED: now, SEEN: now, LISTED: key})
