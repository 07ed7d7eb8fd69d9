"""Searching for a customer, opening them with a reason, and what a clerk does there."""

from datetime import timedelta

import pytest
from django.test import Client

from ebok.access.domain import StaffRole
from ebok.access.models import CustomerVisit, Grant
from ebok.audit.models import AuditRow
from ebok.customers.models import CustomerAccount
from ebok.enrolment.models import ActivationCode
from ebok.foundation import clock
from tests.billing import an_account
from tests.concurrency import beside
from tests.office.staff import a_clerk
from tests.portal.customers import a_customer

REASON = {"why": "telefon", "words": "pyta o fakturę"}


def account() -> int:
    return CustomerAccount.objects.get(number="100001").pk


@pytest.fixture
def clerk(db: None) -> Client:
    a_customer("anna", "100001")
    an_account("100002", name="Jan Kowalski", street="ul. Leśna", house="3")
    return a_clerk()


@pytest.fixture
def opened(clerk: Client) -> Client:
    assert clerk.post(f"/biuro/klienci/{account()}/", REASON).status_code == 302
    return clerk


def opening() -> list[tuple[int | None, str]]:
    return list(AuditRow.objects.filter(action="customer.open").values_list("account_id", "reason"))


class TestSearching:
    def test_shows_number_name_and_place_and_nothing_else(self, clerk: Client) -> None:
        answer = clerk.post("/biuro/klienci/", {"words": "kowalski lesna"}, follow=True)
        assert [row["number"] for row in answer.context["found"]] == ["100002"]
        assert "100001" not in answer.text

    def test_is_one_row_of_audit_without_what_was_typed(self, clerk: Client) -> None:
        clerk.post("/biuro/klienci/", {"words": "Kowalski"}, follow=True)
        row = AuditRow.objects.get(action="customer.search")
        assert row.details == {"kind": "words", "found": 1, "more": False}
        assert "owalsk" not in f"{row.subject}{row.reason}{row.details}"

    def test_again_by_reloading_is_a_row_of_audit_again(self, clerk: Client) -> None:
        clerk.get("/biuro/klienci/")
        assert not AuditRow.objects.filter(action="customer.search").exists()
        clerk.post("/biuro/klienci/", {"words": "Kowalski"}, follow=True)
        assert clerk.get("/biuro/klienci/").context["found"]
        assert [row.details["found"] for row in AuditRow.objects.filter(action="customer.search")] == [1, 1]

    def test_keeps_what_was_typed_out_of_the_address(self, clerk: Client) -> None:
        answer = clerk.post("/biuro/klienci/", {"words": "Kowalski"})
        assert answer.url == "/biuro/klienci/"

    @pytest.mark.parametrize("words", ["", "\0", "x" * 5_000, "<script>alert(1)</script>", "%", "'; --", "😀"])
    def test_takes_anything_that_can_be_typed(self, clerk: Client, words: str) -> None:
        answer = clerk.post("/biuro/klienci/", {"words": words}, follow=True)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text

    def test_a_form_sent_without_its_field_finds_nobody(self, clerk: Client) -> None:
        assert clerk.post("/biuro/klienci/", {}, follow=True).context["found"] == []

    @pytest.mark.parametrize("role", [StaffRole.DISPATCH, StaffRole.DATA_PROTECTION])
    def test_is_not_for_every_role(self, clerk: Client, role: StaffRole) -> None:
        assert a_clerk("inny", role).post("/biuro/klienci/", {"words": "Nowak"}).status_code == 403
        assert not AuditRow.objects.filter(action="customer.search").exists()


