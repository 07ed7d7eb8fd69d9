"""What the frame of every page needs: the utility, the chosen looks, the five places."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

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
    ("Ja", "/ja/", "person", ("/ja/", "/haslo/", "/bezpieczenstwo/", "/dostep/", "/kto-ogladal/", "/efaktura/")),
)


CLOSED: Final = "ebok.closed_places"
"""Where a guard leaves a function that says which places are not open to the person behind the request."""


def places(*, path: str, closed: Collection[str] = ()) -> tuple[Place, ...]:
    """The places that are not closed, by their addresses, the one `path` lies in marked."""
    return tuple(
        Place(word=word, url=url, icon=icon, current=path.startswith(prefixes))
        for word, url, icon, prefixes in PLACES
        if url not in closed
    )


def _open_places(request: HttpRequest) -> tuple[Place, ...]:
    closed: Callable[[], Collection[str]] = request.META.get(CLOSED, tuple)
    return places(path=request.path, closed=closed())


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: `utility`, `appearance`, `places`, `session_left` (seconds).

    Asks no database, unless a page has the places and nobody has asked yet what its reader's grants are.
    """
    return {
        "utility": utility(),
        "appearance": Appearance.from_cookies(request.COOKIES),
        "places": SimpleLazyObject(lambda: _open_places(request)),
        "session_left": str(seconds_left(request, now=clock.now().timestamp())),
    }
