"""The office decides applications: four corners, two clerks at once, a second person for organizations."""

from dataclasses import replace

import pytest
from django.test import Client

from ebok.access.domain import StaffRole
from ebok.audit.models import AuditRow
from ebok.enrolment.domain.applications import ApplicationState, StepKind
from ebok.enrolment.models import ActivationCode, Application, ApplicationStep
from tests.billing import an_account
from tests.enrolment import ORGANIZATION, PERSON, seen, sent
from tests.office.staff import a_clerk
from tests.office.world import account
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> int:
    an_account("100001")
    return sent(PERSON).application_id


@pytest.fixture
def organization() -> int:
    an_account("100001", kind="organization", nip="5265877635", name="Wspólnota Polna 1")
    return sent(ORGANIZATION).application_id


def at(application: int, step: str = "") -> str:
    return f"/biuro/wnioski/{application}/{step}"


def state(application: int) -> ApplicationState:
    return seen(application).state


def accept(client: Client, application: int, **typed: object) -> object:
    form = {"seen": seen(application).seen, "accounts": [account()]} | typed
    return client.post(at(application, "przyjecie/"), form)


class TestTheList:
    def test_shows_what_waits_the_oldest_first(self, person: int) -> None:
        second = sent(replace(PERSON, name="Jan Kowalski")).application_id
        rows = a_clerk().get("/biuro/wnioski/").context["rows"]
        assert [row["id"] for row in rows] == [str(person), str(second)]

    def test_is_narrowed_to_a_state(self, person: int) -> None:
        clerk = a_clerk()
        accept(clerk, person)
        assert clerk.get("/biuro/wnioski/").context["rows"] == []
        assert len(clerk.get("/biuro/wnioski/?stan=przyjete").context["rows"]) == 1

    @pytest.mark.parametrize("query", ["?stan=zmyslony", "?od=-1", "?od=x", "?od=999999999999", "?od=%00", "?stan=%00"])
    def test_takes_any_address(self, person: int, query: str) -> None:
        assert len(a_clerk().get(f"/biuro/wnioski/{query}").context["rows"]) == 1

    def test_has_pages(self) -> None:
        for _ in range(26):
            sent(PERSON)
        clerk = a_clerk()
        first = clerk.get("/biuro/wnioski/")
        assert (len(first.context["rows"]), first.context["newer"]) == (25, "")
        second = clerk.get(f"/biuro/wnioski/{first.context['older']}")
        assert (len(second.context["rows"]), second.context["older"]) == (1, "")


class TestOneApplication:
    def test_stands_beside_what_is_on_file(self, person: int) -> None:
        page = a_clerk().get(at(person))
        assert page.context["asked"][0]["name"] == "Anna Nowak"
        assert "bez właściciela" in page.text

    def test_whose_data_it_showed_is_on_record_once_a_session_and_told_to_them(self) -> None:
        anna, clerk = a_customer("anna", "100001"), a_clerk()
        person = sent(PERSON).application_id
        for _ in range(2):
            clerk.get(at(person))
            clerk.get(at(person, "przyjecie/"))
        (row,) = AuditRow.objects.filter(action="application.view", subject=f"application:{person}")
        assert row.account_id == account()
        a_clerk("celina").get(at(person))
        assert AuditRow.objects.filter(action="application.view").count() == 2
        assert "Sprawdzenie wniosku o dostęp do eBOK przy danych" in anna.get("/kto-ogladal/").text

    def test_one_for_no_account_is_on_record_too(self) -> None:
        application = sent(replace(PERSON, account_numbers=("999",))).application_id
        clerk = a_clerk()
        clerk.get(at(application)), clerk.get(at(application))
        assert AuditRow.objects.get(action="application.view").account_id is None

    def test_says_that_an_account_is_not_there(self) -> None:
        application = sent(replace(PERSON, account_numbers=("999",))).application_id
        assert "Nie ma takiego konta" in a_clerk().get(at(application)).text

    def test_what_was_typed_is_shown_as_text(self) -> None:
        application = sent(replace(PERSON, street="<script>alert(1)</script>")).application_id
        assert "<script>alert" not in a_clerk().get(at(application)).text

    @pytest.mark.parametrize("step", ["", "przyjecie/", "pytanie/", "odmowa/", "potwierdzenie/", "skan/"])
    def test_one_that_is_not_there_is_404(self, step: str) -> None:
        assert a_clerk().get(at(999_999, step)).status_code == 404

    @pytest.mark.parametrize("step", ["", "przyjecie/", "pytanie/", "odmowa/", "potwierdzenie/", "skan/"])
    @pytest.mark.parametrize("role", [StaffRole.BILLING, StaffRole.DATA_PROTECTION, StaffRole.READINGS])
    def test_for_other_roles_it_is_not_there(self, person: int, step: str, role: StaffRole) -> None:
        client = a_clerk(role=role)
        assert (client.get(at(person, step)).status_code, client.post(at(person, step)).status_code) == (404, 404)
        assert state(person) is ApplicationState.RECEIVED

    def test_without_a_scan_there_is_nothing_to_download(self, person: int) -> None:
        assert a_clerk().get(at(person, "skan/")).status_code == 404

    def test_looking_at_a_step_takes_none(self, person: int) -> None:
        clerk = a_clerk()
        for step in ("przyjecie/", "pytanie/", "odmowa/"):
            assert clerk.get(at(person, step)).status_code == 200
        assert state(person) is ApplicationState.RECEIVED


