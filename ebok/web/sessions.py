"""How long a signed-in session lasts, and what is left of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest

STARTED: Final = "started_at"
SEEN: Final = "seen_at"
SEEN_EVERY: Final = timedelta(minutes=1)
"""How old the mark of the last visit may be before it is written again."""
STAFF: Final = "staff"
"""Where a session of staff keeps their role: a hint for frames and limits, never for rights."""
ENDED: Final = "ebok.session_ended"
"""The mark in a request's META that its session was ended just now."""
ENDED_WORDS: Final = "Sesja skończyła się po długiej przerwie. Zaloguj się, a wrócisz na tę samą stronę."

GONE_WORDS: Final = "Sesja się skończyła. Zaloguj się, a wrócisz na tę samą stronę."


LISTED: Final = "listed_as"
"""The session's own key as the list of sessions has it; the key changes when a password does."""
BY_ITSELF: Final = "postep"
"""The id of the part of a page that asks for itself again and again (htmx)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long a session lasts, in seconds: without a visit, and at most."""

    idle: int
    age: int


def limits_for(held: Mapping[str, Any]) -> SessionLimits:
    """The limits of a session by what it holds: staff have shorter ones."""
    if STAFF in held:
        return SessionLimits(idle=settings.STAFF_SESSION_IDLE_SECONDS, age=settings.STAFF_SESSION_AGE)
    return SessionLimits(idle=settings.SESSION_IDLE_SECONDS, age=settings.SESSION_COOKIE_AGE)


def loaded_session(request: HttpRequest) -> dict[str, Any]:
    """Return what of the session is already in memory. Asks no database."""
    return vars(getattr(request, "session", object)).get("_session_cache") or {}


def limit(request: HttpRequest, *, now: float) -> None:
    """Sign out who stayed too long (ASVS 7.3.1, 7.3.2), or note the visit. `now` in seconds since 1970."""
    lasts = limits_for(loaded_session(request))
    started = request.session.setdefault(STARTED, now)
    seen = request.session.get(SEEN, now)
    if now - started > lasts.age or now - seen > lasts.idle:
        logout(request)
        request.META[ENDED] = True
    elif SEEN not in request.session or _is_renamed(request) or _is_visit(request, now - seen):
        request.session[SEEN] = now
        _note_visit(request, now)


def asks_by_itself(request: HttpRequest) -> bool:
    """Whether a page asks for its own part with nobody pressing anything: no visit, and no reason to stay signed in."""
    return request.headers.get("HX-Trigger") == BY_ITSELF


def _is_visit(request: HttpRequest, ago: float) -> bool:
    return ago >= SEEN_EVERY.total_seconds() and not asks_by_itself(request)


def _is_renamed(request: HttpRequest) -> bool:
    return bool(request.session.get(LISTED) not in {None, request.session.session_key})


def _note_visit(request: HttpRequest, now: float) -> None:
    """Keep the list of sessions right: when it was last seen, and under which key."""
    listed, key = request.session.get(LISTED), request.session.session_key
    if listed is not None:
        seen_at = datetime.fromtimestamp(now, tz=UTC)
        UserSession.objects.filter(session_key=listed).update(session_key=key, last_seen_at=seen_at)
        request.session[LISTED] = key


def extend(request: HttpRequest, *, now: float) -> int:
    """Note that the person is still there; return the seconds left from now on."""
    request.session[SEEN] = now
    return seconds_left(request, now=now)


def seconds_left(request: HttpRequest, *, now: float) -> int:
    """Say in how many seconds the session ends when nothing happens; 0 when nobody is signed in."""
    held = loaded_session(request)
    if SESSION_KEY not in held or SEEN not in held:
        return 0
    lasts = limits_for(held)
    return max(int(min(held[SEEN] + lasts.idle, held[STARTED] + lasts.age) - now), 0)
