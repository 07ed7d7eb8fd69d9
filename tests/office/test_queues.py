"""Letters, requests for access, changes of data, and the audit trail."""

import pytest
from django.test import Client

from ebok.access.domain import StaffRole
from ebok.access.models import AccessRequest, Grant, User
from ebok.audit.models import AuditRow
from ebok.customers.models import CustomerAccount, DataChangeDecision
from ebok.enrolment.models import ActivationCode
from ebok.foundation import clock
from tests.billing import an_account
from tests.office.staff import a_clerk
from tests.office.world import OfficeWorld, a_change, a_letter, a_request, account, an_office
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    a_customer("anna", "100001")
    return a_clerk()


class TestHome:
    def test_counts_what_waits(self) -> None:
        world = an_office()
        counts = {line.word: line.count for line in world.client.get("/biuro/").context["queues"]}
        assert counts["Wnioski"] == "2\u00a0sprawy"
        assert counts["Prośby o dostęp"] == counts["Zmiany danych z umowy"] == counts["Listy do wydruku"]
        assert counts["Wiadomości, które nie doszły"] == "nic nie czeka"

    def test_every_queue_leads_where_the_role_may_go(self) -> None:
        world = an_office()
        lines = world.client.get("/biuro/").context["queues"]
        assert [world.client.get(line.url).status_code for line in lines] == [200] * 9


class TestLooks:
    @pytest.mark.parametrize(
        ("place", "action", "rows"),
        [("wnioski", "application.listed", 2), ("prosby", "access.listed", 1), ("listy", "letter.listed", 1),
         ("zmiany", "customers.data_changes_listed", 1), ("niedoreczone", "notifications.undelivered_viewed", 0)],
    )  # fmt: skip
    def test_at_a_list_are_on_record_by_their_count_alone(self, place: str, action: str, rows: int) -> None:
        client = an_office().client
        for _ in range(2):
            client.get(f"/biuro/{place}/")
        written = list(AuditRow.objects.filter(action=action))
        assert [(one.details, one.account_id) for one in written] == [({"rows": rows}, None)] * 2

    def test_at_a_change_of_data_are_told_to_whose_it_is(self, clerk: Client) -> None:
        address = f"/biuro/zmiany/{a_change()}/"
        clerk.get(address), clerk.get(address)
        assert AuditRow.objects.get(action="customers.data_change_viewed").account_id == account()
        anna = Client()
        anna.force_login(User.objects.get(username="anna"))
        assert "Obejrzenie prośby o zmianę danych" in anna.get("/kto-ogladal/").text

    def test_at_a_request_are_told_to_whose_account_it_is(self, clerk: Client) -> None:
        address = f"/biuro/prosby/{a_request()}/"
        clerk.get(address), clerk.get(address)
        assert AuditRow.objects.get(action="request.view").account_id == account()
        anna = Client()
        anna.force_login(User.objects.get(username="anna"))
        assert "Obejrzenie prośby o dostęp do konta" in anna.get("/kto-ogladal/").text


