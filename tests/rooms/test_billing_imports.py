"""Receipts, entries and comparisons that come from the billing system; and the proof of the whole ledger."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from ebok.audit.models import AuditRow
from ebok.billing.models import BalanceComparison, Invoice, OpenItem
from ebok.billing.queries import balance_checks, balances, broken_promises, invoice_detail, statement_of_account
from ebok.customers.domain import CustomerScope
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.balances import ComparisonReport, compare_file
from ebok.interchange.operations.entries import import_entries
from ebok.interchange.operations.invoices import import_invoices
from ebok.interchange.operations.receipts import import_receipts
from ebok.interchange.queries import broken_promises as broken_imports
from ebok.kernel.identifiers import ksef_check_digits
from ebok.kernel.refusals import RefusalCode
from tests.billing import ACTING, NOW, SELLER, TODAY, an_account, fa3, files

pytestmark = pytest.mark.django_db
EVERYONE = CustomerScope.whole(acting="tests")
HEADER = "entry_id;account_number;kind;amount;booked_on;due_on;document_number;title\n"


def take(operation: Callable[..., ImportReport], *contents: bytes, suffix: str = "xml") -> ImportReport:
    named = [(f"{n}.{suffix}", c) for n, c in enumerate(contents)]
    return operation(files=files(named), acting=ACTING, now=NOW)


def entries(*rows: str) -> ImportReport:
    return take(import_entries, (HEADER + "\n".join(rows) + "\n").encode(), suffix="csv")


def compare(text: str) -> ComparisonReport:
    (file,) = files([("b.csv", text.encode())])
    return compare_file(file=file, acting=ACTING, now=NOW)


def upo(number: str, data: bytes, *, serial: str = "010040741B3E", seller: str = SELLER) -> bytes:
    body = f"{seller}-20261101-{serial}"
    return f"""<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3"><Dokument>
