from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.models import LedgerEntry, OpenItem
from ebok.billing.operations import post_entries
from ebok.customers.models import CustomerAccount
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.statements import import_statements, match_waiting_payments
from ebok.kernel.money import ZERO
from ebok.payments.models import BankStatement, MatchedMovement, StatementMovement, UnmatchedMovement
from ebok.payments.operations.waiting import BATCH
from ebok.payments.queries import broken_promises, earlier_credits, movement_of
from tests.statements import DAY, OWN, Line, camt, mt940, nrb_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ACTING = Actor(kind=ActorKind.COMMAND, name="import_statement")
DATA = Path(__file__).parent.parent / "data"
PAID = Decimal("100.00")


@pytest.fixture(autouse=True)
def own_account(settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN, "29114010810000267002001002"))


def account(n: int, **facts: str) -> CustomerAccount:
    return CustomerAccount.objects.create(
        number=facts.pop("number", f"KL-{n:06d}"),
        kind="person",
        name=f"Osoba {n}",
        postal_code="05-400",
        city="Otwock",
        payment_nrb=facts.pop("payment_nrb", virtual(n)),
        registered_at=NOW,
        changed_at=NOW,
        **facts,
    )


def virtual(n: int) -> str:
    return nrb_of(n, prefix="7700")


def take(*contents: bytes) -> ImportReport:
    def opener(data: bytes) -> Callable[[], BytesIO]:
        return lambda: BytesIO(data)

    files = [SourceFile(name=f"{n}.sta", size=len(c), open=opener(c)) for n, c in enumerate(contents)]
    return import_statements(files=files, acting=ACTING, now=NOW)


def counts(report: ImportReport) -> tuple[int, int, int, list[str]]:
    return report.new, report.parked, report.same, [r.refusal.code.value for r in report.refused]


def balance(of: CustomerAccount) -> Decimal:
    return sum(LedgerEntry.objects.filter(account=of).values_list("amount", flat=True), ZERO)


def charge(of: CustomerAccount, number: str, amount: Decimal, *, due: date = DAY) -> int:
    posting = Posting(
        account_id=of.pk, kind=EntryKind.OTHER, source=EntrySource.BILLING, external_id=number, amount=amount,
        booked_on=due, due_on=due, document_number=number,
    )  # fmt: skip
    return post_entries(postings=[posting], acting=ACTING, now=NOW).entry_ids[0]


def paid_by_invoice(of: CustomerAccount, day: date) -> int:
    posting = Posting(
        account_id=of.pk, kind=EntryKind.PAYMENT, source=EntrySource.INVOICE, external_id=f"FV:{day}", amount=-PAID,
        booked_on=day,
    )  # fmt: skip
    return post_entries(postings=[posting], acting=ACTING, now=NOW).entry_ids[0]


@pytest.mark.parametrize("write", [mt940, camt, lambda lines, **k: camt(lines, version="02", **k)])
def test_a_credit_reaches_the_account_whose_virtual_account_was_paid(write):
    jan = account(1)
    assert counts(take(write([Line(virtual_nrb=virtual(1)), Line(virtual_nrb=virtual(2))]))) == (1, 1, 0, [])
    assert balance(jan) == -PAID
    assert UnmatchedMovement.objects.get().reason == "unknown_payer"
    assert broken_promises() == []


def test_a_credit_is_matched_by_collect_id_then_by_the_number_in_its_title():
    by_collect, by_title = account(1, collect_id="XX000000000001"), account(2, number="0012345678")
    lines = [Line(collect_id="XX000000000001"), Line(title="woda klient 0012345678")]
    assert counts(take(mt940(lines, separator=";"))) == (2, 0, 0, [])
    assert (balance(by_collect), balance(by_title)) == (-PAID, -PAID)


def test_clues_of_two_accounts_leave_the_credit_to_a_person():
    account(1)
    account(2, collect_id="XX000000000002")
    assert counts(take(mt940([Line(virtual_nrb=virtual(1), collect_id="XX000000000002")]))) == (0, 1, 0, [])
    assert UnmatchedMovement.objects.get().reason == "contradictory"


def test_the_mbank_sample_is_booked_and_the_foreign_samples_are_refused():
    account(1, collect_id="XX000000000001")
    assert counts(take((DATA / "mt940" / "mbank-mt940.sta").read_bytes())) == (1, 2, 0, [])
    foreign = [f.read_bytes() for f in sorted((DATA / "camt053").glob("*.xml"))]
    assert counts(take(*foreign)) == (0, 0, 0, ["unknown_own_account"] * 2)


def test_the_same_file_again_changes_nothing():
    account(1)
    data = mt940([Line(virtual_nrb=virtual(1)), Line(), Line()])
    assert counts(take(data)) == (1, 2, 0, [])
    assert counts(take(data)) == (0, 0, 3, [])
    assert counts(take(data.replace(b"\r\n", b"\n"))) == (0, 0, 3, [])
    assert StatementMovement.objects.count() == 3
    assert LedgerEntry.objects.count() == 1