class TestDeciding:
    def test_a_persons_is_accepted_and_a_code_is_made(self, person: int) -> None:
        assert accept(a_clerk(), person).status_code == 302
        assert state(person) is ApplicationState.ACCEPTED
        assert ActivationCode.objects.count() == 1

    def test_a_second_press_changes_nothing(self, person: int) -> None:
        clerk, form = a_clerk(), {"seen": seen(person).seen, "accounts": [account()]}
        for _ in range(2):
            assert clerk.post(at(person, "przyjecie/"), form).status_code == 302
        assert ActivationCode.objects.count() == 1

    def test_only_accounts_asked_for_can_be_chosen(self, person: int) -> None:
        other = an_account("100009")
        answer = accept(a_clerk(), person, accounts=[other])
        assert answer.context["form"].errors["accounts"] == ["Wybierz konto z listy."]
        assert state(person) is ApplicationState.RECEIVED

    def test_a_question_waits_for_the_applicant(self, person: int) -> None:
        form = {"seen": seen(person).seen, "question": "Który adres jest aktualny?", "note": "dzwoniłam"}
        assert a_clerk().post(at(person, "pytanie/"), form).status_code == 302
        assert state(person) is ApplicationState.ASKED
        step = ApplicationStep.objects.get(kind=StepKind.ASKED.value)
        assert (step.words, step.note) == ("Który adres jest aktualny?", "dzwoniłam")

    def test_a_refusal_has_its_reason(self, person: int) -> None:
        clerk, form = a_clerk(), {"seen": seen(person).seen, "reason": "Brak pełnomocnictwa."}
        assert clerk.post(at(person, "odmowa/"), form).status_code == 302
        assert state(person) is ApplicationState.REFUSED
        assert "Brak pełnomocnictwa." in clerk.get(at(person)).text

    @pytest.mark.parametrize(("step", "field"), [("pytanie/", "question"), ("odmowa/", "reason")])
    @pytest.mark.parametrize("words", ["", "   ", "\0", "a\x07b", "x" * 2_001, "a\u202eb"])
    def test_words_one_cannot_read_are_asked_for_again(self, person: int, step: str, field: str, words: str) -> None:
        answer = a_clerk().post(at(person, step), {"seen": seen(person).seen, field: words})
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
        assert state(person) is ApplicationState.RECEIVED

    @pytest.mark.parametrize("number", ["", "x", "-1", "999999999999999999999", "\0"])
    def test_a_form_that_saw_nothing_decides_nothing(self, person: int, number: str) -> None:
        answer = accept(a_clerk(), person, seen=number)
        assert answer.status_code == 200
        assert state(person) is ApplicationState.RECEIVED


class TestTwoClerks:
    def test_the_second_is_told_kindly_and_keeps_what_they_typed(self, person: int) -> None:
        first, second = a_clerk("basia"), a_clerk("celina")
        before = seen(person).seen
        accepted_half = first.post(at(person, "pytanie/"), {"seen": before, "question": "Jaki adres?"})
        assert accepted_half.status_code == 302
        answer = second.post(at(person, "odmowa/"), {"seen": before, "reason": "Brak pełnomocnictwa."})
        assert "ktoś inny zajął się tym wnioskiem" in answer.text
        assert "Brak pełnomocnictwa." in answer.text
        assert state(person) is ApplicationState.ASKED

    def test_a_step_no_longer_there_leads_back_with_a_sentence(self, person: int) -> None:
        first, second = a_clerk("basia"), a_clerk("celina")
        before = seen(person).seen
        accept(first, person)
        answer = second.post(at(person, "pytanie/"), {"seen": before, "question": "Jaki adres?"}, follow=True)
        assert "wniosek jest teraz w innym miejscu" in answer.text
        assert Application.objects.get().state == ApplicationState.ACCEPTED.value


class TestOrganizations:
    def test_two_people_accept(self, organization: int) -> None:
        first, second = a_clerk("basia"), a_clerk("celina")
        accept(first, organization)
        assert state(organization) is ApplicationState.HALF_ACCEPTED
        assert not ActivationCode.objects.exists()
        assert second.post(at(organization, "potwierdzenie/"), {"seen": seen(organization).seen}).status_code == 302
        assert state(organization) is ApplicationState.ACCEPTED
        assert ActivationCode.objects.count() == 1

    def test_the_same_person_is_told_why_not(self, organization: int) -> None:
        clerk = a_clerk()
        accept(clerk, organization)
        form = {"seen": seen(organization).seen}
        answer = clerk.post(at(organization, "potwierdzenie/"), form, follow=True)
        assert "inna osoba niż ta, która przyjęła wniosek" in answer.text
        assert "potwierdza ktoś inny" in answer.text
        assert state(organization) is ApplicationState.HALF_ACCEPTED
