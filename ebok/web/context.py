"""What the frame of every page needs: the utility, the chosen looks, the five places."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ebok.foundation import clock
from ebok.foundation.utility import utility
from ebok.web.appearance import Appearance
from ebok.web.sessions import seconds_left


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of the five places of the customer's office: its word, address and icon; `current` when we are in it."""

    word: str
    url: str
    icon: str
    current: bool


PLACES = (
    ("Start", "/panel/", "home", ("/panel/", "/zaplac/", "/lokal/", "/lokale/")),
    ("Faktury", "/faktury/", "invoice", ("/faktury/",)),
    ("Odczyty", "/odczyty/", "meter", ("/odczyty/",)),
    ("Rozliczenia", "/rozliczenia/", "ledger", ("/rozliczenia/",)),
    ("Ja", "/ja/", "person", ("/ja/", "/haslo/", "/dostep/")),
)


def places(*, path: str) -> tuple[Place, ...]:
    """The five places, the one `path` lies in marked."""
    return tuple(
        Place(word=word, url=url, icon=icon, current=path.startswith(prefixes)) for word, url, icon, prefixes in PLACES
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: `utility`, `appearance`, `places`, `session_left` (seconds). Asks no database."""
    return {
        "utility": utility(),
        "appearance": Appearance.from_cookies(request.COOKIES),
        "places": places(path=request.path),
        "session_left": str(seconds_left(request, now=clock.now().timestamp())),
    }
