"""Consents on paper: entered with their scan after a look at what is on file, all of a form or nothing."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from ebok.access.domain import StaffRole
from ebok.audit.models import AuditRow
from ebok.foundation import clock
from ebok.jobs.demo.pdf import one_page
from ebok.notifications.models import OutgoingMessage
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry, TermsKind
from ebok.terms.queries import broken_consents, consent_history
from tests.billing import an_account
from tests.e_invoices import EMAIL, WHOLE, a_wording, account_id, on_paper, the_wordings
from tests.office.staff import a_clerk
from tests.portal.customers import in_days
from tests.rooms.test_scans import picture

pytestmark = pytest.mark.django_db
FORM = "/biuro/zgody/"
PDF = one_page(["Formularz zgody na faktury w formie elektronicznej"])


@pytest.fixture
def clerk(settings: Settings, tmp_path: Path) -> Client:
    settings.EBOK_DOCUMENTS = tmp_path
    an_account()
    the_wordings()
    return a_clerk()


def typed(**more: object) -> dict[str, object]:
    form = {
        "account_number": "100001", "signed_by": "Anna Nowak", "signed_on": clock.today().isoformat(), "deed": "given",
        "decisions": ["e_invoice"], "email": EMAIL, "wording_e_invoice": a_wording().id,
    }  # fmt: skip
    return {name: value for name, value in (form | more).items() if value is not None}


def checked(content: bytes = PDF, **more: object) -> dict[str, object]:
    return typed(**more) | {"sprawdzone": "1", "scan": SimpleUploadedFile("skan.pdf", content)}


def history() -> list[ConsentEntry]:
    return consent_history(scope=WHOLE, account_id=account_id())


def test_a_form_is_checked_against_the_account_and_recorded_with_its_scan(clerk: Client) -> None:
    shown = clerk.post(FORM, typed()).text
    assert "Na koncie jest" in shown
    assert history() == []
    answer = clerk.post(FORM, checked(), follow=True)
    [entry] = history()
    assert (entry.channel, entry.basis, entry.person) == (
        ConsentChannel.PAPER, ConsentBasis.SIGNED_FORM, "Anna Nowak",
    )  # fmt: skip
    assert answer.redirect_chain == [(f"{FORM}{entry.id}/", 302)]
    assert "Zapisane przy koncie 100001: e-faktury." in answer.text
    assert set(OutgoingMessage.objects.values_list("kind", "recipient")) == {("e_invoice_accepted", EMAIL)}
    assert broken_consents() == []


def test_several_decisions_of_one_form_share_its_scan(clerk: Client) -> None:
    more = {
        "decisions": ["e_invoice", "notices_email", "notices_sms"], "phone": "600 123 456",
        "wording_notices_email": a_wording(TermsKind.NOTICES_EMAIL).id,
        "wording_notices_sms": a_wording(TermsKind.NOTICES_SMS).id,
    }  # fmt: skip
    clerk.post(FORM, checked(**more))
    assert [(one.decision, one.address) for one in history()] == [
        (ConsentDecision.E_INVOICE, EMAIL),
        (ConsentDecision.NOTICES_EMAIL, EMAIL),
        (ConsentDecision.NOTICES_SMS, "+48600123456"),
    ]
    assert len({one.evidence_sha256 for one in history()}) == 1


def test_the_day_of_signature_may_be_past_and_it_counts_from_today(clerk: Client) -> None:
    day = in_days(0)
    clerk.post(FORM, checked(signed_on=day.strftime("%d.%m.%Y")))
    assert [(one.given_on, one.effective_from) for one in history()] == [(day, clock.today())]
    page = clerk.post(FORM, typed(signed_on=in_days(1).isoformat())).text
    assert "Ten dzień dopiero będzie." in page


def test_a_version_that_was_not_printed_yet_on_that_day_is_told(clerk: Client) -> None:
    answer = clerk.post(FORM, typed(signed_on=in_days(-3).isoformat()))
    assert set(answer.context["form"].errors) == {"wording_e_invoice"}


def test_a_second_entry_is_told_at_its_field_and_nothing_of_the_form_is_recorded(clerk: Client, tmp_path: Path) -> None:
    on_paper()
    kept = sorted(tmp_path.rglob("*"))
    more = {"decisions": ["notices_email", "e_invoice"], "wording_notices_email": a_wording(TermsKind.NOTICES_EMAIL).id}
    answer = clerk.post(FORM, checked(**more))
    assert "Ta zgoda już obowiązuje: e-faktury." in answer.text
    assert set(answer.context["form"].errors) == {"decisions"}
    assert 'value="Anna Nowak"' in answer.text
    assert len(history()) == 1
    assert sorted(tmp_path.rglob("*")) == kept


def test_an_address_is_changed_and_a_consent_withdrawn_on_paper_with_the_scan(clerk: Client) -> None:
    on_paper()
    clerk.post(FORM, checked(deed="changed", email="nowa@example.com", wording_e_invoice=None))
    clerk.post(FORM, checked(deed="withdrawn", email=None, wording_e_invoice=None))
    assert [(one.deed, one.address) for one in history()] == [
        (ConsentDeed.GIVEN, EMAIL), (ConsentDeed.CHANGED, "nowa@example.com"), (ConsentDeed.WITHDRAWN, ""),
    ]  # fmt: skip
    assert all(one.evidence_sha256 for one in history()[1:])
    told = set(OutgoingMessage.objects.values_list("kind", "recipient"))
    assert told == {
        ("e_invoice_changed", EMAIL), ("e_invoice_changed", "nowa@example.com"),
        ("e_invoice_withdrawn", "nowa@example.com"),
    }  # fmt: skip
    assert "Tej zgody teraz nie ma: e-faktury." in clerk.post(FORM, checked(deed="withdrawn", email=None)).text


def test_what_is_typed_can_be_mended_after_the_check(clerk: Client) -> None:
    page = clerk.post(FORM, typed() | {"popraw": "1"}).text
    assert 'value="Anna Nowak"' in page
    assert "Dalej" in page
    assert history() == []


def test_somebody_else_than_the_holder_is_pointed_out(clerk: Client) -> None:
    assert "Podpisała inna osoba" in clerk.post(FORM, typed(signed_by="Jan Inny")).text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"account_number": ""}, "account_number"),
        ({"account_number": "999999"}, "account_number"),
        ({"account_number": "1" * 5_000}, "account_number"),
        ({"account_number": "1000\x0001"}, "account_number"),
        ({"signed_by": ""}, "signed_by"),
        ({"signed_by": "Anna N\u043ewak"}, "signed_by"),
        ({"signed_by": "44051401359"}, "signed_by"),
        ({"signed_on": ""}, "signed_on"),
        ({"signed_on": "wczoraj"}, "signed_on"),
        ({"deed": None}, "deed"),
        ({"deed": "król"}, "deed"),
        ({"decisions": None}, "decisions"),
        ({"decisions": ["wszystko"]}, "decisions"),
        ({"email": ""}, "email"),
        ({"email": "anna"}, "email"),
        ({"email": "a\x00@example.com"}, "email"),
        ({"decisions": ["notices_sms"], "wording_notices_sms": "x"}, "phone"),
        ({"decisions": ["notices_sms"], "phone": "22 612 34 56"}, "phone"),
        ({"wording_e_invoice": ""}, "wording_e_invoice"),
        ({"wording_e_invoice": "999999"}, "wording_e_invoice"),
        ({"wording_e_invoice": "\x00"}, "wording_e_invoice"),
    ],
)
def test_each_fault_is_said_at_its_field(clerk: Client, more: dict[str, object], field: str) -> None:
    answer = clerk.post(FORM, checked(**more))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert history() == []


@pytest.mark.parametrize("content", [b"", b"<html>", PDF[:60], picture()[:50]], ids=["empty", "page", "half", "torn"])
def test_what_is_no_scan_is_told_and_nothing_is_recorded(clerk: Client, content: bytes) -> None:
    answer = clerk.post(FORM, checked(content))
    assert set(answer.context["form"].errors) == {"scan"}
    assert 'value="Anna Nowak"' in answer.text
    assert history() == []


def test_without_a_scan_nothing_is_recorded(clerk: Client) -> None:
    answer = clerk.post(FORM, typed() | {"sprawdzone": "1"})
    assert set(answer.context["form"].errors) == {"scan"}
    assert history() == []


def test_the_scan_is_encrypted_comes_out_as_a_file_and_is_on_record_each_time(clerk: Client, tmp_path: Path) -> None:
    clerk.post(FORM, checked())
    [entry] = history()
    assert all(b"%PDF" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for _ in range(2):
        answer = clerk.get(f"{FORM}{entry.id}/skan/")
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"] == f'attachment; filename="zgoda-{entry.id}.pdf"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    rows = AuditRow.objects.filter(action="consent.scan")
    assert [one.account_id for one in rows] == [account_id()] * 2


def test_looking_at_an_entry_is_on_record_once_a_session(clerk: Client) -> None:
    entry = on_paper()
    for _ in range(2):
        assert "Anna Nowak" in clerk.get(f"{FORM}{entry.id}/").text
    assert AuditRow.objects.filter(action="consent.view", account_id=account_id()).count() == 1


@pytest.mark.parametrize("path", ["0/", "99999999/", f"{10**30}/", "0/skan/", "99999999/skan/"])
def test_what_is_not_there_is_not_found(clerk: Client, path: str) -> None:
    assert clerk.get(FORM + path).status_code == 404


def test_an_entry_without_a_scan_has_no_file(clerk: Client) -> None:
    assert clerk.get(f"{FORM}{on_paper().id}/skan/").status_code == 404


@pytest.mark.parametrize("role", [StaffRole.READINGS, StaffRole.BILLING, StaffRole.DISPATCH, StaffRole.DATA_PROTECTION])
def test_other_roles_neither_enter_nor_open_them(clerk: Client, role: StaffRole) -> None:
    entry, other = on_paper(), a_clerk("other", role)
    assert other.get(FORM).status_code == 403
    assert other.post(FORM, checked()).status_code == 403
    assert other.get(f"{FORM}{entry.id}/").status_code == 404
    assert other.get(f"{FORM}{entry.id}/skan/").status_code == 404
    assert len(history()) == 1