def test_equal_movements_of_one_statement_are_distinct():
    jan = account(1)
    assert counts(take(mt940([Line(virtual_nrb=virtual(1))] * 3))) == (3, 0, 0, [])
    assert balance(jan) == -3 * PAID


def test_a_file_that_does_not_add_up_leaves_nothing_and_is_tried_again():
    account(1)
    data = mt940([Line(virtual_nrb=virtual(1))])
    two = data + data.replace(b":62F:C261120PLN1100,00", b":62F:C261120PLN1100,01")
    assert counts(take(two)) == (0, 0, 0, ["conservation"])
    assert counts(take(two)) == (0, 0, 0, ["conservation"])
    assert not BankStatement.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_statement_of_another_account_is_refused():
    assert counts(take(mt940([], own=nrb_of(99)))) == (0, 0, 0, ["unknown_own_account"])


def test_a_gap_is_booked_and_reported():
    account(1)
    report = take(mt940([Line()]), mt940([], number="3", opening=Decimal("1500.00"), day=DAY + timedelta(days=2)))
    assert report.refused == []
    assert len(report.notices) == 1
    assert BankStatement.objects.get(number="3").expected_opening == Decimal("1100.00")


def test_a_day_continued_under_another_number_is_no_overlap_even_with_an_equal_payment():
    jan = account(1)
    line = Line(virtual_nrb=virtual(1))
    report = take(mt940([line], number="1/1"), mt940([line], number="1/2", opening=Decimal("1100.00")))
    assert counts(report) == (2, 0, 0, [])
    assert balance(jan) == -2 * PAID


def test_an_overlapping_statement_is_refused_unless_every_movement_is_known():
    account(1)
    days = [DAY, DAY + timedelta(days=1)]
    known = [Line(virtual_nrb=virtual(1), day=day, reference=f"R{day:%d}") for day in days]
    take(mt940(known[:1], day=days[0]), mt940(known[1:], number="2", opening=Decimal("1100.00"), day=days[1]))
    both = mt940(known, number="77", day=days[1])
    assert counts(take(both)) == (0, 0, 2, [])
    more = mt940([*known, Line(day=days[1], reference="NEW")], number="78", day=days[1])
    assert counts(take(more)) == (0, 0, 0, ["statement_overlaps"])
    assert LedgerEntry.objects.count() == 2


def test_an_empty_statement_is_fine():
    assert counts(take(mt940([]), camt([], day=DAY + timedelta(days=1)))) == (0, 0, 0, [])


def test_a_reversal_of_exactly_one_credit_is_a_counter_entry():
    jan = account(1)
    charge(jan, "N1", PAID)
    line = Line(virtual_nrb=virtual(1), reference="R1")
    take(mt940([line]))
    assert not OpenItem.objects.filter(account=jan).exists()
    back = replace(line, amount=-PAID, reversal=True, day=DAY + timedelta(days=1))
    report = take(mt940([back], number="2", opening=Decimal("1100.00"), day=back.day))
    assert counts(report) == (1, 0, 0, [])
    entry = LedgerEntry.objects.get(kind="payment_reversal")
    assert entry.reverses == LedgerEntry.objects.get(kind="payment")
    assert OpenItem.objects.get(account=jan).remaining == PAID
    assert broken_promises() == []


def test_a_reversal_that_fits_two_credits_waits():
    account(1)
    line = Line(virtual_nrb=virtual(1))
    assert counts(take(mt940([line, line, replace(line, amount=-PAID, reversal=True)]))) == (2, 1, 0, [])
    assert UnmatchedMovement.objects.get().reason == "unknown_reversal"


def test_a_reversal_takes_no_credit_of_a_later_statement_of_its_file():
    jan = account(1)
    line = Line(virtual_nrb=virtual(1), reference="R1")
    first = mt940([replace(line, amount=-PAID, reversal=True)])
    assert counts(take(first + mt940([line], number="2", opening=Decimal("900.00")))) == (1, 1, 0, [])
    assert UnmatchedMovement.objects.get().reason == "unknown_reversal"
    assert balance(jan) == -PAID


@pytest.mark.parametrize(("days", "booked"), [(400, 1), (401, 0)])
def test_a_reversal_over_thirteen_months_later_waits(days, booked):
    account(1)
    line = Line(virtual_nrb=virtual(1), reference="R1", day=DAY - timedelta(days=days))
    take(mt940([line], day=line.day))
    back = replace(line, amount=-PAID, reversal=True, day=DAY)
    assert counts(take(mt940([back], number="2", opening=Decimal("1100.00")))) == (booked, 1 - booked, 0, [])


