"""The demo's logins: who can sign in, with which password, to which accounts."""

from collections.abc import Sequence
from typing import Any, Final

from ebok.jobs.demo import chance, names
from ebok.jobs.demo.model import DemoAccount, Part

_WHO: Final = (
    (Part.ANNA, "Anna: dom z ogrodem, faktura do zapłaty"),
    (Part.COOPERATIVE, "Zarządca spółdzielni: 40 lokali"),
    (Part.JAN, "Jan: zaległe faktury"),
    (Part.NOWA, "Maria: nowa klientka, jeszcze bez faktury"),
    (Part.EWA, "Ewa: nadpłata"),
    (Part.BYLY, "Stanisław: konto zamknięte po wyprowadzce"),
    (Part.RETURNED, "Żegota: bank cofnął wpłatę"),
    (Part.DIFFERS, "Grażyna: saldo, które sprawdzamy"),
    (Part.MUNICIPAL, "Gmina: faktury za szkołę"),
)
_STAFF: Final = (
    ("biuro", "clerk", "Barbara Krawczyk", "Biuro: pracownica BOK"),
    ("biuro2", "clerk", "Celina Maj", "Biuro: druga pracownica BOK, potwierdza wnioski firm"),
    ("kierownik", "administrator", "Konrad Zieliński", "Biuro: administrator, widzi też dziennik"),
    ("iod", "data_protection", "Iwona Sadowska", "Biuro: inspektor ochrony danych, widzi tylko dziennik"),
)


def staff(*, seed: int) -> list[dict[str, str]]:
    """The logins of the office: `login`, `password`, `who`, `name`, `role`."""
    return [
        {"login": login, "password": password(seed=seed, login=login), "who": who, "name": name, "role": role}
        for login, role, name, who in _STAFF
    ]


def logins(*, seed: int, accounts: Sequence[DemoAccount]) -> list[dict[str, Any]]:
    """One login for each part: `login`, `password` (words and a number, ≥ 12 characters), `who`, `name`, `accounts`."""
    return [_login(seed, part, who, [a for a in accounts if a.part is part]) for part, who in _WHO]


def _login(seed: int, part: Part, who: str, own: Sequence[DemoAccount]) -> dict[str, Any]:
    return {
        "login": part.value,
        "password": password(seed=seed, login=part.value),
        "who": who,
        "name": own[0].name,
        "email": f"{part.value}@poczta.example",
        "accounts": [account.number for account in own],
    }


def password(*, seed: int, login: str) -> str:
    """Three words and a number, easy to copy by hand."""
    die = chance.dice(seed, f"password-{login}")
    return "-".join([*die.sample(names.WORDS, 3), str(die.randrange(10, 100))])
