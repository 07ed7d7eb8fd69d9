"""Words of the office: counts and ages in Polish."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from ebok.access.queries import login_names
from ebok.audit.domain import ActorKind
from ebok.foundation.formats import NBSP, grouped

_TEENS: Final = range(12, 15)
_STAFF: Final = ActorKind.STAFF.value
_OTHERS: Final = {ActorKind.COMMAND.value: "z polecenia", ActorKind.JOB.value: "samo"}


def counted(count: int, one: str, few: str, many: str) -> str:
    """A count with its noun: `1 list`, `3 listy`, `12 listów`."""
    several = few if count % 10 in (2, 3, 4) and count % 100 not in _TEENS else many
    return f"{grouped(str(count))}{NBSP}{one if count == 1 else several}"


def waiting_for(waits: timedelta) -> str:
    """How long something waits: `3 dni`, `2 godziny`, `mniej niż godzinę`."""
    if waits.days:
        return counted(waits.days, "dzień", "dni", "dni")
    hours = waits.seconds // 3600
    return counted(hours, "godzinę", "godziny", "godzin") if hours else "mniej niż godzinę"


def names_of(actors: Iterable[str]) -> dict[int, str]:
    """The names of the staff among these, each written `kind:name` as rooms keep who did something."""
    split = [actor.partition(":") for actor in actors]
    return login_names(user_ids={int(name) for kind, _, name in split if kind == _STAFF and name.isdecimal()})


def who(actor: str, names: Mapping[int, str]) -> str:
    """Who did something, from `kind:name`: the name of a member of staff, `z polecenia`, `samo`; empty for nobody."""
    kind, _, name = actor.partition(":")
    if kind == _STAFF and name.isdecimal():
        return names.get(int(name), name)
    return _OTHERS.get(kind, name)