class TestLetters:
    def test_are_given_as_one_file_that_no_browser_runs(self, clerk: Client) -> None:
        answer = clerk.post("/biuro/listy/pdf/", {"letter": [a_letter("100001")]})
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert ActivationCode.objects.get().printed_at is None

    def test_who_has_the_file_is_on_record_for_each_account_and_shown(self, clerk: Client) -> None:
        an_account("100002")
        row = ActivationCode.objects.get(id=a_letter("100001"))
        row.accounts.add(CustomerAccount.objects.get(number="100002"))
        clerk.post("/biuro/listy/pdf/", {"letter": row.id})
        rows = AuditRow.objects.filter(action="letter.pdf").order_by("account_id")
        assert [one.account_id for one in rows] == sorted(row.accounts.values_list("id", flat=True))
        assert {one.subject for one in rows} == {f"activation_code:{row.id}"}
        assert "Barbara Urzędnik" in clerk.get("/biuro/listy/").context["letters"][0]["fetched"]
        anna = Client()
        anna.force_login(User.objects.get(username="anna"))
        assert "List aktywacyjny: pobrano do druku" in anna.get("/kto-ogladal/").text

    def test_are_fetched_again_only_for_a_reason(self, clerk: Client) -> None:
        form = {"letter": a_letter("100001")}
        clerk.post("/biuro/listy/pdf/", form)
        celina = a_clerk("celina")
        for why in ("", "   ", "x" * 201, "\0"):
            answer = celina.post("/biuro/listy/pdf/", form | {"why": why})
            assert answer.status_code == 200
            assert "why" in answer.context["form"].errors
        assert AuditRow.objects.filter(action="letter.pdf").count() == 1
        assert celina.post("/biuro/listy/pdf/", form | {"why": "Zacięty papier"}).content.startswith(b"%PDF-")
        assert AuditRow.objects.filter(action="letter.pdf").latest("id").reason == "Zacięty papier"
        assert "Barbara" in celina.get("/biuro/listy/").context["letters"][0]["fetched"]

    def test_are_fetched_in_batches(self, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ebok.office.letters.views.LETTERS_AT_ONCE", 1)
        an_account("100002")
        a_letter("100001"), a_letter("100002")
        page = clerk.get("/biuro/listy/")
        assert (len(page.context["letters"]), page.context["more"]) == (1, "1")
        answer = clerk.post("/biuro/listy/pdf/", {"letter": list(range(1, 302))}, follow=True)
        assert "Zaznacz najwyżej" in answer.text

    def test_are_printed_once_somebody_is_sure(self, clerk: Client) -> None:
        letter = a_letter("100001")
        assert "już na papierze" in clerk.post("/biuro/listy/wydrukowane/", {"letter": letter}).text
        assert ActivationCode.objects.get().printed_at is None
        clerk.post("/biuro/listy/wydrukowane/", {"letter": letter, "sure": "tak"})
        assert ActivationCode.objects.get().printed_at is not None
        page = clerk.get("/biuro/listy/")
        assert (page.context["letters"], len(page.context["deeds"])) == ([], 1)

    def test_printed_twice_says_so(self, clerk: Client) -> None:
        form = {"letter": a_letter("100001"), "sure": "tak"}
        clerk.post("/biuro/listy/wydrukowane/", form)
        assert "już wydrukowane" in clerk.post("/biuro/listy/wydrukowane/", form, follow=True).text
        assert "już wydrukowane" in clerk.post("/biuro/listy/pdf/", form, follow=True).text

    @pytest.mark.parametrize("typed", [[], ["x"], ["-1"], ["9" * 30], ["\0"], ["²"]])
    @pytest.mark.parametrize("path", ["pdf/", "wydrukowane/"])
    def test_none_chosen_says_so(self, clerk: Client, path: str, typed: list[str]) -> None:
        assert "Zaznacz list" in clerk.post(f"/biuro/listy/{path}", {"letter": typed}, follow=True).text

    @pytest.mark.parametrize("path", ["pdf/", "wydrukowane/"])
    def test_do_nothing_when_looked_at(self, clerk: Client, path: str) -> None:
        assert clerk.get(f"/biuro/listy/{path}").status_code == 405

    @pytest.mark.parametrize("path", ["pdf/", "wydrukowane/"])
    def test_are_not_for_other_roles(self, path: str) -> None:
        an_account()
        letter = a_letter("100001")
        billing = a_clerk(role=StaffRole.BILLING)
        assert billing.post(f"/biuro/listy/{path}", {"letter": letter, "sure": "tak"}).status_code == 403
        assert ActivationCode.objects.get().printed_at is None


class TestRequests:
    def test_one_is_granted(self, clerk: Client) -> None:
        number = a_request()
        form = {"decision": "payer", "reason": "żona właściciela"}
        assert clerk.post(f"/biuro/prosby/{number}/", form).status_code == 302
        assert Grant.objects.get(user__username="ewa").role == "payer"

    def test_one_is_refused(self, clerk: Client) -> None:
        number = a_request()
        assert clerk.post(f"/biuro/prosby/{number}/", {"decision": "odmowa", "reason": "obca osoba"}).status_code == 302
        assert AccessRequest.objects.get().decision == "refused"

    def test_nobody_owns_beside_an_owner(self, clerk: Client) -> None:
        answer = clerk.post(f"/biuro/prosby/{a_request()}/", {"decision": "owner", "reason": "kupił dom"})
        assert "ma właściciela" in answer.text
        assert AccessRequest.objects.get().decision == ""

    @pytest.mark.parametrize(
        "typed",
        [{}, {"decision": "payer"}, {"decision": "król", "reason": "bo tak"}, {"decision": "payer", "reason": "a"},
         {"decision": "payer", "reason": "żona", "until": "kiedyś"},
         {"decision": "payer", "reason": "żona", "until": "2020-01-01"}],
    )  # fmt: skip
    def test_what_is_missing_is_said_at_the_field(self, clerk: Client, typed: dict[str, str]) -> None:
        answer = clerk.post(f"/biuro/prosby/{a_request()}/", typed)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert AccessRequest.objects.get().decision == ""

    def test_the_second_to_decide_is_told(self, clerk: Client) -> None:
        address, form = f"/biuro/prosby/{a_request()}/", {"decision": "odmowa", "reason": "obca osoba"}
        clerk.post(address, form)
        assert "Ktoś już zdecydował" in clerk.post(address, form, follow=True).text
        assert clerk.get(address).status_code == 404

    def test_for_other_roles_there_is_none(self, clerk: Client) -> None:
        address = f"/biuro/prosby/{a_request()}/"
        other = a_clerk("inny", StaffRole.BILLING)
        assert (other.get(address).status_code, other.post(address).status_code) == (404, 404)


class TestChanges:
    def test_one_is_approved(self, clerk: Client) -> None:
        assert clerk.post(f"/biuro/zmiany/{a_change()}/", {"decision": "zgoda"}).status_code == 302
        assert DataChangeDecision.objects.get().approved

    def test_one_is_refused_with_a_reason(self, clerk: Client) -> None:
        address = f"/biuro/zmiany/{a_change()}/"
        assert "dlaczego odmawiasz" in clerk.post(address, {"decision": "odmowa"}).text
        clerk.post(address, {"decision": "odmowa", "reason": "brak aktu"})
        assert not DataChangeDecision.objects.get().approved

    def test_the_second_to_decide_is_told(self, clerk: Client) -> None:
        address = f"/biuro/zmiany/{a_change()}/"
        clerk.post(address, {"decision": "zgoda"})
        assert "Ktoś już zdecydował" in clerk.post(address, {"decision": "odmowa"}, follow=True).text
        assert DataChangeDecision.objects.get().approved

    def test_one_that_is_not_there_is_404(self, clerk: Client) -> None:
        assert clerk.get("/biuro/zmiany/999999/").status_code == 404

    def test_for_other_roles_there_is_none(self, clerk: Client) -> None:
        address = f"/biuro/zmiany/{a_change()}/"
        other = a_clerk("inny", StaffRole.READINGS)
        assert (other.get(address).status_code, other.post(address).status_code) == (404, 404)


class TestTheJournal:
    @pytest.fixture
    def world(self) -> OfficeWorld:
        return an_office()

    def shown(self, world: OfficeWorld, **typed: str) -> list[str]:
        answer = world.client.post("/biuro/dziennik/", typed, follow=True)
        return [line.what for line in answer.context["deeds"]]

    def test_says_every_deed_in_polish(self, world: OfficeWorld) -> None:
        assert [what for what in self.shown(world) if "." in what or "_" in what] == []

    def test_shows_rows_of_an_account(self, world: OfficeWorld) -> None:
        assert "otwarcie klienta" in self.shown(world, account="100001")
        assert "otwarcie klienta" not in self.shown(world, account="100002")
        assert self.shown(world, account="nie ma") == []

    def test_shows_rows_of_a_person(self, world: OfficeWorld) -> None:
        assert set(self.shown(world, person="kierownik")) >= {"otwarcie klienta", "wyszukiwanie klienta"}
        assert "otwarcie klienta" not in self.shown(world, person="ewa")

    def test_shows_rows_of_a_day(self, world: OfficeWorld) -> None:
        assert "otwarcie klienta" in self.shown(world, day=clock.today().isoformat())
        assert self.shown(world, day="2020-01-01") == []

    @pytest.mark.parametrize(
        "typed", [{"day": "wczoraj"}, {"day": "9999-12-31"}, {"account": "\0"}, {"person": "x" * 500}]
    )
    def test_takes_anything(self, world: OfficeWorld, typed: dict[str, str]) -> None:
        assert world.client.post("/biuro/dziennik/", typed, follow=True).status_code == 200

    def test_keeps_names_out_of_addresses(self, world: OfficeWorld) -> None:
        assert world.client.post("/biuro/dziennik/", {"person": "anna"}).url == "/biuro/dziennik/"

    def test_a_look_at_it_is_a_row_of_it(self, world: OfficeWorld) -> None:
        world.client.get("/biuro/dziennik/")
        assert AuditRow.objects.filter(action="audit.view").count() == 1

    def test_has_pages(self, world: OfficeWorld) -> None:
        for _ in range(60):
            world.client.get("/biuro/niedoreczone/")
        first = world.client.get("/biuro/dziennik/")
        second = world.client.get(f"/biuro/dziennik/{first.context['older']}")
        assert len(first.context["deeds"]) == 50
        assert second.context["deeds"]

    @pytest.mark.parametrize("query", ["?przed=x", "?przed=-1", f"?przed={'9' * 40}", "?przed=%00"])
    def test_takes_any_address(self, world: OfficeWorld, query: str) -> None:
        assert world.client.get(f"/biuro/dziennik/{query}").status_code == 200
