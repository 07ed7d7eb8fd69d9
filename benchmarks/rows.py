"""Rows of a utility of any size as text for COPY: 24 months of invoices, their ledger, payments and readings.

Every account pays its invoices by bank transfer, except some of the newest. Beside the usual accounts there is
one with two invoices and one with two thousand, all of them unpaid: two and two thousand entries.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

MONTHS: Final = 24
MONTH: Final = timedelta(days=30)
FEW, MANY = 2, 2_000
VOLUMES: Final = 17
READING_MONTHS: Final = 3
NULL: Final = r"\N"
AT: Final = "2026-01-02 03:04:05+00"
FIRST_NUMBER: Final = 100_050


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One invoice of the plan. Ids of its entries follow from its own."""

    id: int
    account: int
    issued: date
    volume: int
    paid: bool

    @property
    def number(self) -> str:
        """The invoice's number."""
        return f"FV/{self.issued:%Y/%m}/{self.id:08d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an invoice of one volume says: its sums, and its content cut where number, account and days go."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    content: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many usual accounts there are, and on which day."""

    accounts: int
    on: date
    own_nrb: str
    shapes: tuple[Shape, ...]

    @property
    def usual(self) -> int:
        """An account like all the others."""
        return self.accounts // 2

    @property
    def few(self) -> int:
        """The account with two invoices."""
        return self.accounts + 1

    @property
    def many(self) -> int:
        """The account with two thousand invoices."""
        return self.accounts + 2

    @property
    def invoices(self) -> int:
        """How many invoices there are."""
        return self.accounts * MONTHS + FEW + MANY

    @cached_property
    def everyone(self) -> range:
        """All account ids."""
        return range(1, self.accounts + 3)

    def issued(self, month: int) -> date:
        """The issue date of one of the 24 months."""
        return self.on - MONTH * (MONTHS - 1 - month) - timedelta(days=3)

    def months(self) -> Iterator[tuple[date, list[Bill]]]:
        """The invoices of the usual accounts, a month at a time, as a utility issues them."""
        for month in range(MONTHS):
            first, issued = month * self.accounts, self.issued(month)
            yield (
                issued,
                [
                    Bill(id=first + a, account=a, issued=issued, volume=(a + month) % VOLUMES, paid=_paid(a, month))
                    for a in range(1, self.accounts + 1)
                ],
            )

    def bills(self) -> Iterator[Bill]:
        """Every invoice, in the order of ids."""
        for _, bills in self.months():
            yield from bills
        last = self.accounts * MONTHS
        for account, count in ((self.few, FEW), (self.many, MANY)):
            for place in range(count):
                last, issued = last + 1, self.on - timedelta(days=3 + (count - 1 - place) % 720)
                yield Bill(id=last, account=account, issued=issued, volume=place % VOLUMES, paid=False)

    def charge(self, bill: Bill) -> int:
        """The id of the entry that an invoice posts; the next id is its payment."""
        return self.accounts + 2 * bill.id


def _paid(account: int, month: int) -> bool:
    newest = month == MONTHS - 1
    return not (newest and account % 3 == 0) and not (month >= MONTHS - 2 and account % 10 == 0)


def _row(*cells: object) -> str:
    return "\t".join(NULL if cell is None else str(cell) for cell in cells) + "\n"


def _hash(text: str) -> str:
    return r"\\x" + hashlib.sha256(text.encode()).hexdigest()


def _nrb(account: int) -> str:
    return f"46999000097777{account:012d}"


def _customer_number(account: int) -> str:
    return f"{FIRST_NUMBER + account:09d}"


def accounts(plan: Plan) -> Iterator[str]:
    """Rows of customers_customeraccount."""
    for a in plan.everyone:
        number, opened = _customer_number(a), date(2020, 1, 1)
        yield _row(
            a, number, "person", f"Żegota Sówka {a}", "ul. Zaciszna", a % 200 + 1, "05-400", "Otwock", _nrb(a), opened,
            AT, AT,
        )  # fmt: skip


def points(plan: Plan) -> Iterator[str]:
    """Rows of customers_servicepoint."""
    for a in plan.everyone:
        yield _row(a, f"PP{a:08d}", a, "ul. Zaciszna", a % 200 + 1, "05-400", "Otwock", AT, AT)


def meters(plan: Plan) -> Iterator[str]:
    """Rows of metering_meter."""
    return (_row(a, f"2{a:07d}", 5, plan.on + timedelta(days=400), AT, AT) for a in plan.everyone)


def installations(plan: Plan) -> Iterator[str]:
    """Rows of metering_meterinstallation."""
    return (_row(a, a, a, "main", plan.on - timedelta(days=900), 0, AT, AT) for a in plan.everyone)


def _read(plan: Plan) -> Iterator[tuple[int, int, date, int]]:
    place = 0
    for month in range(0, MONTHS, READING_MONTHS):
        day = plan.issued(month) - timedelta(days=2)
        for a in plan.everyone:
            place += 1
            yield place, a, day, (month + 1) * 8


def readings(plan: Plan) -> Iterator[str]:
    """Rows of metering_meterreading: a reading a quarter for every meter."""
    return (_row(place, a, day, value, "reader", AT) for place, a, day, value in _read(plan))


def acceptances(plan: Plan) -> Iterator[str]:
    """Rows of metering_readingacceptance."""
    return (_row(place, AT, "import", place) for place, *_ in _read(plan))


def invoices(plan: Plan) -> Iterator[str]:
    """Rows of billing_invoice."""
    issued, contents = date.min, list[str]()
    for b in plan.bills():
        if b.issued != issued:
            issued, contents = b.issued, [_of_day(shape.content, b.issued) for shape in plan.shapes]
        shape, number, nrb = plan.shapes[b.volume], b.number, _nrb(b.account)
        content = contents[b.volume] % (number, _customer_number(b.account), nrb)
        yield (
            f"{b.id}\t{number}\tVAT\t{b.account}\t{issued}\t{_due(b)}\t{issued - MONTH}\t{issued}\t{shape.net}\t"
            f"{shape.vat}\t{shape.gross}\t{nrb}\t\t{_hash(number)}\t{content}\t{AT}\n"
        )


def _due(bill: Bill) -> date:
    return bill.issued + timedelta(days=14)


def _of_day(content: str, issued: date) -> str:
    days = {"@issued@": issued, "@start@": issued - MONTH, "@end@": issued, "@due@": issued + timedelta(days=14)}
    for word, day in days.items():
        content = content.replace(word, str(day))
    return content


def ledgers(plan: Plan) -> Iterator[str]:
    """Rows of billing_accountledger."""
    return (_row(a) for a in plan.everyone)


def entries(plan: Plan) -> Iterator[str]:
    """Rows of billing_ledgerentry: an opening balance, the invoices, their payments."""
    first = plan.issued(0) - MONTH
    for a in range(1, plan.accounts + 1):
        yield f"{a}\topening\topening\tbilling\tBO/{a}\t0.00\t{first}\t{NULL}\t\t\t{{}}\t{AT}\t{a}\t{NULL}\n"
    for b in plan.bills():
        charge, gross, number = plan.charge(b), plan.shapes[b.volume].gross, b.number
        yield (
            f"{charge}\tinvoice\trevenue\tinvoice\tVAT:{number}\t{gross}\t{b.issued}\t{_due(b)}\t{number}\t\t{{}}\t{AT}"
            f"\t{b.account}\t{b.id}\n"
        )
        if b.paid:
            yield (
                f"{charge + 1}\tpayment\tbank\tstatement\t{b.id:016d}\t-{gross}\t{_paid_on(b)}\t{NULL}\t\t"
                f'Faktura {number}\t{{"{number}"}}\t{AT}\t{b.account}\t{NULL}\n'
            )


def _paid_on(bill: Bill) -> date:
    return bill.issued + timedelta(days=2)


def allocations(plan: Plan) -> Iterator[str]:
    """Rows of billing_allocation."""
    for b in plan.bills():
        if b.paid:
            charge = plan.charge(b)
            yield f"{b.id}\t{plan.shapes[b.volume].gross}\t{AT}\t{charge}\t{charge + 1}\n"


def open_items(plan: Plan) -> Iterator[str]:
    """Rows of billing_openitem."""
    for b in plan.bills():
        if not b.paid:
            yield f"{plan.charge(b)}\t{plan.shapes[b.volume].gross}\t{_due(b)}\t{b.account}\t{b.id}\n"


def statements(plan: Plan) -> Iterator[str]:
    """Rows of payments_bankstatement: one a month."""
    balance = Decimal(0)
    for place, (issued, bills) in enumerate(plan.months(), start=1):
        paid = [plan.shapes[b.volume].gross for b in bills if b.paid]
        opening, balance = balance, balance + sum(paid)
        last = issued + timedelta(days=2)
        first, name = last - MONTH + timedelta(days=1), f"{place}/{issued:%Y}"
        yield _row(place, plan.own_nrb, name, first, last, opening, balance, len(paid), _hash(name), AT)


def movements(plan: Plan) -> Iterator[str]:
    """Rows of payments_statementmovement."""
    for place, (_, bills) in enumerate(plan.months(), start=1):
        for position, b in enumerate((b for b in bills if b.paid), start=1):
            day, key = _paid_on(b), _hash(f"movement {b.id}")
            yield (
                f"{b.id}\t{position}\t{day}\t{day}\t{plan.shapes[b.volume].gross}\tf\tREF{b.id:012d}\tŻegota Sówka\t\t"
                f"{{{_nrb(b.account)}}}\t\tFaktura {b.number}\t\t{key}\t{key}\t{place}\n"
            )


def matches(plan: Plan) -> Iterator[str]:
    """Rows of payments_matchedmovement."""
    for b in plan.bills():
        if b.paid:
            yield f"{b.id}\tvirtual_account\t{AT}\t{b.account}\t{plan.charge(b) + 1}\n"