<NipSprzedawcy>{seller}</NipSprzedawcy>
<NumerKSeFDokumentu>{body}-{ksef_check_digits(body)}</NumerKSeFDokumentu><NumerFaktury>{number}</NumerFaktury>
<DataWystawieniaFaktury>2026-11-01</DataWystawieniaFaktury>
<SkrotDokumentu>{b64encode(sha256(data).digest()).decode()}</SkrotDokumentu></Dokument></Potwierdzenie>""".encode()


def ksef_number() -> str:
    detail = invoice_detail(scope=EVERYONE, invoice_id=Invoice.objects.get().pk, today=TODAY)
    assert detail is not None
    return detail.ksef_number


def test_a_receipt_gives_an_invoice_its_ksef_number_once() -> None:
    an_account()
    take(import_invoices, fa3())
    first, again = take(import_receipts, upo("FV/1", fa3())), take(import_receipts, upo("FV/1", fa3()))
    assert (first.new, again.same) == (1, 1)
    assert ksef_number().startswith(f"{SELLER}-20261101-010040741B3E-")


def test_a_receipt_may_come_before_its_invoice() -> None:
    an_account()
    assert take(import_receipts, upo("FV/1", fa3())).parked == 1
    take(import_invoices, fa3())
    assert ksef_number() != ""


@pytest.mark.parametrize(
    ("receipt", "code"),
    [
        (upo("FV/1", b"other"), RefusalCode.SAME_NUMBER_OTHER_BYTES),
        (upo("FV/1", fa3(), serial="0200A0D6723E"), RefusalCode.BAD_NUMBER),
        (upo("FV/1", fa3(), seller="1111111111"), RefusalCode.WRONG_SELLER),
    ],
)
def test_a_receipt_that_does_not_fit_is_refused(receipt: bytes, code: RefusalCode) -> None:
    an_account()
    take(import_invoices, fa3())
    take(import_receipts, upo("FV/1", fa3()))
    report = take(import_receipts, receipt)
    assert ([r.refusal.code for r in report.refused], report.exit_code) == ([code], 2)


def test_a_bad_document_of_a_receipt_keeps_no_other_out() -> None:
    an_account()
    take(import_invoices, fa3())
    good, bad = upo("FV/1", fa3()), upo("FV/2", fa3("FV/2"), serial="0200A0D6723E")
    start, end = bad.index(b"<Dokument>"), bad.index(b"</Potwierdzenie>")
    spoiled = bad[start:end].replace(b"0200A0D6723E", b"0200A0D6723F")
    both = good.replace(b"<Dokument>", spoiled + b"<Dokument>", 1)
    first, again = take(import_receipts, both), take(import_receipts, both)
    (refused,) = (one.refusal for one in first.refused)
    assert (first.new, first.exit_code, refused.code, refused.line) == (1, 1, RefusalCode.BAD_NUMBER, 1)
    assert refused.reason.startswith("Dokument 1 (faktura FV/2): ")
    assert (again.new, again.same, len(again.refused)) == (0, 1, 1)
    assert ksef_number() != ""


def test_entries_are_posted_once_and_a_bad_row_stops_no_other() -> None:
    account = an_account()
    rows = [
        "E1;100001;opening;1 250,50;2026-01-01;2026-01-15;;Bilans otwarcia",
        "E2;100001;payment;-250.50;02.03.2026;;;Wpłata w kasie",
        "E3;999;payment;-1;2026-03-02;;;",
        "E4;100001;opening;dużo;2026-03-02;;;",
        "E5;100001;gift;-1;2026-03-02;;;",
        "E6;100001;other;5;;;;",
    ]
    first, again = entries(*rows), entries(*rows)
    assert (first.new, again.new, again.same) == (2, 0, 2)
    assert [(r.refusal.line, r.refusal.code) for r in first.refused] == [
        (4, RefusalCode.UNKNOWN_ACCOUNT),
        (5, RefusalCode.BAD_NUMBER),
        (6, RefusalCode.MISSING_VALUE),
        (7, RefusalCode.MISSING_VALUE),
    ]
    assert balances(scope=EVERYONE, today=TODAY)[account].balance == Decimal("1000.00")
    assert broken_imports() == []


@pytest.mark.parametrize("kind", ["opening", "payment", "refund", "interest_note", "write_off", "other"])
def test_an_entry_is_taken_back_by_one_of_its_kind_with_the_other_sign(kind: str) -> None:
    account = an_account()
    assert entries(f"E1;100001;{kind};-5.00;2026-01-01;;;").new == 1
    assert entries(f"E2;100001;{kind};5.00;2026-01-02;;;").new == 1
    assert balances(scope=EVERYONE, today=TODAY)[account].balance == 0
    assert (broken_promises(), broken_imports()) == ([], [])


@pytest.mark.parametrize(("kind", "taken"), [("opening", 1), ("payment", 0), ("other", 0)])
def test_zero_says_something_only_of_an_opening_balance(kind: str, taken: int) -> None:
    an_account()
    assert entries(f"E1;100001;{kind};-0,00;2026-01-01;;;").new == taken


def test_a_payment_settles_first_the_document_it_names() -> None:
    account = an_account()
    take(import_invoices, fa3("FV/1", issued=date(2026, 10, 1)), fa3("FV/2"))
    row = "E1;100001;payment;-108.00;2026-11-02;;FV/2;"
    assert (entries(row).new, entries(row).same) == (1, 1)
    assert list(OpenItem.objects.filter(account_id=account).values_list("invoice__number", flat=True)) == ["FV/1"]


def test_an_entry_is_corrected_only_by_a_new_one() -> None:
    an_account()
    entries("E1;100001;opening;10;2026-01-01;;;")
    report = entries("E1;100001;opening;11;2026-01-01;;;")
    assert [r.refusal.code for r in report.refused] == [RefusalCode.SAME_NUMBER_OTHER_BYTES]


def test_an_account_that_differs_is_listed_until_a_later_comparison_agrees() -> None:
    account = an_account()
    entries("E1;100001;opening;10;2026-01-01;;;", "E2;100001;payment;-4;2026-02-01;;;")
    differs = compare("account_number;balance;as_of\n100001;10,00;2026-02-01\n")
    assert differs.as_json()["differing"] == [
        {"account_number": "100001", "as_of": "2026-02-01", "ours": "6.00", "theirs": "10.00"}
    ]
    assert (differs.exit_code, balance_checks(scope=EVERYONE)[account].differs) == (1, True)
    older = compare("account_number;balance;as_of\n100001;10,00;2026-01-31\n")
    assert (older.exit_code, balance_checks(scope=EVERYONE)[account].differs) == (0, True)
    agrees = compare("account_number;balance;as_of\n100001;6,00;2026-02-02\n")
    assert (agrees.exit_code, balance_checks(scope=EVERYONE)[account].differs) == (0, False)


def test_a_balance_of_a_day_to_come_is_refused() -> None:
    an_account()
    report = compare("account_number;balance;as_of\n100001;0,00;2062-02-01\n")
    assert [r.refusal.code for r in report.intake.refused] == [RefusalCode.BAD_DATE]


def test_a_comparison_repeated_changes_nothing_until_one_of_the_balances_does() -> None:
    account = an_account()
    entries("E1;100001;opening;10;2026-01-01;;;")
    text = "account_number;balance;as_of\n100001;12,00;2026-02-01\n100001;6,00;2026-02-01\n"

    def kept() -> tuple[int, int]:
        return BalanceComparison.objects.count(), AuditRow.objects.count()

    first, before, again = compare(text), kept(), compare(text)
    assert (first.as_json(), kept()) == (again.as_json(), before)
    assert before[0] == 1
    entries("E2;100001;payment;-4;2026-01-15;;;")
    compare(text)
    assert (BalanceComparison.objects.count(), balance_checks(scope=EVERYONE)[account].differs) == (2, False)


def test_the_statement_of_an_account_is_a_running_sum_page_by_page() -> None:
    account = an_account()
    entries(*(f"E{n};100001;opening;{n};2026-01-{n:02};;;" for n in range(1, 6)))
    first = statement_of_account(scope=EVERYONE, account_id=account, limit=3)
    second = statement_of_account(scope=EVERYONE, account_id=account, limit=3, cursor=first.next_cursor)
    assert [line.balance for line in (*first.lines, *second.lines)] == [15, 10, 6, 3, 1]
    assert second.next_cursor == ""
    nobody = CustomerScope.for_accounts(frozenset(), reason="tests")
    assert statement_of_account(scope=nobody, account_id=account).lines == ()


def test_the_account_command_says_what_is_owed_and_leaves_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    account = an_account()
    take(
        import_invoices,
        fa3("FV/1", issued=date(2020, 1, 2), due=date(2020, 1, 20)),
        fa3("FV/2", issued=date(2026, 11, 1), due=date(2049, 1, 1)),
    )
    entries("E1;100001;payment;-8;2026-02-01;;;")
    call_command("account", "100001", "--json")
    said = json.loads(capsys.readouterr().out)
    looks = AuditRow.objects.filter(action="account.view")
    assert list(looks.values_list("actor_name", "account_id")) == [("account", account)]
    assert (said["balance"], said["overdue"]) == ("208.00", "100.00")
    assert said["next_due"] == {"amount": "108.00", "date": "2049-01-01"}
    assert [(i["number"], i["outstanding"], i["status"]) for i in said["invoices"]] == [
        ("FV/2", "108.00", "due"),
        ("FV/1", "100.00", "overdue"),
    ]
    assert said["payments"] == [{"booked_on": "2026-02-01", "amount": "8.00"}]


def test_the_account_command_does_not_know_a_stranger(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("account", "404", "--json")
    assert (ended.value.code, json.loads(capsys.readouterr().out)) == (1, {"error": "unknown_account"})


def test_an_amount_tampered_with_breaks_its_promises() -> None:
    an_account()
    take(import_invoices, fa3())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_ledgerentry DISABLE TRIGGER insert_only_rows")
        cursor.execute("UPDATE billing_ledgerentry SET amount = amount + 1")
    assert {b.promise for b in broken_promises()} == {"I2", "I3"}


def test_a_folder_with_a_damaged_file_and_a_good_one_exits_with_one(tmp_path: Path) -> None:
    an_account()
    (tmp_path / "a.xml").write_bytes(fa3())
    (tmp_path / "b.xml").write_bytes(b"<")
    with pytest.raises(SystemExit) as ended:
        call_command("import_invoices", str(tmp_path), "--json")
    assert ended.value.code == 1
