"""The sessions of a login: where it is open, and ending them from afar."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ebok.access.operations.sessions import end_sessions
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security.frame import person
from ebok.web.browsers import browser_words
from ebok.web.sessions import SEEN_EVERY, limits_for
from ebok.web.step_up import fresh_sign_in


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One session, in plain words; `mine` when it is the one that asks."""

    id: int
    device: str
    address: str
    since: str
    seen: str
    mine: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """Where the signed-in person is signed in now, this session first, then those used last."""
    user, own = person(request), request.session.session_key
    rows = list(UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at"))
    alive = _alive([row.session_key for row in rows], user)
    shown = [_shown(row, own) for row in rows if row.session_key in alive and not _is_over(row, alive)]
    return sorted(shown, key=lambda session: not session.mine)


def _alive(keys: list[str], user: AbstractBaseUser) -> dict[str, dict[str, Any]]:
    """What each session holds that is stored, not past its end, and was opened with the present password."""
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    held = {session.session_key: session.get_decoded() for session in stored}
    present = user.get_session_auth_hash()
    return {key: kept for key, kept in held.items() if kept.get(HASH_SESSION_KEY) == present}


def _is_over(row: UserSession, alive: dict[str, dict[str, Any]]) -> bool:
    """Whether it has been silent for so long that its next request would end it."""
    idle = timedelta(seconds=limits_for(alive[row.session_key]).idle)
    return bool(row.last_seen_at + idle + SEEN_EVERY < clock.now())


def _shown(row: UserSession, own: str | None) -> OpenSession:
    return OpenSession(
        id=row.pk,
        device=browser_words(row.user_agent),
        address=row.ip,
        since=moment(row.created_at),
        seen=moment(row.last_seen_at),
        mine=row.session_key == own,
    )


@signed_in
@fresh_sign_in
@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """End one other session of the signed-in person: its next request is a stranger's."""
    user, own = person(request), request.session.session_key
    row = UserSession.objects.filter(pk=pk, user_id=user.pk).exclude(session_key=own).first()
    if row is None:
        raise Http404
    end_sessions(user_id=user.pk, session_ids=[row.pk], acting=acting_user(request), now=clock.now())
    messages.success(request, "Tamto urządzenie jest wylogowane.")
    return redirect("security")


@signed_in
@fresh_sign_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of the signed-in person but this one."""
    user, own = person(request), request.session.session_key
    others = UserSession.objects.filter(user_id=user.pk).exclude(session_key=own).values_list("pk", flat=True)
    end_sessions(user_id=user.pk, session_ids=list(others), acting=acting_user(request), now=clock.now())
    messages.success(request, "Wszystkie inne urządzenia są wylogowane.")
    return redirect("security")
