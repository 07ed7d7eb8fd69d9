"""Importing FA(3): once, to the right account, and posted by the book."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.audit.models import AuditRow
from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.domain.overview import InvoiceStatus
from ebok.billing.models import Invoice, LedgerEntry, SuppliedPdf
from ebok.billing.operations import post_entries
from ebok.billing.queries import balances, broken_promises, invoice_detail, list_invoices
from ebok.customers.domain import CustomerScope
from ebok.documents.domain import place_of
from ebok.documents.models import StoredDocument
from ebok.documents.queries import read
from ebok.foundation.intake import expand
from ebok.interchange.domain import ImportReport
from ebok.interchange.models import ParkedInvoice
from ebok.interchange.operations.invoices import book_parked, import_invoices
from ebok.interchange.operations.statements import import_statements
from ebok.interchange.queries import broken_promises as broken_imports
from ebok.kernel.refusals import RefusalCode
from tests.billing import ACTING, NOW, TODAY, an_account, days, fa3, files
from tests.statements import OWN, Line, mt940

pytestmark = pytest.mark.django_db
EVERYONE = CustomerScope.whole(acting="tests")
NRB = "08102010550000000000012445"


def take(*contents: bytes | tuple[str, bytes]) -> ImportReport:
    named = [c if isinstance(c, tuple) else (f"{n}.xml", c) for n, c in enumerate(contents)]
    return import_invoices(files=files(named), acting=ACTING, now=NOW)


def statuses() -> dict[str, tuple[InvoiceStatus, Decimal]]:
    page = list_invoices(scope=EVERYONE, today=TODAY, limit=100)
    return {row.number: (row.status, row.outstanding) for row in page.rows}


def balance(account: int) -> Decimal:
    return balances(scope=EVERYONE, today=TODAY)[account].balance


def codes(report: ImportReport) -> list[RefusalCode]:
    return [r.refusal.code for r in report.refused]


def test_an_invoice_is_booked_once_with_its_exact_bytes() -> None:
    account, data = an_account(), fa3()
    first, again = take(data), take(data)
    assert (first.new, again.new, again.same) == (1, 0, 1)
    assert balance(account) == Decimal("108.00")
    assert read(sha256=sha256(data).digest()) == data
    assert broken_promises() == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(file.read_bytes().upper())])
def test_the_same_invoice_again_heals_its_file_and_its_pdf(damage: Callable[[Path], object]) -> None:
    an_account()
    pair = ("1.xml", fa3("FV/healed")), ("1.pdf", b"%PDF-1.7 healed")
    take(*pair)
    for _, data in pair:
        damage(django_settings.EBOK_DOCUMENTS / place_of(sha256(data).digest()))
    assert take(*pair).same == 1
    assert [read(sha256=sha256(data).digest()) for _, data in pair] == [data for _, data in pair]


def test_other_bytes_under_the_same_number_are_refused_with_both_hashes() -> None:
    an_account()
    mine, other = fa3(), fa3(note="inna")
    take(mine)
    report = take(other)
    assert codes(report) == [RefusalCode.SAME_NUMBER_OTHER_BYTES]
    reason = report.refused[0].refusal.reason
    assert sha256(mine).hexdigest() in reason
    assert sha256(other).hexdigest() in reason


def test_other_bytes_are_refused_also_within_a_batch_and_against_a_parked_one() -> None:
    assert codes(take(fa3(), fa3(note="inna"))) == [RefusalCode.SAME_NUMBER_OTHER_BYTES]
    assert codes(take(fa3(note="jeszcze inna"))) == [RefusalCode.SAME_NUMBER_OTHER_BYTES]


def test_an_invoice_of_another_seller_is_refused() -> None:
    assert codes(take(fa3(seller="1111111111"))) == [RefusalCode.WRONG_SELLER]


@pytest.mark.parametrize(
    ("account", "printed"),
    [
        ({"number": "100001"}, {"account": "100001"}),
        ({"number": "7", "payment_nrb": NRB}, {"account": "999", "nrb": NRB}),
        ({"number": "7", "nip": "1111111111"}, {"account": None, "nip": "1111111111"}),
    ],
)
def test_the_account_is_found_by_number_then_payment_account_then_nip(account: dict, printed: dict) -> None:
    account_id = an_account(**account)
    take(fa3(**printed))
    assert balance(account_id) == Decimal("108.00")


def test_a_nip_that_two_accounts_have_tells_nothing_so_the_invoice_waits() -> None:
    an_account("1", nip="1111111111")
    an_account("2", nip="1111111111")
    assert take(fa3(account=None, nip="1111111111")).parked == 1


def test_a_parked_invoice_is_booked_when_its_account_appears() -> None:
    first, again = take(("a.pdf", b"%PDF-1.7"), ("a.xml", fa3())), take(fa3())
    assert (first.parked, again.same) == (1, 1)
    account = an_account()
    assert book_parked(acting=ACTING, now=NOW) == 1
    assert balance(account) == Decimal("108.00")
    assert not ParkedInvoice.objects.exists()
    assert take(fa3()).same == 1
    assert invoice_detail(scope=EVERYONE, invoice_id=Invoice.objects.get().pk, today=TODAY).pdf_sha256 is not None


def test_without_a_term_an_invoice_is_due_in_fourteen_days_and_overdue_the_day_after() -> None:
    an_account()
    take(fa3("FV/1", issued=TODAY - days(14)), fa3("FV/2", issued=TODAY - days(15)))
    found = statuses()
    assert (found["FV/1"][0], found["FV/2"][0]) == (InvoiceStatus.DUE, InvoiceStatus.OVERDUE)


def test_a_correction_first_settles_what_it_corrects_also_when_that_comes_later_in_the_batch() -> None:
    an_account()
    take(
        fa3("FK/1", net="-60.00", corrects="FV/2", issued=date(2026, 11, 5)),
        fa3("FV/1", due=date(2026, 11, 10)),
        fa3("FV/2", due=date(2026, 11, 30)),
    )
    assert statuses() == {
        "FK/1": (InvoiceStatus.CREDIT, Decimal("0.00")),
        "FV/1": (InvoiceStatus.OVERDUE, Decimal("108.00")),
        "FV/2": (InvoiceStatus.DUE, Decimal("43.20")),
    }
    assert broken_promises() == []


def test_a_correction_of_an_invoice_that_is_not_here_stays_linked_and_unused() -> None:
    account = an_account()
    take(fa3("FK/1", net="-50.00", corrects="FV/STARA"))
    assert statuses() == {"FK/1": (InvoiceStatus.CREDIT, Decimal("-54.00"))}
    assert balance(account) == Decimal("-54.00")
    detail = invoice_detail(scope=EVERYONE, invoice_id=Invoice.objects.get().pk, today=TODAY)
    assert [(c.number, c.id) for c in detail.corrects] == [("FV/STARA", None)]


def test_corrections_are_linked_both_ways_and_a_zeroed_invoice_is_corrected() -> None:
    an_account()
    take(fa3("FV/1"), fa3("FK/1", net="-100.00", corrects="FV/1", issued=date(2026, 11, 5)))
    ids = dict(Invoice.objects.values_list("number", "id"))
    original = invoice_detail(scope=EVERYONE, invoice_id=ids["FV/1"], today=TODAY)
    correction = invoice_detail(scope=EVERYONE, invoice_id=ids["FK/1"], today=TODAY)
    assert original.row.status is InvoiceStatus.CORRECTED
    assert [c.id for c in original.corrected_by] == [ids["FK/1"]]
    assert [c.id for c in correction.corrects] == [ids["FV/1"]]
    assert correction.row.kind is InvoiceKind.KOR


def test_an_invoice_that_says_it_is_paid_posts_that_payment_on_its_day() -> None:
    account = an_account()
    take(fa3(paid=date(2026, 11, 3)))
    payment = LedgerEntry.objects.get(kind="payment")
    assert (payment.source, payment.amount, payment.booked_on) == ("invoice", Decimal("-108.00"), date(2026, 11, 3))
    assert (balance(account), statuses()["FV/1"][0]) == (Decimal("0.00"), InvoiceStatus.PAID)


@pytest.mark.parametrize(("days_apart", "entries"), [(7, 2), (8, 3)])
def test_a_payment_that_a_statement_booked_within_seven_days_is_not_booked_again(days_apart: int, entries: int) -> None:
    account, paid = an_account(), date(2026, 11, 10)
    on_statement = Posting(
        account_id=account, kind=EntryKind.PAYMENT, source=EntrySource.STATEMENT, external_id="s:1",
        amount=Decimal("-108.00"), booked_on=paid - days(days_apart),
    )  # fmt: skip
    post_entries(postings=[on_statement], acting=ACTING, now=NOW)
    take(fa3(paid=paid))
    assert LedgerEntry.objects.count() == entries


def test_one_statement_credit_stands_for_one_invoice_only() -> None:
    account, paid = an_account(), date(2026, 11, 10)
    on_statement = Posting(
        account_id=account, kind=EntryKind.PAYMENT, source=EntrySource.STATEMENT, external_id="s:1",
        amount=Decimal("-108.00"), booked_on=paid,
    )  # fmt: skip
    post_entries(postings=[on_statement], acting=ACTING, now=NOW)
    take(fa3("FV/1", paid=paid))
    take(fa3("FV/2", paid=paid))
    assert balance(account) == Decimal("0.00")


def test_a_pdf_of_the_same_stem_is_the_document_also_when_it_comes_with_a_later_run() -> None:
    an_account()
    take(("a.xml", fa3()))
    report = take(("a.pdf", b"%PDF-1.7 the one"), ("a.xml", fa3()))
    detail = invoice_detail(scope=EVERYONE, invoice_id=Invoice.objects.get().pk, today=TODAY)
    assert report.same == 1
    assert read(sha256=detail.pdf_sha256) == b"%PDF-1.7 the one"
    take(("a.pdf", b"%PDF-1.7 the one"), ("a.xml", fa3()))
    rows = AuditRow.objects.filter(action="import.invoices").order_by("id")
    assert [row.details["pdfs"] for row in rows] == [0, 1]


def test_one_pdf_is_the_document_of_one_invoice_whoever_comes_with_it_afterwards() -> None:
    an_account()
    pdf = b"%PDF-1.7 of one"
    names = ("a", fa3("FV/1")), ("b", fa3("FV/2")), ("c", fa3("FV/3", account="200002"))
    pairs = [[(f"{name}.pdf", pdf), (f"{name}.xml", xml)] for name, xml in names]
    assert codes(take(*pairs[0], *pairs[1])) == [RefusalCode.BAD_NUMBER]
    later = take(*pairs[2])
    assert (later.parked, codes(later)) == (1, [RefusalCode.BAD_NUMBER])
    assert take(*pairs[0]).refused == []
    assert [(row.invoice.number, bytes(row.sha256)) for row in SuppliedPdf.objects.select_related("invoice")] == [
        ("FV/1", sha256(pdf).digest())
    ]
    assert ParkedInvoice.objects.get().pdf_sha256 is None


def test_the_pdf_of_a_parked_invoice_is_no_others_document() -> None:
    an_account()
    pdf = b"%PDF-1.7 of one"
    assert take(("a.pdf", pdf), ("a.xml", fa3("FV/1", account="200002"))).parked == 1
    assert codes(take(("b.pdf", pdf), ("b.xml", fa3("FV/2")))) == [RefusalCode.BAD_NUMBER]
    assert SuppliedPdf.objects.count() == 0


def test_what_is_no_pdf_is_refused_and_the_invoice_goes_in() -> None:
    an_account()
    report = take(("a.pdf", b"GIF89a"), ("a.xml", fa3()))
    assert (report.new, codes(report)) == (1, [RefusalCode.BAD_ENCODING])


def test_a_refused_file_stops_no_other() -> None:
    an_account()
    report = take(b"<", fa3())
    assert (report.new, codes(report), report.exit_code) == (1, [RefusalCode.NOT_XML], 1)


def test_the_pdf_beside_an_invoice_named_alone_is_its_document(tmp_path: Path) -> None:
    an_account()
    (tmp_path / "a.xml").write_bytes(fa3())
    (tmp_path / "a.PDF").write_bytes(b"%PDF-1.7")
    offered = expand([tmp_path / "a.xml"], suffixes=frozenset({".xml", ".pdf"}))
    import_invoices(files=offered, acting=ACTING, now=NOW)
    detail = invoice_detail(scope=EVERYONE, invoice_id=Invoice.objects.get().pk, today=TODAY)
    assert detail.pdf_sha256 == sha256(b"%PDF-1.7").digest()


def test_the_list_takes_one_query_for_two_invoices_and_for_forty() -> None:
    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(list_invoices(scope=EVERYONE, today=TODAY, limit=limit).rows) == limit
        return len(seen)

    an_account()
    take(*(fa3(f"FV/{n}") for n in range(40)))
    assert queries(2) == queries(40) == 1


def test_pages_of_the_list_join_without_a_gap_and_each_status_finds_its_own() -> None:
    an_account()
    take(*(fa3(f"FV/{n}", issued=date(2026, 11, 1 + n // 2), due=TODAY + days(n - 3)) for n in range(6)))
    seen, cursor = [], ""
    while True:
        page = list_invoices(scope=EVERYONE, today=TODAY, cursor=cursor, limit=4)
        seen += [row.number for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == ["FV/5", "FV/4", "FV/3", "FV/2", "FV/1", "FV/0"]
    found = {s: list_invoices(scope=EVERYONE, today=TODAY, status=s).rows for s in InvoiceStatus}
    assert {s: len(rows) for s, rows in found.items() if rows} == {InvoiceStatus.OVERDUE: 3, InvoiceStatus.DUE: 3}
    assert all(row.status is status for status, rows in found.items() for row in rows)


def test_an_invoice_of_another_account_is_not_there() -> None:
    mine, _ = an_account("1"), an_account("2")
    take(fa3("FV/2", account="2"))
    scope = CustomerScope.for_accounts(frozenset({mine}), reason="tests")
    assert invoice_detail(scope=scope, invoice_id=Invoice.objects.get().pk, today=TODAY) is None
    assert list_invoices(scope=scope, today=TODAY).rows == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(0, 1900), st.integers(0, 255)), min_size=1, max_size=3))
def test_damaged_files_are_taken_or_refused_and_the_ledger_stays_whole(damage: list[tuple[int, int]]) -> None:
    data = bytearray(fa3())
    for position, byte in damage:
        data[position % len(data)] = byte
    with transaction.atomic():
        an_account()
        report = take(bytes(data), fa3("FV/GOOD"))
        assert report.new + report.parked + report.same + len(report.refused) == 2
        assert [*broken_promises(), *broken_imports()] == []
        transaction.set_rollback(True)


def test_the_pdf_of_a_refused_invoice_is_not_kept() -> None:
    an_account()
    take(fa3())
    report = take(("a.pdf", b"%PDF-1.7 of nobody"), ("a.xml", fa3(net="7.00")))
    assert [r.refusal.code for r in report.refused] == [RefusalCode.SAME_NUMBER_OTHER_BYTES]
    assert not StoredDocument.objects.filter(sha256=sha256(b"%PDF-1.7 of nobody").digest()).exists()


def test_a_payment_that_came_before_its_invoice_is_booked_with_it(settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN,))
    an_account()
    statement = mt940([Line(title="Faktura FV/2026/11/00077", amount=Decimal("108.00"))])
    paid = import_statements(files=files([("a.sta", statement)]), acting=ACTING, now=NOW)
    assert (paid.new, paid.parked) == (0, 1)
    take(fa3("FV/2026/11/00077"))
    assert statuses() == {"FV/2026/11/00077": (InvoiceStatus.PAID, Decimal(0))}
