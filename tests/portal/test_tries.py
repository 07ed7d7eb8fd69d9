"""Nobody uses up anybody else's tries: what one network address may not do leaves everybody else's limits alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from ebok.access.models import Invitation
from ebok.portal.access import accepting
from ebok.portal.applications import limits as applications
from ebok.portal.enrolment.ways import LOGIN_TRIED
from ebok.portal.public_checks import BY_ACCOUNT, BY_ADDRESS
from tests.activation import NEWEST, NUMBER, a_holder, her_invoices, regulations
from tests.portal.customers import a_customer
from tests.portal.test_grants_pages import NEW_LOGIN, answer, invited, typed_in

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


def test_whoever_holds_an_invitation_is_told_of_taken_logins_only_so_often() -> None:
    anna = a_customer("anna", "100001")
    visitor, login = Client(), "/dostep/zaproszenie/login/"
    typed_in(visitor, invited(anna))
    form = NEW_LOGIN | {"username": "anna"}
    assert all("zajęty" in visitor.post(login, form).content.decode() for _ in range(LOGIN_TRIED.times))
    told = visitor.post(login, form).content.decode()
    assert TOO_MANY in told
    assert "zajęty" not in told


@pytest.mark.django_db(transaction=True)
def test_an_invitation_sent_many_times_at_once_is_made_once() -> None:
    anna = a_customer("anna", "100001")
    answer(anna)

    def send(_: int) -> bool:
        client = Client()
        client.cookies = anna.cookies.copy()
        try:
            return b'<strong class="sum">' in client.post("/dostep/zapros/sprawdz/").content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 1
    assert Invitation.objects.count() == 1
    invited(anna)
    assert Invitation.objects.count() == 2
