"""Who gets into the office: staff whose role allows it, asked anew on every request."""

import pytest
from allauth.account.internal.flows import login
from django.test import Client
from pytest_django import Settings

from ebok.access.domain import STAFF_ALLOWED, StaffAction, StaffRole
from ebok.access.models import StaffPost, User
from ebok.foundation import clock
from tests.office.staff import a_clerk
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db
PAGES = {
    "/biuro/": StaffAction.ENTER,
    "/biuro/skroty/": StaffAction.ENTER,
    "/biuro/niedoreczone/": StaffAction.SEARCH_CUSTOMERS,
    "/biuro/klienci/": StaffAction.SEARCH_CUSTOMERS,
    "/biuro/wnioski/": StaffAction.DECIDE_APPLICATIONS,
    "/biuro/wnioski/nowy/": StaffAction.DECIDE_APPLICATIONS,
    "/biuro/wysylka/": StaffAction.SEND_INVOICES,
    "/biuro/wysylka/nowa/": StaffAction.SEND_INVOICES,
    "/biuro/wysylka/nieudane/": StaffAction.SEND_INVOICES,
    "/biuro/podejrzane/": StaffAction.SEND_INVOICES,
    "/biuro/druk/": StaffAction.PRINT_INVOICES,
    "/biuro/listy/": StaffAction.PRINT_LETTERS,
    "/biuro/zgody/": StaffAction.ENTER_CONSENTS,
    "/biuro/prosby/": StaffAction.DECIDE_ACCESS,
    "/biuro/zmiany/": StaffAction.DECIDE_DATA_CHANGES,
    "/biuro/dziennik/": StaffAction.SEE_AUDIT,
}


@pytest.mark.parametrize("path", PAGES)
def test_a_guest_is_asked_to_sign_in_and_comes_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/logowanie/?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("path", PAGES)
def test_for_a_customer_the_office_does_not_exist(path: str) -> None:
    client = a_customer("anna", "100001")
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


@pytest.mark.parametrize("role", StaffRole)
def test_each_role_opens_exactly_the_pages_of_its_row(role: StaffRole) -> None:
    client = a_clerk(role=role)
    found = {path: client.get(path).status_code for path in PAGES}
    assert found == {path: 200 if action in STAFF_ALLOWED[role] else 403 for path, action in PAGES.items()}


@pytest.mark.parametrize("role", StaffRole)
def test_the_rail_leads_only_where_the_role_may_go(role: StaffRole) -> None:
    client = a_clerk(role=role)
    places = client.get("/biuro/").context["office_places"]
    assert [place.url for place in places if client.get(place.url).status_code != 200] == []


def test_a_post_that_ended_closes_the_office_in_mid_session() -> None:
    client = a_clerk()
    assert client.get("/biuro/").status_code == 200
    StaffPost.objects.update(ended_at=clock.now(), ended_by="tests")
    assert client.get("/biuro/").status_code == 404


def test_a_login_switched_off_in_mid_session_is_a_guest() -> None:
    client = a_clerk()
    User.objects.update(is_active=False)
    assert client.get("/biuro/").status_code in {302, 404}


def test_staff_without_a_second_factor_are_led_to_set_one_up() -> None:
    client = a_clerk(is_demo=False)
    for path in PAGES:
        assert client.get(path).url == "/bezpieczenstwo/drugi-skladnik/", path
    assert client.post("/biuro/klienci/", {"words": "Nowak"}).url == "/bezpieczenstwo/drugi-skladnik/"


def test_a_session_opened_with_a_second_factor_opens_the_office() -> None:
    client = a_clerk(is_demo=False)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0, "type": "totp"}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(User.objects.get().pk)
    session.save()
    assert client.get("/biuro/").status_code == 200


def test_logins_of_the_demo_are_let_off_in_a_demo_only(settings: Settings) -> None:
    client = a_clerk()
    settings.EBOK_DEMO = False
    assert client.get("/biuro/").url == "/bezpieczenstwo/drugi-skladnik/"


def test_keys_are_switched_off_and_on_for_this_browser() -> None:
    client = a_clerk()
    assert "data-keys" in client.get("/biuro/").text
    assert client.post("/biuro/skroty/", {"keys": "nie"}).status_code == 302
    assert "data-keys" not in client.get("/biuro/").text
    client.post("/biuro/skroty/", {"keys": "tak"})
    assert "data-keys" in client.get("/biuro/").text
