"""Invoices on paper: a batch from its button to the post, and once more when the paper jams."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from ebok.access.domain import StaffRole
from ebok.audit.models import AuditRow
from ebok.documents.operations import store
from ebok.einvoicing.models import PrintBatch
from ebok.foundation import clock
from tests.billing import an_account
from tests.office.sending import a_batch, waiting
from tests.office.staff import a_clerk

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 partia"


@pytest.fixture
def clerk() -> Client:
    an_account("100001", street="ul. Polna", house="1")
    return a_clerk()


def with_file(batch_id: int) -> int:
    """The job has made the file of the batch."""
    (sha256,) = store(contents=[PDF], media_type="application/pdf", now=clock.now())
    PrintBatch.objects.filter(id=batch_id).update(pdf_sha256=sha256)
    return batch_id


def test_what_waits_is_put_into_a_batch_once(clerk: Client) -> None:
    waiting("FV/1"), waiting("FV/2")
    assert "2\u00a0faktury" in clerk.get("/biuro/druk/").text
    page = clerk.post("/biuro/druk/nowa/", follow=True)
    assert "Plik powstaje" in page.text
    assert [batch["count"] for batch in page.context["to_print"]] == ["2"]
    assert "Nie ma nic do wydruku" in clerk.post("/biuro/druk/nowa/", follow=True).text


def test_a_file_that_is_not_what_was_stored_is_given_to_nobody(clerk: Client, settings: Settings) -> None:
    waiting("FV/1")
    batch = with_file(a_batch())
    sha256 = bytes(PrintBatch.objects.get(id=batch).pdf_sha256 or b"").hex()
    [stored] = Path(settings.EBOK_DOCUMENTS).rglob(sha256)
    stored.write_bytes(PDF + b" i jeszcze jedna strona")
    assert clerk.post(f"/biuro/druk/{batch}/pdf/").status_code == 503
    assert not AuditRow.objects.filter(action="print_batch.pdf").exists()


def test_the_file_is_given_as_one_that_no_browser_runs_and_who_has_it_is_on_record(clerk: Client) -> None:
    waiting("FV/1")
    batch = a_batch()
    address = f"/biuro/druk/{batch}/pdf/"
    assert "jeszcze powstaje" in clerk.post(address, follow=True).text
    with_file(batch)
    answer = clerk.post(address)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="wydruk-faktur-{batch}-')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    row = AuditRow.objects.get(action="print_batch.pdf")
    assert (row.subject, row.details) == (f"print_batch:{batch}", {"rows": 1})


def test_it_is_printed_once_somebody_is_sure_and_once_more_when_asked(clerk: Client) -> None:
    waiting("FV/1")
    batch = with_file(a_batch())
    address = f"/biuro/druk/{batch}/wydrukowana/"
    asked = clerk.post(address).text
    assert ("już na papierze" in asked, "Drukuj ponownie" in asked) == (True, True)
    assert PrintBatch.objects.get().printed_at is None
    assert "Wydrukowano" in clerk.post(address, {"sure": "tak"}, follow=True).text
    assert "Ktoś już oznaczył" in clerk.post(address, {"sure": "tak"}, follow=True).text
    page = clerk.get("/biuro/druk/")
    assert (page.context["to_print"], page.context["printed"][0]["printed_by"]) == ([], "Barbara Urzędnik")
    again = f"/biuro/druk/{batch}/ponownie/"
    assert "znów czeka na wydruk" in clerk.post(again, follow=True).text
    assert "już czeka na wydruk" in clerk.post(again, follow=True).text


def test_a_batch_without_its_file_is_not_printed(clerk: Client) -> None:
    waiting("FV/1")
    batch = a_batch()
    page = clerk.post(f"/biuro/druk/{batch}/wydrukowana/", {"sure": "tak"}, follow=True)
    assert "jeszcze powstaje" in page.text
    assert PrintBatch.objects.get().printed_at is None


def test_a_file_that_does_not_come_is_told_to_the_clerk(clerk: Client) -> None:
    waiting("FV/1")
    batch = a_batch()
    assert "Plik powstaje" in clerk.get("/biuro/druk/").text
    PrintBatch.objects.filter(id=batch).update(made_at=clock.now() - timedelta(minutes=31))
    page = clerk.get("/biuro/druk/").text
    assert ("Plik powstaje" in page, "Powiedz o tym administratorowi" in page) == (False, True)


def test_where_the_billing_system_prints_it_is_said(clerk: Client, settings: Settings) -> None:
    settings.EBOK_PRINT = "billing"
    waiting("FV/1")
    assert "Faktury drukuje system rozliczeń" in clerk.get("/biuro/druk/").text
    assert "drukuje system rozliczeń" in clerk.post("/biuro/druk/nowa/", follow=True).text
    assert not PrintBatch.objects.exists()


def test_what_waited_before_the_billing_system_took_over_is_still_printed_here(
    clerk: Client, settings: Settings
) -> None:
    waiting("FV/1")
    settings.EBOK_PRINT = "billing"
    assert "nikt inny tego nie zrobi" in clerk.get("/biuro/druk/").text
    assert "Partia przygotowana" in clerk.post("/biuro/druk/nowa/", follow=True).text


@pytest.mark.parametrize("deed", ["pdf", "wydrukowana", "ponownie"])
def test_a_batch_that_is_not_there_is_not_found(clerk: Client, deed: str) -> None:
    assert clerk.post(f"/biuro/druk/7/{deed}/").status_code == 404
    assert clerk.get(f"/biuro/druk/7/{deed}/").status_code == 405


@pytest.mark.parametrize("deed", ["pdf", "wydrukowana", "ponownie"])
def test_another_role_neither_fetches_nor_marks_a_batch(clerk: Client, deed: str) -> None:
    waiting("FV/1")
    batch = with_file(a_batch())
    other = a_clerk("ola", StaffRole.READINGS)
    assert other.post(f"/biuro/druk/{batch}/{deed}/", {"sure": "tak"}).status_code == 404
    assert other.post("/biuro/druk/nowa/").status_code == 403
    assert PrintBatch.objects.get().printed_at is None
