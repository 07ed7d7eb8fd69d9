"""What the demo utility knows before it is written to files. Amounts in złoty, volumes in m³."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from ebok.kernel.money import ZERO, money


class Part(StrEnum):
    """The part an account plays in the demo."""

    ANNA = "anna"
    JAN = "jan"
    EWA = "ewa"
    NOWA = "nowa"
    BYLY = "byly"
    RETURNED = "zwrot"
    DIFFERS = "roznica"
    MUNICIPAL = "gmina"
    STAFF_FLAT = "sluzbowy"
    COOPERATIVE = "zarzad"
    ORDINARY = "zwykly"


class Bank(StrEnum):
    """Which of the utility's two accounts collects the payments of a customer."""

    MT940 = "mt940"
    CAMT = "camt053"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One customer account, which is one premises."""

    index: int
    part: Part
    number: str
    is_person: bool
    name: str
    nip: str
    pesel: str
    email: str
    phone: str
    street: str
    house: str
    flat: str
    postal_code: str
    correspondence: tuple[str, str, str] | None
    payment_nrb: str
    collect_id: str
    own_bank_nrb: str
    bank: Bank
    zone: str
    tariff_group: str
    billing_months: int
    ends: tuple[date, ...]
    opened_on: date
    closed_on: date | None

    @property
    def address_line(self) -> str:
        """Street, house and flat on one line."""
        return f"{self.street} {self.house}" + (f"/{self.flat}" if self.flat else "")

    @property
    def point_number(self) -> str:
        """The number of its service point."""
        return f"PP-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMeter:
    """One meter at the premises; `subtractive` for a garden."""

    serial: str
    point_number: str
    subtractive: bool
    dials: int
    installed_on: date
    initial_value: int
    removed_on: date | None
    final_value: int | None
    verification_valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReading:
    """What a meter showed at the end of a day."""

    serial: str
    read_on: date
    value: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLine:
    """A row of an invoice. `vat` is 23, 8 or zw."""

    text: str
    unit: str
    quantity: Decimal
    rate: Decimal
    vat: str
    before: bool = False

    @property
    def net(self) -> Decimal:
        """Quantity times rate, half up to the grosz."""
        return money(self.quantity * self.rate)


VAT_SHARE = {"23": Decimal("0.23"), "8": Decimal("0.08"), "zw": ZERO}


@dataclass(frozen=True, kw_only=True)
class DemoBill:
    """An invoice, or a correction of `corrects` whose rows come in pairs before/after."""

    account: DemoAccount
    issue_date: date
    first_day: date
    last_day: date
    due_dates: tuple[date, ...]
    lines: tuple[DemoLine, ...]
    notes: tuple[tuple[int | None, str, str], ...] = ()
    paid_on: date | None = None
    number: str = ""
    ksef: str = ""
    corrects: "DemoBill | None" = None
    reason: str = ""

    @cached_property
    def totals(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Net and VAT by rate; of a correction, the differences."""
        nets = dict.fromkeys(VAT_SHARE, ZERO)
        for line in self.lines:
            nets[line.vat] += -line.net if line.before else line.net
        used = {line.vat for line in self.lines}
        return {vat: (net, money(net * VAT_SHARE[vat])) for vat, net in nets.items() if vat in used}

    @cached_property
    def gross(self) -> Decimal:
        """What it adds to what the customer owes."""
        return sum((net + vat for net, vat in self.totals.values()), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntry:
    """A row only the billing system knows (`entries.csv`); positive owes more."""

    entry_id: str
    account_number: str
    kind: str
    amount: Decimal
    booked_on: date
    due_on: date | None
    document_number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTransfer:
    """A movement on one of the utility's bank accounts; negative goes out. `nrb` is the other side's."""

    bank: Bank
    booked_on: date
    amount: Decimal
    name: str
    nrb: str
    virtual_nrb: str
    collect_id: str
    title: str
    reversal: bool = False


@dataclass(slots=True, kw_only=True)
class DemoFile:
    """Everything of one account; filled step by step while the demo is made."""

    account: DemoAccount
    meters: tuple[DemoMeter, ...]
    readings: tuple[DemoReading, ...]
    bills: list[DemoBill]
    entries: list[DemoEntry] = field(default_factory=list)
    transfers: list[DemoTransfer] = field(default_factory=list)
    booked: list[tuple[date, Decimal]] = field(default_factory=list)

    def balance(self, *, until: date) -> Decimal:
        """What is owed at the end of a day, by everything booked."""
        return sum((amount for day, amount in self.booked if day <= until), ZERO)
