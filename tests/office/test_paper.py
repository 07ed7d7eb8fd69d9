"""A paper form entered with its scan: what is asked for, what is refused, and how the scan comes out again."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from ebok.audit.models import AuditRow
from ebok.customers.models import CustomerAccount
from ebok.documents.operations import SCAN_MAX_BYTES
from ebok.enrolment.models import Application
from ebok.jobs.demo.pdf import one_page
from ebok.web.uploads import KEPT_BYTES, BoundedUploads
from tests.billing import an_account
from tests.enrolment import NIP, PESEL, the_terms
from tests.office.staff import a_clerk
from tests.rooms.test_scans import picture

pytestmark = pytest.mark.django_db
NEW = "/biuro/wnioski/nowy/"
PDF = one_page(["Formularz udostępnienia serwisu"])


@pytest.fixture
def clerk(settings: Settings, tmp_path: Path) -> Client:
    settings.EBOK_DOCUMENTS = tmp_path
    an_account()
    the_terms()
    return a_clerk()


def typed(*, content: bytes = PDF, file_name: str = "skan.pdf", **more: object) -> dict[str, object]:
    form = {
        "client_id": str(uuid4()), "kind": "person", "name": "Anna Nowak", "pesel_number": PESEL, "house": "1",
        "postal_code": "05400", "city": "Otwock", "phone": "600 100 200", "account_numbers": "100001",
        "role": "owner", "terms": the_terms().id, "scan": SimpleUploadedFile(file_name, content),
    }  # fmt: skip
    return {key: value for key, value in (form | more).items() if value is not None}


def faults(answer: object) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return answer.context["form"].errors


def test_a_form_is_entered_with_its_scan_and_waits(clerk: Client) -> None:
    answer = clerk.post(NEW, typed(), follow=True)
    row = Application.objects.get()
    assert (row.channel, row.state, row.name) == ("paper", "received", "Anna Nowak")
    assert re.search(r"Kod dla wnioskodawcy</dt><dd>([0-9A-Z]{5}-){3}[0-9A-Z]{5}<", answer.text)
    assert "Pobierz skan" in clerk.get(f"/biuro/wnioski/{row.pk}/").text


def test_the_code_is_on_its_own_page_and_waits_in_no_cookie_and_no_session(clerk: Client) -> None:
    answer = clerk.post(NEW, typed())
    found = re.search(r"Kod dla wnioskodawcy</dt><dd>([0-9A-Z-]+)<", answer.text)
    assert found
    assert "no-store" in answer.headers["Cache-Control"]
    assert "messages" not in answer.cookies
    assert found[1].replace("-", "") not in repr(dict(clerk.session.items())).replace("-", "")
    for address in ("/biuro/", f"/biuro/wnioski/{Application.objects.get().pk}/"):
        assert found[1] not in clerk.get(address).text


def test_the_scan_comes_out_as_a_file_that_no_browser_runs(clerk: Client) -> None:
    clerk.post(NEW, typed(file_name="../../etc/<b>.pdf"))
    answer = clerk.get(f"/biuro/wnioski/{Application.objects.get().pk}/skan/")
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="wniosek-EB-')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_download_of_the_scan_is_on_record_for_the_form_and_for_its_account(clerk: Client) -> None:
    clerk.post(NEW, typed())
    for _ in range(2):
        clerk.get(f"/biuro/wnioski/{Application.objects.get().pk}/skan/")
    rows = AuditRow.objects.filter(action="application.scan").order_by("id")
    assert [one.account_id for one in rows] == [None, CustomerAccount.objects.get().pk] * 2


def test_nothing_of_the_scan_lies_open_on_the_disk(clerk: Client, tmp_path: Path) -> None:
    clerk.post(NEW, typed())
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert stored
    assert all(b"%PDF" not in content for content in stored)


def test_whoever_entered_it_is_told_that_another_decides(clerk: Client) -> None:
    clerk.post(NEW, typed())
    row = Application.objects.get()
    page = clerk.get(f"/biuro/wnioski/{row.pk}/").text
    assert "O przyjęciu decyduje druga osoba" in page
    assert "przyjecie/" not in page
    for answer in (
        clerk.get(f"/biuro/wnioski/{row.pk}/przyjecie/", follow=True),
        clerk.post(f"/biuro/wnioski/{row.pk}/przyjecie/", {"seen": 1, "accounts": [1]}, follow=True),
    ):
        assert "Ten formularz jest wpisany przez Ciebie." in answer.text
    row.refresh_from_db()
    assert (row.state, row.accepted_by_id) == ("received", None)
    assert "przyjecie/" in a_clerk("celina").get(f"/biuro/wnioski/{row.pk}/").text


def test_a_form_sent_twice_is_entered_once(clerk: Client) -> None:
    client_id = str(uuid4())
    for _ in range(2):
        assert "czeka na decyzję" in clerk.post(NEW, typed(client_id=client_id)).text.lower()
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "skan.pdf"),
        (b"<html><script>alert(1)</script></html>", "skan.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "skan.svg"),
        (b"MZ\x90\x00", "skan.pdf"),
        (PDF[:60], "skan.pdf"),
        (picture()[:50], "skan.jpg"),
        (PDF + b"x" * SCAN_MAX_BYTES, "skan.pdf"),
    ],
    ids=["empty", "page", "svg", "program", "half a pdf", "half a picture", "too large"],
)
def test_what_is_no_scan_is_refused_in_words_and_nothing_typed_is_lost(
    clerk: Client, content: bytes, name: str
) -> None:
    answer = clerk.post(NEW, typed(content=content, file_name=name))
    assert set(faults(answer)) == {"scan"}
    assert 'value="Anna Nowak"' in answer.text
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"kind": "duch"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "\0"}, "name"),
        ({"name": "x" * 5_000}, "name"),
        ({"name": "Anna N\u043ewak"}, "name"),
        ({"pesel_number": "44051401358"}, "pesel_number"),
        ({"kind": "organization", "pesel_number": ""}, "nip"),
        ({"kind": "organization", "nip": NIP}, "representative"),
        ({"phone": ""}, "email"),
        ({"email": "anna"}, "email"),
        ({"postal_code": "5400"}, "postal_code"),
        ({"account_numbers": "\n".join(str(n) for n in range(25))}, "account_numbers"),
        ({"role": "król"}, "role"),
        ({"role": "payer"}, "ground"),
        ({"terms": "999999"}, "terms"),
        ({"terms": "x"}, "terms"),
        ({"scan": None}, "scan"),
        ({"scan": "tekst"}, "scan"),
    ],
)
def test_each_fault_is_said_at_its_field(clerk: Client, more: dict[str, object], field: str) -> None:
    assert field in faults(clerk.post(NEW, typed(**more)))
    assert not Application.objects.exists()


def test_an_organization_has_its_own_fields(clerk: Client) -> None:
    form = typed(kind="organization", pesel_number="", nip=NIP, representative="Jan Kowalski", basis="register")
    assert "Kod dla wnioskodawcy" in clerk.post(NEW, form).text
    assert Application.objects.get().nip == NIP


def test_of_files_too_large_only_so_much_is_kept() -> None:
    uploads = BoundedUploads()
    for _ in range(3):
        uploads.new_file("scan", "skan.pdf", "application/pdf", None)
        for start in range(0, KEPT_BYTES, 1024 * 1024):
            uploads.receive_data_chunk(b"x" * 1024 * 1024, start)
        file = uploads.file_complete(KEPT_BYTES)
    assert uploads.kept == KEPT_BYTES
    assert (file.size, file.read()) == (KEPT_BYTES, b"")
