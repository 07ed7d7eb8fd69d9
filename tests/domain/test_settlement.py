"""Which credit settles which charge, held against a small model and against what must always be true."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ebok.billing.domain.settlement import AccountSettlement, Allocated, Item

DAY_ONE = date(2026, 1, 1)
AMOUNTS = st.integers(1, 30_000).map(lambda g: Decimal(g) / 100)
DAYS = st.integers(0, 40).map(lambda n: DAY_ONE + timedelta(days=n))
NUMBERS = st.sampled_from(["FV/1", "FV/2", "FV/3", "FV/4"])


def charge(entry: int, amount: str, due: int = 0, number: str = "", reverses: int | None = None) -> Item:
    due_on = DAY_ONE + timedelta(days=due)
    return Item(entry_id=entry, amount=Decimal(amount), due_on=due_on, document_number=number, reverses=reverses)


def credit(entry: int, amount: str, names: tuple[str, ...] = (), reverses: int | None = None) -> Item:
    return Item(entry_id=entry, amount=-Decimal(amount), due_on=DAY_ONE, names=names, reverses=reverses)


def settled(*items: Item) -> AccountSettlement:
    account = AccountSettlement()
    for item in items:
        account.add(item)
    return account


def test_a_credit_settles_the_oldest_due_first() -> None:
    account = settled(charge(1, "10", due=5), charge(2, "10", due=3), credit(3, "15"))
    assert account.remaining == {1: Decimal("5")}


def test_a_credit_settles_what_it_names_before_the_oldest_due() -> None:
    account = settled(charge(1, "10", due=3, number="FV/1"), charge(2, "10", due=5, number="FV/2"))
    account.add(credit(3, "10", names=("FV/2",)))
    assert account.remaining == {1: Decimal("10")}


def test_what_is_left_of_a_credit_waits_and_a_new_charge_takes_it() -> None:
    account = settled(charge(1, "10"), credit(2, "25"))
    assert account.remaining == {2: Decimal("-15")}
    account.add(charge(3, "20"))
    assert account.remaining == {3: Decimal("5")}


def test_a_new_charge_takes_the_credit_that_names_it_before_an_older_one() -> None:
    account = settled(credit(1, "10"), credit(2, "10", names=("FV/9",)), charge(3, "10", number="FV/9"))
    assert account.remaining == {1: Decimal("-10")}


def test_a_reversal_makes_due_again_what_the_payment_had_settled() -> None:
    account = settled(charge(1, "10", due=1), charge(2, "10", due=2), credit(3, "15"), charge(4, "15", reverses=3))
    assert account.remaining == {1: Decimal("10"), 2: Decimal("10")}


def test_a_reversal_of_an_invoice_gives_its_payment_to_the_next_charge() -> None:
    account = settled(charge(1, "10", due=1), credit(2, "10"), charge(3, "7", due=2), credit(4, "10", reverses=1))
    assert account.remaining == {2: Decimal("-3")}


def test_a_part_reversal_takes_back_the_youngest_settlement_only() -> None:
    account = settled(charge(1, "10", due=1), charge(2, "10", due=2), credit(3, "20"), charge(4, "5", reverses=3))
    assert account.remaining == {2: Decimal("5")}


class Model:
    """The same rule said once more, as plainly as it can be: lists, and a grosz never lost."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.paid: dict[tuple[int, int], Decimal] = {}

    def left(self, item: Item) -> Decimal:
        used = sum((a for pair, a in self.paid.items() if item.entry_id in pair), Decimal(0))
        return abs(item.amount) - used

    def pay(self, credit: Item, charge: Item) -> None:
        amount = min(self.left(credit), self.left(charge))
        key = credit.entry_id, charge.entry_id
        self.paid[key] = self.paid.get(key, Decimal(0)) + amount

    def post(self, item: Item) -> None:
        back = self.undo(item) if item.reverses else []
        self.items.append(item)
        for one in [item, *sorted(back, key=lambda i: (i.due_on, i.entry_id))]:
            self.match(one)

    def match(self, item: Item) -> None:
        if item.amount < 0:
            charges = [i for i in self.items if i.amount > 0]
            charges.sort(key=lambda c: (c.due_on, c.entry_id))
            named = [c for n in item.names for c in charges if c.document_number == n]
            for one in [*named, *charges]:
                self.pay(item, one)
        else:
            credits_ = [i for i in self.items if i.amount < 0]
            for one in sorted(credits_, key=lambda c: (item.document_number not in c.names, c.entry_id)):
                self.pay(one, item)

    def undo(self, item: Item) -> list[Item]:
        undone = next(i for i in self.items if i.entry_id == item.reverses)
        back = []
        for partner in sorted(self.items, key=lambda i: (i.due_on, i.entry_id), reverse=True):
            key = tuple(sorted((undone, partner), key=lambda i: i.amount))
            pair = key[0].entry_id, key[1].entry_id
            short = abs(item.amount) - self.left(undone)
            if partner.reverses != undone.entry_id and self.paid.get(pair) and short > 0:
                self.paid[pair] -= min(short, self.paid[pair])
                back.append(partner)
        self.items.append(item)
        self.pay(*sorted((undone, item), key=lambda i: i.amount))
        self.items.remove(item)
        return back


