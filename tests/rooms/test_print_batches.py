"""Invoices on paper are printed in batches, in postal order, each in one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from ebok.documents import queries as documents
from ebok.einvoicing.domain import DeliveryState, MakePrints
from ebok.einvoicing.domain.printing import PrintCover, PrintItem
from ebok.einvoicing.models import InvoiceTransmission, PrintBatch, PrintedInvoice
from ebok.einvoicing.operations import printing
from ebok.einvoicing.operations.documents import make_documents
from ebok.einvoicing.operations.printing import (
    PrintRefusal,
    UnableToPrint,
    make_file,
    make_print_batch,
    mark_printed,
    reprint,
)
from ebok.einvoicing.ports import InvoicePrinter
from ebok.einvoicing.queries.documents import sealed_documents
from ebok.einvoicing.queries.printing import invoices_of_batch, paper_waiting, print_batch, print_batches
from ebok.einvoicing.queries.proofs import broken_promises
from ebok.einvoicing.queries.transmissions import transmission
from ebok.foundation import ports
from ebok.interchange.operations.invoices import import_invoices
from ebok.jobs.tasks import make_prints, make_prints_left
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files
from tests.concurrency import beside
from tests.einvoicing import ISSUED, carriers, invoice, only, take

pytestmark = pytest.mark.django_db


class Printer:
    """Lists what it is given."""

    def batch(self, *, cover: PrintCover, documents: Sequence[PrintItem]) -> bytes:
        """The number of the batch and the numbers of the invoices, with where their codes lead."""
        return "\n".join([f"{cover.batch}", *(f"{one.number} {one.document.check_url}" for one in documents)]).encode()


@pytest.fixture(autouse=True)
def _carriers(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY
    before = dict(ports._factories)
    ports.provide(InvoicePrinter, Printer)
    with carriers():
        yield
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.pop(InvoicePrinter, None)


def on_paper(count: int) -> list[int]:
    for place in range(count):
        an_account(str(100_001 + place))
    return take(*(fa3(f"FV/{place}", account=str(100_001 + place), issued=ISSUED) for place in range(count)))


def state(account: int, invoice_id: int) -> DeliveryState:
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    return told.state


def refused(reason: PrintRefusal, call: object, **asked: int) -> None:
    with pytest.raises(UnableToPrint) as told:
        call(**asked, acting=ACTING, now=NOW)  # type: ignore[operator]
    assert told.value.reason is reason


def test_what_waits_becomes_one_file_and_is_marked_by_whoever_printed_it() -> None:
    account = an_account()
    invoice_id = invoice()
    assert paper_waiting().count == 1
    batch_id = make_print_batch(acting=ACTING, now=NOW)
    assert ProcrastinateJob.objects.filter(task_name="einvoicing.make_prints").count() == 1
    assert state(account, invoice_id) is DeliveryState.PRINTING
    refused(PrintRefusal.NO_FILE_YET, mark_printed, batch_id=batch_id)
    make_prints(MakePrints())
    made = print_batch(batch_id=batch_id)
    assert made is not None
    assert made.pdf_sha256 is not None
    token = InvoiceTransmission.objects.get().token
    printed = documents.read(sha256=made.pdf_sha256).decode()
    assert printed == f"{batch_id}\nFV/1 http://localhost:8000/f/{token}/"
    refused(PrintRefusal.NOT_PRINTED, reprint, batch_id=batch_id)
    mark_printed(batch_id=batch_id, acting=ACTING, now=NOW)
    refused(PrintRefusal.ALREADY_PRINTED, mark_printed, batch_id=batch_id)
    assert state(account, invoice_id) is DeliveryState.PRINTED
    reprint(batch_id=batch_id, acting=ACTING, now=NOW)
    assert state(account, invoice_id) is DeliveryState.PRINTING
    refused(PrintRefusal.NO_SUCH_BATCH, mark_printed, batch_id=batch_id + 1)
    assert broken_promises() == []


def test_a_batch_is_bounded_and_takes_the_longest_waiting_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PRINTED_AT_ONCE", 2)
    ids = on_paper(3)
    first, second = make_print_batch(acting=ACTING, now=NOW), make_print_batch(acting=ACTING, now=NOW)
    assert sorted(invoices_of_batch(batch_id=first)) == ids[:2]
    assert invoices_of_batch(batch_id=second) == ids[2:]
    assert [(one.batch_id, one.invoices) for one in print_batches()] == [(second, 1), (first, 2)]
    refused(PrintRefusal.NOTHING_TO_PRINT, make_print_batch)


def test_the_order_is_that_of_the_post() -> None:
    for place, code in enumerate(("05-402", "05-400", "05-401")):
        correspondence = {"correspondence_street": "Polna", "correspondence_house": "1"}
        there = {"correspondence_postal_code": code, "correspondence_city": "Otwock"}
        an_account(str(100_001 + place), **correspondence, **there)
    ids = take(*(fa3(f"FV/{place}", account=str(100_001 + place), issued=ISSUED) for place in range(3)))
    batch_id = make_print_batch(acting=ACTING, now=NOW)
    assert invoices_of_batch(batch_id=batch_id) == [ids[1], ids[2], ids[0]]


def test_where_the_billing_system_prints_nothing_is_printed_here(settings: Settings) -> None:
    settings.EBOK_PRINT = "billing"
    on_paper(1)
    assert paper_waiting().count == 0
    refused(PrintRefusal.PRINTED_BY_BILLING, make_print_batch)


def test_what_was_to_be_printed_here_still_is_when_the_billing_system_takes_printing_over(settings: Settings) -> None:
    ids = on_paper(1)
    settings.EBOK_PRINT = "billing"
    assert paper_waiting().count == 1
    batch_id = make_print_batch(acting=ACTING, now=NOW)
    assert invoices_of_batch(batch_id=batch_id) == list(ids)
    refused(PrintRefusal.PRINTED_BY_BILLING, make_print_batch)


def test_a_file_whose_job_died_is_made_by_the_next_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    on_paper(1)
    batch_id = make_print_batch(acting=ACTING, now=NOW)
    make_prints_left(0)
    once = PrintBatch.objects.get().pdf_sha256
    PrintBatch.objects.update(pdf_sha256=None)
    make_file(batch_id=batch_id, now=NOW)
    assert PrintBatch.objects.get().pdf_sha256 == once


@pytest.mark.django_db(transaction=True)
def test_of_two_batches_made_at_once_no_invoice_is_in_both() -> None:
    ids = on_paper(3)

    def make() -> int | PrintRefusal:
        try:
            return make_print_batch(acting=ACTING, now=NOW)
        except UnableToPrint as unable:
            return unable.reason

    with beside() as run:
        results = [one.result() for one in [run(make), run(make)]]
    assert sum(one is PrintRefusal.NOTHING_TO_PRINT for one in results) == 1
    assert sorted(PrintedInvoice.objects.values_list("transmission_id", flat=True)) == ids


@pytest.mark.django_db(transaction=True)
def test_the_ledger_check_proves_these_promises_too(capsys: pytest.CaptureFixture[str]) -> None:
    on_paper(1)
    with pytest.raises(SystemExit) as end:
        call_command("check_ledger")
    assert end.value.code == 0
    assert "E1 ok" in capsys.readouterr().out


class Keeper:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.given: list[PrintItem] = []

    def batch(self, *, cover: PrintCover, documents: Sequence[PrintItem]) -> bytes:
        """The number of the batch."""
        self.given += documents
        return str(cover.batch).encode()


def supplied_after(pdf: bytes) -> None:
    named = [("1.pdf", pdf), ("1.xml", fa3("FV/0", account="100001", issued=ISSUED))]
    assert import_invoices(files=iter(files(named)), acting=ACTING, now=NOW).refused == []


@pytest.mark.parametrize("made_before", [True, False])
def test_what_is_printed_is_the_document_also_when_the_billing_systems_own_came_after_it(*, made_before: bool) -> None:
    [invoice_id] = on_paper(1)
    made = make_documents(invoice_ids=[invoice_id], now=NOW) if made_before else {}
    supplied_after(b"%PDF-1.7\n%%EOF\n")
    keeper = Keeper()
    ports.provide(InvoicePrinter, lambda: keeper)
    make_file(batch_id=make_print_batch(acting=ACTING, now=NOW), now=NOW)
    [item] = keeper.given
    assert bool(item.supplied_pdf) is not made_before
    assert made_before is (sealed_documents(invoice_ids=[invoice_id]) == made)
