"""How long a signed-in session lasts, and what is left of it."""

from datetime import timedelta
from typing import Any, Final

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


def loaded_session(request: HttpRequest) -> dict[str, Any]:
    """Return what of the session is already in memory. Asks no database."""
    return vars(getattr(request, "session", object)).get("_session_cache") or {}


def limit(request: HttpRequest, *, now: float) -> None:
    """Sign out who stayed too long (ASVS 7.3.1, 7.3.2), or note the visit. `now` in seconds since 1970."""
    started = request.session.setdefault(STARTED, now)
    seen = request.session.get(SEEN, now)
    if now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
        request.META[ENDED] = True
    elif now - seen >= SEEN_EVERY.total_seconds() or SEEN not in request.session:
        request.session[SEEN] = now


def extend(request: HttpRequest, *, now: float) -> int:
    """Note that the person is still there; return the seconds left from now on."""
    request.session[SEEN] = now
    return seconds_left(request, now=now)


def seconds_left(request: HttpRequest, *, now: float) -> int:
    """Say in how many seconds the session ends when nothing happens; 0 when nobody is signed in."""
    held = loaded_session(request)
    if SESSION_KEY not in held or SEEN not in held:
        return 0
    idle = held[SEEN] + settings.SESSION_IDLE_SECONDS
    return max(int(min(idle, held[STARTED] + settings.SESSION_COOKIE_AGE) - now), 0)