class TestOpening:
    def test_asks_for_a_reason_and_shows_nothing_before_it(self, clerk: Client) -> None:
        page = clerk.get(f"/biuro/klienci/{account()}/")
        assert "Po co otwierasz konto" in page.text
        assert "Anna Nowak" not in page.text
        assert opening() == []

    def test_is_written_down_once_a_visit(self, opened: Client) -> None:
        page = opened.get(f"/biuro/klienci/{account()}/")
        assert "Anna Nowak" in page.text
        opened.post(f"/biuro/klienci/{account()}/", REASON | {"words": "drugi raz"})
        opened.get(f"/biuro/klienci/{account()}/")
        assert opening() == [(account(), "Klient dzwoni: pyta o fakturę")]

    @pytest.mark.parametrize(
        "typed",
        [{}, {"why": "inny"}, {"why": "inny", "words": "ab"}, {"why": "inny", "words": ". ."}, {"why": "zmyślony"},
         {"why": "telefon", "words": "x" * 500}, {"why": "inny", "words": "\0\0\0"}],
    )  # fmt: skip
    def test_needs_a_reason_one_can_read(self, clerk: Client, typed: dict[str, str]) -> None:
        answer = clerk.post(f"/biuro/klienci/{account()}/", typed)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert opening() == []

    def test_ends_when_the_clerk_says_so(self, opened: Client) -> None:
        assert opened.post(f"/biuro/klienci/{account()}/koniec/").status_code == 302
        assert "Po co otwierasz konto" in opened.get(f"/biuro/klienci/{account()}/").text

    def test_does_not_end_by_looking(self, opened: Client) -> None:
        assert opened.get(f"/biuro/klienci/{account()}/koniec/").status_code == 405
        assert CustomerVisit.objects.get().closed_at is None

    def test_opens_one_customer_and_no_other(self, opened: Client) -> None:
        other = CustomerAccount.objects.get(number="100002").pk
        assert "Jan Kowalski" not in opened.get(f"/biuro/klienci/{other}/").text

    def test_opens_in_one_session_and_no_other(self, opened: Client) -> None:
        elsewhere = a_clerk("celina")
        assert "Anna Nowak" not in elsewhere.get(f"/biuro/klienci/{account()}/").text

    def test_a_customer_who_is_not_there_is_404(self, clerk: Client) -> None:
        assert clerk.get("/biuro/klienci/999999/").status_code == 404
        assert clerk.post("/biuro/klienci/999999/", REASON).status_code == 404

    @pytest.mark.parametrize("role", [StaffRole.DISPATCH, StaffRole.DATA_PROTECTION])
    @pytest.mark.parametrize("path", ["", "koniec/", "list/", "wlasciciel/1/koniec/"])
    def test_for_other_roles_there_is_no_customer(self, clerk: Client, role: StaffRole, path: str) -> None:
        client = a_clerk("inny", role)
        address = f"/biuro/klienci/{account()}/{path}"
        assert (client.get(address).status_code, client.post(address, REASON).status_code) == (404, 404)
        assert opening() == []


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_open_at_once_leave_one_row() -> None:
    a_customer("anna", "100001")
    clerk = a_clerk()
    clerk.get("/biuro/")
    number = account()
    tabs = [Client(), Client(), Client()]
    for tab in tabs:
        tab.cookies = clerk.cookies
    with beside() as start:
        answers = [start(lambda tab=tab: tab.post(f"/biuro/klienci/{number}/", REASON).status_code) for tab in tabs]
        assert {one.result() for one in answers} == {302}
    assert len(opening()) == CustomerVisit.objects.count() == 1


class TestLetters:
    def test_a_letter_is_ordered_after_saying_where_it_goes(self, opened: Client) -> None:
        address = f"/biuro/klienci/{account()}/list/"
        assert "ul. Polna 1" in opened.get(address).text
        assert not ActivationCode.objects.exists()
        assert opened.post(address).status_code == 302
        assert ActivationCode.objects.count() == 1

    def test_the_reason_of_the_visit_goes_on_record(self, opened: Client) -> None:
        opened.post(f"/biuro/klienci/{account()}/list/")
        assert AuditRow.objects.get(action="activation_code.make").reason == "Klient dzwoni: pyta o fakturę"

    def test_a_second_press_orders_no_second_letter(self, opened: Client) -> None:
        for _ in range(2):
            opened.post(f"/biuro/klienci/{account()}/list/")
        assert ActivationCode.objects.count() == 1

    def test_needs_the_customer_opened(self, clerk: Client) -> None:
        answer = clerk.post(f"/biuro/klienci/{account()}/list/")
        assert answer.url == f"/biuro/klienci/{account()}/"
        assert not ActivationCode.objects.exists()

    def test_is_not_for_readers_of_meters(self, opened: Client) -> None:
        reader = a_clerk("czytnik", StaffRole.READINGS)
        reader.post(f"/biuro/klienci/{account()}/", REASON)
        assert reader.post(f"/biuro/klienci/{account()}/list/").status_code == 404


class TestEndingAnOwnership:
    def address(self) -> str:
        return f"/biuro/klienci/{account()}/wlasciciel/{Grant.objects.get().pk}/koniec/"

    def test_ends_on_the_day_for_the_reason(self, opened: Client) -> None:
        day = clock.today() + timedelta(days=3)
        answer = opened.post(self.address(), {"ends_on": day.isoformat(), "reason": "sprzedaż domu"})
        assert answer.status_code == 302
        assert Grant.objects.get().ends_on == day
        assert AuditRow.objects.filter(action="grant.end", reason="sprzedaż domu").exists()

    @pytest.mark.parametrize(
        "typed", [{}, {"ends_on": "wczoraj", "reason": "sprzedaż"}, {"ends_on": "2026-12-01", "reason": "x"}]
    )
    def test_says_at_the_field_what_is_missing(self, opened: Client, typed: dict[str, str]) -> None:
        answer = opened.post(self.address(), typed)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert Grant.objects.get().ends_on is None

    def test_another_customers_grant_is_404(self, opened: Client) -> None:
        a_customer("ewa", "100003")
        foreign = Grant.objects.get(user__username="ewa").pk
        address = f"/biuro/klienci/{account()}/wlasciciel/{foreign}/koniec/"
        assert opened.post(address, {"ends_on": "2026-12-01", "reason": "sprzedaż"}).status_code == 404
