"""`ebok check_ledger`: every promise in a line, proved of one moment however much is posted meanwhile."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.operations import post_entries
from ebok.interchange.operations.invoices import import_invoices
from tests.billing import ACTING, NOW, an_account, fa3, files
from tests.concurrency import beside, until_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


def checked() -> tuple[int, list[str]]:
    """The exit code of the command and the lines it prints."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", stdout=out)
    return int(str(ended.value.code)), out.getvalue().splitlines()


def owe(account: int, name: str) -> None:
    posting = Posting(
        account_id=account, kind=EntryKind.OPENING, source=EntrySource.INVOICE, external_id=name,
        amount=Decimal("10.00"), booked_on=date(2026, 1, 1),
    )  # fmt: skip
    post_entries(postings=[posting], acting=ACTING, now=NOW)


def test_every_promise_has_its_line() -> None:
    an_account()
    import_invoices(files=iter(files([("a.xml", fa3())])), acting=ACTING, now=NOW)
    code, lines = checked()
    assert code == 0
    assert [line.split()[:2] for line in lines] == [
        *([f"I{n}", "ok"] for n in (1, 2, 3, 4, 5, 6, 7, 10)),
        ["E1", "ok"],
    ]


def test_what_is_posted_while_it_looks_breaks_no_promise() -> None:
    account = an_account()
    owe(account, "before")
    with beside() as start:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # It has read the open items and comes to the allocations.
                cursor.execute("LOCK TABLE billing_allocation IN ACCESS EXCLUSIVE MODE")
            looking = start(checked)
            until_it_waits(looking)
            owe(account, "meanwhile")
        code, lines = looking.result()
    assert (code, [line for line in lines if line.split()[1] != "ok"]) == (0, [])
