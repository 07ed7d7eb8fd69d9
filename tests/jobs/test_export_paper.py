"""The billing system is told once of each invoice it has to print: decided on paper, or fallen back to it."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.models import InvoiceTransmission, PaperFallback, PrintBatch, PrintedInvoice, Sending
from ebok.einvoicing.operations.failures import send_on_paper
from ebok.einvoicing.queries.paper import paper_decided_after, paper_fallen_back_after
from ebok.einvoicing.queries.printing import to_print
from ebok.jobs.tasks import decide_what_is_undecided
from tests.billing import ACTING, NOW, TODAY, an_account, fa3
from tests.concurrency import beside, until_it_waits
from tests.einvoicing import ISSUED, accept, carriers, invoice, only, take, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _billing_prints(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY
    settings.EBOK_PRINT = "billing"
    with carriers():
        yield


@pytest.fixture
def exported(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(cursor: str = "") -> Any:
        capsys.readouterr()
        call_command("export_paper", f"--cursor={cursor}")
        return json.loads(capsys.readouterr().out)

    return run


def numbers(told: Any) -> list[str]:
    return [one["invoice_number"] for one in told["invoices"]]


def fall_back(*invoice_ids: int) -> None:
    """Let invoices that wait to be mailed go on paper, in this order."""
    for invoice_id in invoice_ids:
        Sending.objects.filter(pk=invoice_id).update(state="stuck", stuck_at=NOW, words="źle")
        send_on_paper(invoice_id=invoice_id, acting=ACTING, now=NOW)


def test_what_goes_on_paper_is_told_once_decided_first_then_fallen_back(exported: Any) -> None:
    accept(an_account())
    an_account("100002")
    first, second = invoice("FV/1"), invoice("FV/2")
    invoice("FV/3", account="100002"), invoice("FV/4", account="100002")
    fall_back(second, first)
    told = exported()
    assert [(one["invoice_number"], one["account_number"], one["reason"]) for one in told["invoices"]] == [
        ("FV/3", "100002", "not_accepted"), ("FV/4", "100002", "not_accepted"),
        ("FV/2", "100001", "email_failed"), ("FV/1", "100001", "email_failed"),
    ]  # fmt: skip
    row = told["invoices"][0]
    assert (row["kind"], row["issue_date"], row["since"]) == ("VAT", ISSUED.isoformat(), NOW.isoformat())
    assert exported(told["cursor"]) == {"invoices": [], "cursor": told["cursor"]}
    invoice("FV/5", account="100002")
    later = exported(told["cursor"])
    assert numbers(later) == ["FV/5"]
    assert numbers(exported(later["cursor"])) == []
    traces = AuditRow.objects.filter(action="einvoicing.paper_exported").order_by("id")
    assert [row.details["count"] for row in traces] == [4, 1]


def test_nothing_is_told_of_what_is_mailed_or_goes_by_ksef_or_was_delivered_before(exported: Any) -> None:
    accept(an_account())
    an_account("100002")
    take(fa3("FV/1", issued=ISSUED), fa3("FV/2", issued=ISSUED, nip="1111111111"))
    invoice("FV/3", account="100002", issued=TODAY - timedelta(days=1))
    invoice("FV/4", account="100002", issued=TODAY)
    assert numbers(exported()) == ["FV/4"]


def test_the_reason_is_that_of_the_decision(exported: Any) -> None:
    account = an_account()
    accept(account)
    withdraw(account)
    invoice("FV/1")
    assert [one["reason"] for one in exported()["invoices"]] == ["withdrawn"]


def test_where_ebok_prints_or_delivers_nothing_there_is_nothing_to_tell(exported: Any, settings: Settings) -> None:
    settings.EBOK_PRINT = "ebok"
    accept(an_account())
    an_account("100002")
    fall_back(invoice("FV/1"))
    invoice("FV/2", account="100002")
    assert exported() == {"invoices": [], "cursor": "0.0"}
    settings.EBOK_PRINT, settings.EBOK_DELIVER_SINCE = "billing", None
    invoice("FV/3", account="100002")
    assert exported()["invoices"] == []


def test_what_was_printed_here_before_is_not_printed_again(exported: Any, settings: Settings) -> None:
    accept(an_account())
    first, second = invoice("FV/1"), invoice("FV/2")
    fall_back(first, second)
    batch = PrintBatch.objects.create(made_at=NOW, made_by="test")
    PrintedInvoice.objects.create(transmission_id=first, batch=batch, position=1)
    assert numbers(exported()) == ["FV/2"]


def test_each_is_printed_by_one_however_often_printing_changes_hands(exported: Any, settings: Settings) -> None:
    accept(an_account())
    an_account("100002")
    told, waiting = {}, {}
    for turn, printer in enumerate(("ebok", "billing", "ebok", "billing")):
        settings.EBOK_PRINT = printer
        failed, paper = invoice(f"FV/M{turn}"), invoice(f"FV/P{turn}", account="100002")
        fall_back(failed)
        told[printer] = {*told.get(printer, set()), f"FV/M{turn}", f"FV/P{turn}"}
        waiting[printer] = {*waiting.get(printer, set()), failed, paper}
        assert set(numbers(exported())) == told.get("billing", set())
        assert set(to_print().values_list("invoice_id", flat=True)) == waiting["ebok"]


def test_while_older_invoices_are_undecided_it_waits(exported: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    an_account()
    with monkeypatch.context() as patch:
        patch.setattr("ebok.interchange.operations.invoices.taking.decide_ways", lambda **_: None)
        invoice("FV/1")
    invoice("FV/2")
    with pytest.raises(CommandError, match="Uruchom eksport później"):
        exported()
    decide_what_is_undecided(0)
    assert numbers(exported()) == ["FV/1", "FV/2"]


def test_a_spreadsheet_runs_nothing_of_the_export(capsys: pytest.CaptureFixture[str], exported: Any) -> None:
    an_account()
    invoice("=1+1")
    capsys.readouterr()
    call_command("export_paper", "--format", "csv")
    told = capsys.readouterr()
    [row] = csv.DictReader(io.StringIO(told.out))
    assert (row["invoice_number"], row["reason"]) == ("'=1+1", "not_accepted")
    assert numbers(exported(told.err.strip())) == []


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "-1.2", "1.2.3", "1" * 30 + ".1", "١.٢"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(CommandError, match="Tego kursora eBOK nie wydał"):
        call_command("export_paper", f"--cursor={cursor}")


def test_the_export_is_for_the_whole_scope_alone() -> None:
    account = an_account()
    for told in (paper_decided_after, paper_fallen_back_after):
        assert told(scope=CustomerScope.whole(acting="tests"), position=0, limit=1) == []
        with pytest.raises(PermissionError):
            told(scope=only(account), position=0, limit=1)


@pytest.mark.django_db(transaction=True)
def test_a_fallback_committed_late_is_never_behind_the_cursor(exported: Any) -> None:
    accept(an_account())
    first, second = invoice("FV/1"), invoice("FV/2")
    with beside() as start:
        with transaction.atomic():
            fall_back(first)
            other = start(lambda: fall_back(second))
            until_it_waits(other)
        other.result()
    assert [one.transmission_id for one in PaperFallback.objects.order_by("id")] == [first, second]
    assert numbers(exported()) == ["FV/1", "FV/2"]


@pytest.mark.django_db(transaction=True)
def test_an_export_beside_a_booking_waits_for_it(exported: Any, settings: Settings) -> None:
    an_account()
    with beside() as start:
        with transaction.atomic():
            invoice("FV/1")
            other = start(exported)
            until_it_waits(other)
        assert numbers(other.result()) == ["FV/1"]
    assert InvoiceTransmission.objects.count() == 1
