"""Sending invoices from the office: a run from its button to its end, failures, and suspect invoices."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from ebok.access.domain import StaffRole
from ebok.adapters.mail import FakeTransport
from ebok.adapters.seal import FakeSeal
from ebok.audit.models import AuditRow
from ebok.einvoicing.models import FailureSettled, PaperFallback, SendingRun, SuspectReport
from ebok.einvoicing.operations.runs import advance_runs
from ebok.einvoicing.ports import DocumentSeal
from ebok.foundation import clock, ports
from ebok.foundation.formats import nrb_groups
from ebok.notifications.operations import deliver_groups
from ebok.notifications.ports import DeliveryFailed, FailureKind, MessageTransport
from ebok.web.sessions import BY_ITSELF, SEEN
from tests.office.sending import FOREIGN_NRB, WORDS, a_report, a_run, accepted, refused, waiting
from tests.office.staff import a_clerk
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db
FAILED = "/biuro/wysylka/nieudane/"


@pytest.fixture
def clerk() -> Client:
    a_customer("anna", "100001")
    accepted()
    return a_clerk()


def test_the_page_says_that_the_certificate_of_the_seal_ends_soon(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "straci ważność" not in clerk.get("/biuro/wysylka/").text
    words = "Certyfikat pieczęci wygaśnie 12.12.2026 o 12:00."
    monkeypatch.setitem(ports._made, DocumentSeal, FakeSeal(soon=words))
    assert words in clerk.get("/biuro/wysylka/").text


class TestARun:
    def test_is_started_after_saying_what_will_happen(self, clerk: Client) -> None:
        waiting("FV/1"), waiting("FV/2"), waiting("FK/1", corrects="FV/1", net="-10.00")
        assert "3\u00a0faktury" in clerk.get("/biuro/wysylka/").text
        asked = clerk.get("/biuro/wysylka/nowa/")
        assert asked.context["kinds"] == [("Faktury", "2"), ("Korekty", "1"), ("Kopie faktur z KSeF", "0")]
        assert not SendingRun.objects.exists()
        answer = clerk.post("/biuro/wysylka/nowa/")
        assert answer.url == f"/biuro/wysylka/{SendingRun.objects.get().pk}/"
        assert clerk.get("/biuro/wysylka/").context["waiting"]["count"] == ""

    def test_is_not_started_when_nothing_waits(self, clerk: Client) -> None:
        assert "Nic nie wysłano" in clerk.post("/biuro/wysylka/nowa/", follow=True).text
        assert not SendingRun.objects.exists()

    def test_shows_how_far_it_is(self, clerk: Client) -> None:
        waiting("FV/1"), waiting("FV/2")
        run_id = a_run()
        line = clerk.get(f"/biuro/wysylka/{run_id}/").context["run"]
        assert (line.state, line.lead) == ("Trwa", "Gotowe: 0 z 2\u00a0faktur.")
        deliver_groups(clock=clock.now)
        advance_runs(clock=clock.now)
        page = clerk.get(f"/biuro/wysylka/{run_id}/")
        parts = {part.word: part.count for part in page.context["run"].parts}
        assert (page.context["run"].state, parts["Wysłane"], parts["W kolejce"]) == ("Zakończona", "2", "0")
        assert "hx-get" not in page.text

    def test_says_what_to_do_when_the_mail_server_refuses(self, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting("FV/1")
        address, fake = f"/biuro/wysylka/{a_run()}/", FakeTransport()
        fake.failure = DeliveryFailed(FailureKind.TEMPORARY, "451 later")
        monkeypatch.setitem(ports._factories, MessageTransport, lambda: fake)
        deliver_groups(clock=clock.now)
        assert clerk.get(address).context["run"].lead.endswith("Gdy godzinę nic nie rusza, powiedz administratorowi.")

    def test_is_stopped_and_resumed_and_the_second_press_says_so(self, clerk: Client) -> None:
        waiting("FV/1")
        address = f"/biuro/wysylka/{a_run()}/"
        assert "Wysyłka zatrzymana" in clerk.post(f"{address}zatrzymanie/", follow=True).text
        assert "Ktoś już zatrzymał" in clerk.post(f"{address}zatrzymanie/", follow=True).text
        assert clerk.get(address).context["run"].state == "Zatrzymana"
        waiting("FV/2")
        assert "Najpierw ją wznów" in clerk.post("/biuro/wysylka/nowa/", follow=True).text
        assert "Wysyłka wznowiona" in clerk.post(f"{address}wznowienie/", follow=True).text
        assert "nie jest zatrzymana" in clerk.post(f"{address}wznowienie/", follow=True).text

    def test_that_is_not_there_is_not_found(self, clerk: Client) -> None:
        assert clerk.get("/biuro/wysylka/7/").status_code == 404
        assert clerk.post("/biuro/wysylka/7/zatrzymanie/").status_code == 404
        assert clerk.post("/biuro/wysylka/7/wznowienie/").status_code == 404

    def test_names_whoever_started_it(self, clerk: Client) -> None:
        waiting("FV/1")
        clerk.post("/biuro/wysylka/nowa/")
        assert "Barbara Urzędnik" in clerk.get("/biuro/wysylka/").text

    @pytest.mark.parametrize("deed", ["zatrzymanie", "wznowienie"])
    def test_changes_by_a_press_only(self, clerk: Client, deed: str) -> None:
        waiting("FV/1")
        assert clerk.get(f"/biuro/wysylka/{a_run()}/{deed}/").status_code == 405


class TestAnotherRole:
    @pytest.mark.parametrize("role", [StaffRole.READINGS, StaffRole.DISPATCH, StaffRole.DATA_PROTECTION])
    def test_neither_sees_nor_does_any_of_it(self, clerk: Client, role: StaffRole) -> None:
        invoice = waiting("FV/1")
        run, failure, report = a_run(), refused(invoice), a_report()
        other = a_clerk("ola", role)
        deeds = [f"{run}/zatrzymanie/", f"{run}/wznowienie/", f"nieudane/{invoice}/ponownie/",
                 f"nieudane/{invoice}/papier/", f"nieudane/{failure}/zalatwione/"]  # fmt: skip
        answers = [other.post(f"/biuro/wysylka/{deed}").status_code for deed in deeds]
        assert [*answers, other.get(f"/biuro/wysylka/{run}/").status_code] == [404] * 6
        assert other.post("/biuro/wysylka/nowa/").status_code == 403
        assert other.post(f"/biuro/podejrzane/{report}/zalatwione/").status_code == 404
        assert (SendingRun.objects.count(), FailureSettled.objects.count()) == (1, 0)


class TestThePageThatAsksByItself:
    def test_is_loaded_anew_when_the_run_has_ended(self, clerk: Client) -> None:
        waiting("FV/1")
        address = f"/biuro/wysylka/{a_run()}/"
        asks = {"HX-Request": "true", "HX-Trigger": BY_ITSELF}
        assert "HX-Refresh" not in clerk.get(address, headers=asks).headers
        deliver_groups(clock=clock.now)
        advance_runs(clock=clock.now)
        assert clerk.get(address, headers=asks).headers["HX-Refresh"] == "true"
        assert "HX-Refresh" not in clerk.get(address).headers

    def test_keeps_nobody_signed_in(self, clerk: Client) -> None:
        waiting("FV/1")
        address = f"/biuro/wysylka/{a_run()}/"
        clerk.get(address)
        seen = clerk.session[SEEN]
        with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
            clerk.get(address, headers={"HX-Request": "true", "HX-Trigger": BY_ITSELF})
            assert clerk.session[SEEN] == seen
            clerk.get(address)
            assert clerk.session[SEEN] > seen


class TestFailures:
    def test_tell_the_end_of_the_account_and_the_servers_words_and_looking_is_on_record(self, clerk: Client) -> None:
        invoice = waiting("FV/1")
        a_run(), refused(invoice)
        page = clerk.get(FAILED)
        for said in ("…001", "anna@example.com", WORDS, "Wyślemy raz jeszcze"):
            assert said in page.text
        assert "100001" not in page.text
        assert AuditRow.objects.get(action="invoice.failures_listed").details == {"rows": 1}

    def test_are_sent_again_once(self, clerk: Client) -> None:
        invoice = waiting("FV/1")
        a_run(), refused(invoice)
        assert "jeszcze raz" in clerk.post(f"{FAILED}{invoice}/ponownie/", follow=True).text
        assert "Nic nie zmieniliśmy" in clerk.post(f"{FAILED}{invoice}/ponownie/", follow=True).text
        assert clerk.get(FAILED).context["failed"] == []

    def test_go_on_paper_once(self, clerk: Client) -> None:
        invoice = waiting("FV/1")
        a_run(), refused(invoice)
        assert "czeka na wydruk" in clerk.post(f"{FAILED}{invoice}/papier/", follow=True).text
        assert "idzie już na papierze" in clerk.post(f"{FAILED}{invoice}/papier/", follow=True).text
        assert PaperFallback.objects.get().transmission_id == invoice
        assert AuditRow.objects.filter(action="einvoicing.on_paper", account_id__isnull=False).count() == 1

    def test_go_on_paper_from_the_billing_system_where_that_prints(self, clerk: Client, settings: Settings) -> None:
        settings.EBOK_PRINT = "billing"
        invoice = waiting("FV/1")
        a_run(), refused(invoice)
        assert f"/{invoice}/papier/" in clerk.get(FAILED).text
        assert "Fakturę wydrukuje system rozliczeń" in clerk.post(f"{FAILED}{invoice}/papier/", follow=True).text
        assert (PaperFallback.objects.count(), len(clerk.get(FAILED).context["failed"])) == (1, 0)

    def test_are_settled_once(self, clerk: Client) -> None:
        invoice = waiting("FV/1")
        a_run()
        address = f"{FAILED}{refused(invoice)}/zalatwione/"
        assert "Załatwione" in clerk.post(address, follow=True).text
        assert "Ktoś już się tym zajął" in clerk.post(address, follow=True).text
        assert FailureSettled.objects.get().how == "office"

    def test_of_a_mail_under_way_there_are_none(self, clerk: Client) -> None:
        invoice = waiting("FV/1")
        a_run()
        assert "już w drodze" in clerk.post(f"{FAILED}{invoice}/papier/", follow=True).text

    @pytest.mark.parametrize("deed", ["ponownie", "papier", "zalatwione"])
    def test_that_are_not_there_are_not_found(self, clerk: Client, deed: str) -> None:
        assert clerk.post(f"{FAILED}7/{deed}/").status_code == 404
        assert clerk.get(f"{FAILED}7/{deed}/").status_code == 405


class TestSuspectInvoices:
    def test_are_listed_with_what_was_typed_and_settled_once(self, clerk: Client) -> None:
        report = a_report()
        a_report()
        page = clerk.get("/biuro/podejrzane/")
        assert nrb_groups(FOREIGN_NRB).replace("\u00a0", " ") in page.text
        assert page.context["reports"][0]["times"] == "2\u00a0razy"
        assert "2\u00a0zgłoszenia" in clerk.post(f"/biuro/podejrzane/{report}/zalatwione/", follow=True).text
        assert "Ktoś już załatwił" in clerk.post(f"/biuro/podejrzane/{report}/zalatwione/", follow=True).text
        assert SuspectReport.objects.filter(settled__isnull=True).count() == 0

    def test_are_shown_as_text_whatever_was_typed(self, clerk: Client) -> None:
        a_report(typed="<script>alert(1)</script>")
        assert "<script>alert" not in clerk.get("/biuro/podejrzane/").text

    def test_that_are_not_there_are_not_found(self, clerk: Client) -> None:
        assert clerk.post("/biuro/podejrzane/7/zalatwione/").status_code == 404
