"""G14: how many passwords can be tried through four processes, and whether the owner still gets in."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures
from benchmarks.databases import migrated, release
from benchmarks.guests import WRONG, Guest, address, behind_proxy, make_logins
from benchmarks.service import Service, serving

WORKERS: Final = 4
AT_ONCE: Final = 8
AT_LOGIN, QUICK_AT_LOGIN = 400, 80
FROM_ADDRESS, QUICK_FROM_ADDRESS = 400, 150
PER_LOGIN, PER_ADDRESS = 10, 100
"""The most that may be tried in an hour."""
STRANGER, OWNER = "192.0.2.1", "198.51.100.7"
REFUSED: Final = "Za dużo prób"


def _checked() -> int:
    """How many passwords were really compared, by the audit trail."""
    from ebok.audit.models import AuditRow

    return AuditRow.objects.filter(action="sign_in", result="refused").count()


def _hammer(service: Service, tries: Sequence[tuple[str, str]]) -> int:
    """Try a wrong password at each login from each address, many at once; how many were compared."""
    before = _checked()

    def one(login_and_address: tuple[str, str]) -> None:
        login, where = login_and_address
        guest = Guest(port=service.port, address=where)
        answer = guest.post("/logowanie/", {"login": login, "password": WRONG})
        assert answer.status == 200, answer.status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, tries))
    return _checked() - before


def _figure(what: str, seen: str, goal: str, *, ok: bool) -> Figure:
    return Figure(id="G14", what=f"{what}, through {WORKERS} processes", seen=seen, goal=goal, ok=ok)


def _gets_in(service: Service, email: str) -> bool:
    """Whether the owner, whose password is refused by now, gets in by a code to their e-mail."""
    from ebok.notifications.models import OutgoingMessage

    guest = Guest(port=service.port, address=OWNER)
    locked = REFUSED in guest.post("/logowanie/", {"login": email, "password": WRONG}).body
    guest.post("/logowanie/kod/", {"email": email})
    code = OutgoingMessage.objects.filter(kind="login_code", recipient=email).latest("id").context["code"]
    inside = guest.post("/logowanie/kod/wpisz/", {"code": code}).status == 302
    return locked and inside and guest.get("/ja/").status == 200


def _strangers(email: str, count: int) -> list[tuple[str, str]]:
    return [(email if n % 2 else email.partition("@")[0], address(n)) for n in range(count)]


def figures(*, quick: bool) -> list[Figure]:
    """Hammer one login from many addresses, many logins from one address; then let the owner in."""
    at_login = QUICK_AT_LOGIN if quick else AT_LOGIN
    from_address = QUICK_FROM_ADDRESS if quick else FROM_ADDRESS
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        owner, *others = make_logins(from_address + 1)
        with serving(base, data=Path(scratch) / "served", workers=WORKERS, **behind_proxy()) as service:
            login = _hammer(service, _strangers(owner, at_login))
            where = _hammer(service, [(email, STRANGER) for email in others])
            inside = _gets_in(service, owner)
        release()
    return [
        _figure(
            "passwords tried at one login", f"{login} of {at_login} compared", f"≤ {PER_LOGIN} an hour",
            ok=0 < login <= PER_LOGIN,
        ),
        _figure(
            "passwords tried from one address", f"{where} of {from_address} compared", f"≤ {PER_ADDRESS} an hour",
            ok=0 < where <= PER_ADDRESS,
        ),
        _figure(
            "the owner of a login that is locked", "in by e-mailed code" if inside else "shut out", "gets in", ok=inside
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    print_figures(figures)
