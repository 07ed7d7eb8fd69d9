"""Gathering invoices for drawing: everything of many at once, and nothing of another holder."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ebok.billing.domain.visualization import InvoiceDocument
from ebok.billing.models import Invoice
from ebok.billing.queries import invoice_documents
from ebok.customers.models import CustomerAccount
from ebok.interchange.operations.invoices import import_invoices
from ebok.interchange.operations.receipts import import_receipts
from tests.billing import ACTING, NOW, an_account, fa3, files
from tests.rooms.test_billing_imports import upo

pytestmark = pytest.mark.django_db
AUGUST, OCTOBER = (date(2026, 8, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 11, 30))
POSTED = {"correspondence_street": "ul. Leśna", "correspondence_house": "7", "correspondence_flat": "2"}
POSTED |= {"correspondence_postal_code": "05-402", "correspondence_city": "Otwock"}


def note(first: str, last: str) -> str:
    return f"wodomierz 12345678: {first} - {last}"


def take(*invoices: bytes) -> None:
    report = import_invoices(files=files((f"{n}.xml", d) for n, d in enumerate(invoices)), acting=ACTING, now=NOW)
    assert report.refused == []


def drawn(check_urls: Mapping[int, str] | None = None, **more: Any) -> dict[str, InvoiceDocument]:
    ids = list(Invoice.objects.values_list("id", flat=True))
    found = invoice_documents(invoice_ids=ids, check_urls=check_urls or {}, **more)
    assert set(found) == set(ids)
    return {one.invoice.number: one for one in found.values()}


EARLIER = fa3("FV/1", issued=date(2026, 10, 5), period=AUGUST, note=note("000321 (2026-07-31)", "000333 (2026-09-30)"))
LATER = fa3("FV/2", issued=date(2026, 12, 2), period=OCTOBER, note=note("000333 (2026-09-30)", "000347 (2026-11-30)"))


def test_a_hundred_invoices_ask_no_more_queries_than_two() -> None:
    an_account()
    take(*(fa3(f"FV/{n}") for n in range(1, 13)))
    ids = list(Invoice.objects.values_list("id", flat=True))
    counts = []
    for taken in (ids[:2], ids):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            invoice_documents(invoice_ids=taken, check_urls={})
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_use_is_compared_with_the_period_right_before() -> None:
    an_account()
    take(EARLIER, LATER)
    (use,) = drawn()["FV/2"].use
    assert (use.now.volume_m3, use.now.days) == (14, 61)
    assert use.before is not None
    assert (use.before.volume_m3, use.before.days) == (12, 61)
    (first,) = drawn()["FV/1"].use
    assert first.before is None


def test_use_of_a_corrected_period_is_not_compared() -> None:
    an_account()
    take(EARLIER, LATER, fa3("FK/1", corrects="FV/1", net="-10.00", issued=date(2026, 12, 1)))
    assert drawn()["FV/2"].use[0].before is None


def test_use_of_another_buyer_on_the_account_is_not_compared() -> None:
    an_account()
    take(EARLIER.replace(b"Anna Nowak", b"Jan Dawny"), LATER)
    assert drawn()["FV/2"].use[0].before is None


def test_an_invoice_is_posted_to_the_correspondence_address_of_its_buyer() -> None:
    an_account(name="NOWAK Anna", **POSTED)
    take(EARLIER)
    recipient = drawn()["FV/1"].sent_to
    assert (recipient.name, recipient.lines) == ("Anna Nowak", ("ul. Leśna 7/2", "05-402 Otwock"))


def test_where_the_present_holder_lives_is_not_on_the_invoice_of_a_former_one() -> None:
    an_account(name="Barbara Nowa", **POSTED)
    take(EARLIER)
    assert drawn()["FV/1"].sent_to.lines == ("ul. Polna 1",)


def test_the_ksef_number_and_its_code_come_with_the_receipt() -> None:
    an_account()
    take(EARLIER, LATER)
    import_receipts(files=files([("u.xml", upo("FV/1", EARLIER))]), acting=ACTING, now=NOW)
    with_number, without = drawn()["FV/1"], drawn()["FV/2"]
    assert with_number.ksef_number
    assert "/invoice/5265877635/05-10-2026/" in with_number.verification_url
    assert (without.ksef_number, without.verification_url, without.offline) == ("", "", False)


def test_an_invoice_says_itself_that_it_was_issued_offline_until_it_has_a_number() -> None:
    offline = fa3("FV/9", note="OFFLINE").replace(b"<Klucz>Uwaga</Klucz>", b"<Klucz>Tryb KSeF</Klucz>")
    an_account()
    take(offline)
    assert drawn()["FV/9"].offline
    assert drawn()["FV/9"].verification_url
    import_receipts(
        files=files([("u.xml", upo("FV/9", offline).replace(b"2026-10-05", b"2026-11-01"))]), acting=ACTING, now=NOW
    )
    assert not drawn()["FV/9"].offline


def test_the_printed_code_and_the_day_of_a_duplicate_are_handed_on() -> None:
    an_account()
    take(EARLIER)
    only = Invoice.objects.get().pk
    made = drawn({only: "https://ebok.example/f/ABC"}, duplicate_on=date(2026, 12, 24))["FV/1"]
    assert (made.check_url, made.duplicate_on) == ("https://ebok.example/f/ABC", date(2026, 12, 24))
    assert made.check_page.endswith("/sprawdz-fakture/")
    assert made.xml == EARLIER
    assert made.account_number == CustomerAccount.objects.get().number
