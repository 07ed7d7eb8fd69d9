"""The places of the office, as far as a role goes."""

from dataclasses import dataclass
from typing import Final

from ebok.access.domain import STAFF_ALLOWED, StaffAction, StaffRole

PLACES: Final = (
    ("Start", "/biuro/", "home", "s", StaffAction.ENTER),
    ("Wnioski", "/biuro/wnioski/", "document", "w", StaffAction.DECIDE_APPLICATIONS),
    ("Klienci", "/biuro/klienci/", "people", "k", StaffAction.SEARCH_CUSTOMERS),
    ("Wysyłka", "/biuro/wysylka/", "invoice", "f", StaffAction.SEND_INVOICES),
    ("Druk", "/biuro/druk/", "print", "r", StaffAction.PRINT_INVOICES),
    ("Listy", "/biuro/listy/", "mail", "l", StaffAction.PRINT_LETTERS),
    ("Zgody", "/biuro/zgody/", "check", "c", StaffAction.ENTER_CONSENTS),
    ("Prośby", "/biuro/prosby/", "key", "p", StaffAction.DECIDE_ACCESS),
    ("Zmiany", "/biuro/zmiany/", "person", "z", StaffAction.DECIDE_DATA_CHANGES),
    ("Dziennik", "/biuro/dziennik/", "eye", "d", StaffAction.SEE_AUDIT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePlace:
    """One place: its word, address and icon, the letter that follows `g`; `current` when we are in it."""

    word: str
    url: str
    icon: str
    letter: str
    current: bool


def office_places(*, role: StaffRole, path: str) -> tuple[OfficePlace, ...]:
    """The places this role may enter, the one `path` lies in marked."""
    return tuple(
        OfficePlace(word=word, url=url, icon=icon, letter=letter, current=_within(path, url))
        for word, url, icon, letter, action in PLACES
        if action in STAFF_ALLOWED[role]
    )


def _within(path: str, url: str) -> bool:
    return path == url if url == PLACES[0][1] else path.startswith(url)