def test_only_credits_that_a_reversal_may_take_back_are_looked_at():
    others = [Line(reference=f"R{n}", payer_nrb=nrb_of(n)) for n in range(2, 9)]
    take(mt940([Line(reference="R1"), *others]))
    reversal = movement_of(StatementMovement.objects.get(bank_reference="R1"))
    reversal = replace(reversal, amount=-PAID, reversal=True, counterparty_nrb="")
    at = BankStatement.objects.get().pk
    assert [c.bank_reference for c in earlier_credits(own_nrb=OWN, reversals=[reversal], until_statement=at)] == ["R1"]
    nameless = replace(reversal, bank_reference="")
    assert earlier_credits(own_nrb=OWN, reversals=[nameless], until_statement=at) == []


def test_a_waiting_credit_that_was_taken_back_is_not_booked_later():
    line = Line(virtual_nrb=virtual(1), reference="R1")
    take(mt940([line, replace(line, amount=-PAID, reversal=True)]))
    jan = account(1)
    assert match_waiting_payments(acting=ACTING, now=NOW) == 0
    assert balance(jan) == ZERO


def test_money_paid_out_and_returned_to_us_waits_and_is_never_lost():
    lines = [Line(amount=Decimal("-3.50"), title="Opłata"), Line(amount=Decimal("3.50"), reversal=True)]
    assert counts(take(mt940(lines))) == (0, 2, 0, [])
    assert sorted(UnmatchedMovement.objects.values_list("reason", flat=True)) == ["paid_out", "returned_to_us"]


def test_several_payments_in_one_entry_are_as_many_movements():
    jan, anna = account(1), account(2)
    batch = [Line(virtual_nrb=virtual(1)), Line(virtual_nrb=virtual(2), amount=Decimal("50.00"))]
    assert counts(take(camt([batch]))) == (2, 0, 0, [])
    assert (balance(jan), balance(anna)) == (-PAID, Decimal("-50.00"))
    broken = camt([batch], number="2", opening=Decimal("1150.00")).replace(
        b'<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="PLN">100.00',
        b'<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="PLN">100.01',
    )
    assert counts(take(broken)) == (0, 0, 0, ["conservation"])


@pytest.mark.parametrize(("days", "held"), [(-8, False), (-7, True), (0, True), (7, True), (8, False)])
def test_a_payment_an_invoice_told_of_is_held_within_seven_days(days, held):
    jan = account(1)
    entry = paid_by_invoice(jan, DAY + timedelta(days=days))
    line = Line(virtual_nrb=virtual(1))
    assert counts(take(mt940([line]))) == ((0, 1, 0, []) if held else (1, 0, 0, []))
    if held:
        assert UnmatchedMovement.objects.get().answers_entry_id == entry
        again = mt940([replace(line, reference="R2")], number="2", opening=Decimal("1100.00"))
        assert counts(take(again)) == (1, 0, 0, [])


def test_what_waited_is_booked_once_its_account_is_known():
    take(mt940([Line(virtual_nrb=virtual(1))]))
    jan = account(1)
    assert match_waiting_payments(acting=ACTING, now=NOW) == 1
    assert match_waiting_payments(acting=ACTING, now=NOW) == 0
    assert balance(jan) == -PAID
    assert (MatchedMovement.objects.count(), UnmatchedMovement.objects.count()) == (1, 0)
    assert broken_promises() == []


def test_what_waited_is_tried_in_batches_of_their_own():
    take(mt940([Line(virtual_nrb=virtual(1), reference=f"R{n}") for n in range(BATCH + 1)]))
    jan = account(1)
    assert match_waiting_payments(acting=ACTING, now=NOW) == BATCH + 1
    assert balance(jan) == -PAID * (BATCH + 1)
    rows = AuditRow.objects.filter(action="payments.match_waiting").order_by("id")
    assert [row.details["booked"] for row in rows] == [BATCH, 1]


def test_a_movement_is_never_both_matched_and_waiting():
    account(1)
    take(mt940([Line(virtual_nrb=virtual(1)), Line(virtual_nrb=virtual(2), reference="R2")]))
    matched, waits = MatchedMovement.objects.get(), UnmatchedMovement.objects.get()
    with pytest.raises(IntegrityError, match="both"), transaction.atomic():
        UnmatchedMovement.objects.create(movement_id=matched.pk, reason=waits.reason, parked_at=NOW)
    entry = LedgerEntry.objects.create(
        account_id=matched.account_id, kind="payment", contra="bank", source="statement", external_id="x",
        amount=-1, booked_on=DAY, posted_at=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="both"), transaction.atomic():
        MatchedMovement.objects.create(
            movement_id=waits.pk, account_id=matched.account_id, entry=entry, matched_by=matched.matched_by,
            matched_at=NOW,
        )  # fmt: skip


def test_a_booked_movement_never_changes():
    take(mt940([Line()]))
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementMovement.objects.update(amount=1)


def test_lookups_do_not_grow_with_the_file(django_assert_max_num_queries):
    for n in range(1, 40):
        account(n)
    with django_assert_max_num_queries(60):
        report = take(mt940([Line(virtual_nrb=virtual(n), title=f"FV/{n}/2026") for n in range(1, 40)]))
    assert report.new == 39
