"""Nobody uses up anybody else's tries: what one network address may not do leaves everybody else's limits alone."""

import pytest
from django.test import Client

from ebok.portal.access import accepting
from ebok.portal.applications import limits as applications
from ebok.portal.public_checks import BY_ACCOUNT, BY_ADDRESS
from tests.activation import NEWEST, NUMBER, a_holder, her_invoices, regulations

pytestmark = pytest.mark.django_db
PROOF = {"account_number": NUMBER, "invoice_number": NEWEST.number, "gross_total": NEWEST.gross}
WRONG = PROOF | {"gross_total": "1,00"}
TOO_MANY = "Za dużo prób"


def proved(client: Client) -> bool:
    return client.post("/aktywacja/faktura/", PROOF).status_code == 302


def refused(client: Client, path: str, form: dict[str, str]) -> bool:
    return TOO_MANY in client.post(path, form).content.decode()


def test_an_address_without_tries_left_takes_none_of_an_account() -> None:
    a_holder()
    her_invoices()
    stranger = Client(REMOTE_ADDR="203.0.113.1")
    for n in range(BY_ADDRESS.times):
        stranger.post("/aktywacja/faktura/", WRONG | {"account_number": f"X{n}"})
    assert all(refused(stranger, "/aktywacja/faktura/", WRONG) for _ in range(BY_ACCOUNT.times + 1))
    assert proved(Client(REMOTE_ADDR="203.0.113.77"))


def test_an_account_without_tries_left_takes_none_of_an_address() -> None:
    a_holder()
    her_invoices()
    neighbor = Client(REMOTE_ADDR="203.0.113.1")
    for _ in range(BY_ADDRESS.times + 5):
        neighbor.post("/aktywacja/faktura/", WRONG | {"account_number": "100002"})
    assert proved(neighbor)


@pytest.mark.parametrize("path", ["/aktywacja/faktura/", "/wniosek/wroc/"])
def test_one_address_never_closes_the_way_for_everybody(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    regulations()
    for module, name in (("ebok.portal.public_checks", "BY_ALL"), ("ebok.portal.applications.limits", "ASKED_BY_ALL")):
        lower_the_limit(monkeypatch, f"{module}.{name}", BY_ADDRESS.times + 5)
    stranger = Client(REMOTE_ADDR="203.0.113.1")
    for n in range(BY_ADDRESS.times + 15):
        stranger.post(path, form_of(path, n))
    assert refused(stranger, path, form_of(path, 98))
    assert not refused(Client(REMOTE_ADDR="203.0.113.77"), path, form_of(path, 99))


def test_an_address_without_tries_left_takes_none_of_an_application() -> None:
    regulations()
    stranger = Client(REMOTE_ADDR="203.0.113.1")
    for n in range(applications.ASKED_BY_ADDRESS.times):
        stranger.post("/wniosek/wroc/", form_of("/wniosek/wroc/", n))
    for _ in range(applications.ASKED_OF_NUMBER.times + 1):
        assert refused(stranger, "/wniosek/wroc/", form_of("/wniosek/wroc/", 99))
    assert not refused(Client(REMOTE_ADDR="203.0.113.77"), "/wniosek/wroc/", form_of("/wniosek/wroc/", 99))


def test_a_closed_way_for_everybody_takes_no_tries_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    lower_the_limit(monkeypatch, "ebok.portal.access.accepting.BY_ALL", 0)
    client = Client()
    for _ in range(accepting.BY_ADDRESS.times + 1):
        assert refused(client, "/dostep/zaproszenie/", {"code": "7KQ2M-XR4VD-9WTHB-3F8JC"})
    monkeypatch.undo()
    assert not refused(client, "/dostep/zaproszenie/", {"code": "7KQ2M-XR4VD-9WTHB-3F8JC"})


def form_of(path: str, n: int) -> dict[str, str]:
    """A wrong try, about another thing for every number."""
    if path == "/wniosek/wroc/":
        return {"number": f"EB/2026/{n:06d}", "code": "7KQ2M-XR4VD-9WTHB-3F8JC"}
    return WRONG | {"account_number": f"X{n}"}


def lower_the_limit(monkeypatch: pytest.MonkeyPatch, where: str, times: int) -> None:
    """So that a test needs no thousand requests."""
    module, _, name = where.rpartition(".")
    limit = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(where, type(limit)(name=limit.name, times=times, within=limit.within))