class Ledger(RuleBasedStateMachine):
    """Invoices, corrections, payments and reversals in any order; what the account says is what the model says."""

    def __init__(self) -> None:
        super().__init__()
        self.account, self.model, self.posted = AccountSettlement(), Model(), []

    def post(self, item: Item) -> None:
        self.posted.append(item)
        self.account.add(item)
        self.model.post(item)

    @rule(amount=AMOUNTS, due=DAYS, number=NUMBERS)
    def an_invoice(self, amount: Decimal, due: date, number: str) -> None:
        self.post(Item(entry_id=len(self.posted) + 1, amount=amount, due_on=due, document_number=number))

    @rule(amount=AMOUNTS, booked=DAYS, names=st.lists(NUMBERS, max_size=2, unique=True).map(tuple))
    def a_payment_or_correction(self, amount: Decimal, booked: date, names: tuple[str, ...]) -> None:
        self.post(Item(entry_id=len(self.posted) + 1, amount=-amount, due_on=booked, names=names))

    @rule(which=st.integers(0), whole=st.booleans())
    def a_reversal(self, which: int, whole: bool) -> None:
        open_to_it = [i for i in self.posted if not any(r.reverses == i.entry_id for r in self.posted)]
        if open_to_it:
            undone = open_to_it[which % len(open_to_it)]
            amount = -undone.amount if whole else -undone.amount / 2
            self.post(
                Item(entry_id=len(self.posted) + 1, amount=amount, due_on=undone.due_on, reverses=undone.entry_id)
            )

    @invariant()
    def says_what_the_model_says(self) -> None:
        left = {i.entry_id: self.model.left(i) * (1 if i.amount > 0 else -1) for i in self.posted}
        assert self.account.remaining == {entry: amount for entry, amount in left.items() if amount}

    @invariant()
    def loses_no_grosz(self) -> None:
        assert sum(self.account.remaining.values()) == sum(i.amount for i in self.posted)

    @invariant()
    def never_keeps_a_credit_beside_a_charge(self) -> None:
        assert len({amount > 0 for amount in self.account.remaining.values()}) <= 1

    @invariant()
    def never_settles_more_than_there_is(self) -> None:
        used: dict[int, Decimal] = {}
        for a in self.account.allocations:
            for entry in (a.credit, a.charge):
                used[entry] = used.get(entry, Decimal(0)) + a.amount
        assert all(0 <= used.get(i.entry_id, 0) <= abs(i.amount) for i in self.posted)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)

EVENTS = st.lists(st.tuples(st.booleans(), AMOUNTS, DAYS, NUMBERS), max_size=12)


@given(events=EVENTS, cut=st.integers(0, 12))
def test_going_on_from_the_open_items_gives_what_a_replay_gives(events: list[tuple], cut: int) -> None:
    items = [
        Item(entry_id=n + 1, amount=amount if owes else -amount, due_on=due, document_number=number, names=(number,))
        for n, (owes, amount, due, number) in enumerate(events)
    ]
    replay, first = settled(*items), settled(*items[:cut])
    second = AccountSettlement(items=[items[e - 1] for e in first.remaining], remaining=first.remaining)
    for item in items[cut:]:
        second.add(item)
    assert second.remaining == replay.remaining
    assert first.allocations + second.allocations == replay.allocations


def test_a_second_reversal_finds_nothing_more_to_take_back() -> None:
    account = settled(charge(1, "10"), credit(2, "10"), charge(3, "10", reverses=2))
    account.add(charge(4, "10", reverses=2))
    assert account.remaining == {1: Decimal("10"), 4: Decimal("10")}
    assert Allocated(credit=2, charge=3, amount=Decimal("10")) in account.allocations
