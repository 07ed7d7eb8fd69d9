"""Rows of the audit trail in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ebok.access.queries import account_numbers, login_names
from ebok.audit.domain import ActorKind, Deed
from ebok.foundation.formats import moment

_DONE: Final = {
    "access.ask": "prośba o dostęp",
    "access.decide": "decyzja o prośbie o dostęp",
    "account.view": "podgląd konta poleceniem",
    "activation.ask": "sprawdzenie przy aktywacji",
    "activation_code.make": "kod aktywacyjny",
    "audit.view": "przegląd dziennika",
    "customer.open": "otwarcie klienta",
    "customer.search": "wyszukiwanie klienta",
    "customers.registered": "dane z rejestru",
    "device.new": "nowe urządzenie",
    "document.publish": "publikacja dokumentu",
    "grant.accept": "przyjęcie zaproszenia",
    "grant.end": "koniec dostępu z dniem",
    "grant.give": "nadanie dostępu",
    "grant.revoke": "odebranie dostępu",
    "letter.order": "zamówienie listu",
    "letter.pdf": "plik listów do druku",
    "letter.print": "wydruk listu",
    "metering.reading_accepted": "przyjęcie odczytu",
    "metering.reading_rejected": "odrzucenie odczytu",
    "metering.reading_submitted": "odczyt klienta",
    "notifications.undelivered_viewed": "podgląd niedoręczonych wiadomości",
    "password.change": "zmiana hasła",
    "password.reset": "nowe hasło",
    "password.reset_asked": "prośba o nowe hasło",
    "second_factor": "drugi składnik logowania",
    "sign_in": "logowanie",
    "sign_in.code": "logowanie kodem",
    "sign_in.code_asked": "prośba o kod logowania",
    "sign_out": "wylogowanie",
    "staff.end": "koniec pracy w biurze",
    "staff.start": "początek pracy w biurze",
    "terms.accept": "akceptacja regulaminu",
    "terms.publish": "publikacja regulaminu",
    "user.close": "zamknięcie loginu",
    "user.create": "nowy login",
}
_ACTORS: Final = {
    ActorKind.USER: "klient",
    ActorKind.STAFF: "pracownik",
    ActorKind.JOB: "zadanie",
    ActorKind.COMMAND: "polecenie",
    ActorKind.ANONYMOUS: "bez logowania",
}
_PEOPLE: Final = frozenset({ActorKind.USER, ActorKind.STAFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """One row of the trail: when, who, what, on which account, why and with what result."""

    at: str
    who: str
    what: str
    account: str
    reason: str
    result: str


def deed_lines(deeds: Iterable[Deed], *, numbers: Mapping[int, str]) -> list[DeedLine]:
    """Put rows of the trail into words; `numbers` names accounts."""
    rows = list(deeds)
    names = login_names(user_ids={int(one.actor_name) for one in rows if _is_person(one)})
    return [_line(one, names, numbers) for one in rows]


def action_words() -> list[tuple[str, str]]:
    """Every action with a word of its own, by that word."""
    return sorted(_DONE.items(), key=lambda pair: pair[1])


def _line(one: Deed, names: Mapping[int, str], numbers: Mapping[int, str]) -> DeedLine:
    who = names.get(int(one.actor_name), one.actor_name) if _is_person(one) else one.actor_name
    return DeedLine(
        at=moment(one.at),
        who=f"{_ACTORS[one.actor_kind]}: {who}",
        what=_DONE.get(one.action, one.action),
        account=numbers.get(one.account_id, str(one.account_id)) if one.account_id else "",
        reason=one.reason,
        result="" if one.result == "ok" else one.result,
    )


def _is_person(one: Deed) -> bool:
    return one.actor_kind in _PEOPLE and one.actor_name.isdecimal()


def account_numbers_of(deeds: Iterable[Deed]) -> dict[int, str]:
    """The numbers of the accounts that rows of the trail name."""
    return account_numbers({one.account_id for one in deeds if one.account_id})
