"""How the customers of the demo pay: most of them on time, some late, a few not at all."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ebok.jobs.demo import chance
from ebok.jobs.demo.calendar import DAY, banking_day
from ebok.jobs.demo.model import Bank, DemoAccount, DemoBill, DemoEntry, DemoFile, DemoTransfer, Part
from ebok.jobs.demo.people import Demo

_LATE_SHARE, _DEBTOR_SHARE = 0.12, 0.16
_UNPAID_BILLS: Final = 3
_RETURN_DAYS: Final = 3
_OVERPAID: Final = Decimal("900.00")
_OPENING_EVERY, _OWED_PLACE, _OVERPAID_PLACE = 8, 2, 5
_PLAIN_TITLE_EVERY, _PLAIN_TITLE_PLACE = 16, 4
_DEBTORS: Final = frozenset({Part.JAN})
_PROMPT: Final = frozenset(
    {Part.ANNA, Part.EWA, Part.BYLY, Part.COOPERATIVE, Part.MUNICIPAL, Part.DIFFERS, Part.RETURNED}
)


def pay(demo: Demo, file: DemoFile) -> None:
    """Book what is billed and let the customer pay it, up to the day before the demo's day."""
    die = chance.dice(demo.seed, f"pay-{file.account.index}")
    _book_bills(file)
    _open(file)
    manner = die.random()
    debtor = _is_debtor(file.account, manner)
    invoices = [bill for bill in file.bills if bill.corrects is None]
    last_paid = len(invoices) - (_UNPAID_BILLS if debtor else 0)
    for bill in invoices[:last_paid]:
        if bill.paid_on is None:
            _pay_bill(demo, file, bill, die, late=manner < _LATE_SHARE)
    _play_part(demo, file, invoices)
    if debtor and len(invoices) > _UNPAID_BILLS:
        _add_entry(file, "interest_note", Decimal("4.17"), invoices[-1].issue_date, title="Odsetki za opóźnienie")


def _is_debtor(account: DemoAccount, manner: float) -> bool:
    if account.part in _PROMPT:
        return False
    return account.part in _DEBTORS or _LATE_SHARE <= manner < _DEBTOR_SHARE


def _book_bills(file: DemoFile) -> None:
    for bill in file.bills:
        file.booked.append((bill.issue_date, bill.gross))
        if bill.paid_on is not None:
            file.booked.append((bill.paid_on, -bill.gross))


def _open(file: DemoFile) -> None:
    """What the billing system brings over from before the first invoice."""
    account = file.account
    if account.part is not Part.ORDINARY or account.index % _OPENING_EVERY not in (_OWED_PLACE, _OVERPAID_PLACE):
        return
    owed = account.index % _OPENING_EVERY == _OWED_PLACE
    amount = Decimal(account.index % 90 + 20) if owed else Decimal(-(account.index % 30 + 5))
    title = "Saldo z poprzedniego systemu" if owed else "Nadpłata z poprzedniego systemu"
    _add_entry(file, "opening", amount, account.ends[0], title=title)


def _add_entry(file: DemoFile, kind: str, amount: Decimal, day: date, *, title: str) -> None:
    number = file.account.number
    entry = DemoEntry(
        entry_id=f"{kind[:2].upper()}-{number}-{len(file.entries) + 1}",
        account_number=number,
        kind=kind,
        amount=amount,
        booked_on=day,
        due_on=day + timedelta(days=14) if amount > 0 else None,
        document_number=f"NO/{day:%Y/%m}/{number}" if kind == "interest_note" else "",
        title=title,
    )
    file.entries.append(entry)
    file.booked.append((day, amount))


def _pay_bill(demo: Demo, file: DemoFile, bill: DemoBill, die: random.Random, *, late: bool) -> None:
    due = bill.due_dates[0]
    if late and file.account.part not in _PROMPT:
        day = due + timedelta(days=die.randrange(2, 25))
    else:
        day = due - timedelta(days=die.randrange(1, (due - bill.issue_date).days - 3))
        day = max(day, demo.on) if file.account.part is Part.ANNA and bill is file.bills[-1] else day
    day = banking_day(day)
    amount = file.balance(until=day)
    if day < demo.on and amount > 0:
        _transfer(file, day, amount, bill)


def _transfer(file: DemoFile, day: date, amount: Decimal, bill: DemoBill, *, reversal: bool = False) -> None:
    account, plain = file.account, _is_plain(file.account, bill)
    transfer = DemoTransfer(
        bank=account.bank,
        booked_on=day,
        amount=amount,
        name=account.name,
        nrb=account.own_bank_nrb,
        virtual_nrb="" if plain else account.payment_nrb,
        collect_id="" if plain else account.collect_id,
        title=_title(account, bill, plain=plain),
        reversal=reversal,
    )
    file.transfers.append(transfer)
    file.booked.append((day, -amount))


def _is_plain(account: DemoAccount, bill: DemoBill) -> bool:
    """Some pay to the utility's own account and only name the invoice or themselves in the title."""
    such = account.part is Part.ORDINARY and account.index % _PLAIN_TITLE_EVERY == _PLAIN_TITLE_PLACE
    return such and bill.issue_date.month % 2 == 0


def _title(account: DemoAccount, bill: DemoBill, *, plain: bool) -> str:
    choices = (
        bill.number,
        f"{bill.number} {account.number}",
        f"Faktura {bill.number}",
        f"Opłata, konto {account.number}",
    )
    if plain:
        return choices[(account.index // _PLAIN_TITLE_EVERY) % 4]
    loose = ("Opłata za ścieki i wodę, dziękuję", f"Zapłata za fakturę {bill.number} z dnia {bill.issue_date}")
    return (choices + loose)[(account.index + bill.issue_date.month) % 6]


def _play_part(demo: Demo, file: DemoFile, invoices: list[DemoBill]) -> None:
    if file.account.part is Part.EWA and len(invoices) > 1:
        _transfer(file, banking_day(invoices[-2].issue_date + DAY), _OVERPAID, invoices[-2])
    if file.account.part is Part.RETURNED and file.transfers:
        _return_last(demo, file, invoices)
    if file.account.part is Part.BYLY and file.transfers:
        _add_entry(
            file, "refund", Decimal("12.40"), invoices[-1].issue_date + DAY, title="Zwrot nadpłaty po zamknięciu konta"
        )
        _add_entry(file, "other", Decimal("-12.40"), invoices[-1].issue_date, title="Rozliczenie końcowe")


def _return_last(demo: Demo, file: DemoFile, invoices: list[DemoBill]) -> None:
    """The bank takes back the last payment that is old enough to be taken back by now."""
    old = [t for t in file.transfers if banking_day(t.booked_on + timedelta(days=_RETURN_DAYS)) < demo.on]
    if old:
        paid = next(bill for bill in invoices if bill.issue_date <= old[-1].booked_on)
        _transfer(
            file, banking_day(old[-1].booked_on + timedelta(days=_RETURN_DAYS)), -old[-1].amount, paid, reversal=True
        )


def strangers(demo: Demo, files: Iterable[DemoFile]) -> Iterator[DemoTransfer]:
    """Movements of nobody's account: charges of the bank, gifts without a name, one invoice paid twice over."""
    for months in range(demo.months):
        day = banking_day((demo.on - timedelta(days=20 + 30 * months)).replace(day=2))
        for bank in Bank:
            yield _stranger(bank, day, Decimal("-35.00"), "Bank Przykładowy", "Opłata za prowadzenie rachunku")
    for number in range(3):
        day = banking_day(demo.on - timedelta(days=12 + 40 * number))
        yield _stranger(Bank.MT940, day, Decimal(60 + number), f"{number} Żuraw Irena", "opłata za wodę od mamy")
    for bill in [bill for file in files for bill in file.bills if bill.paid_on][:1]:
        yield _paid_twice(bill)


def _stranger(bank: Bank, day: date, amount: Decimal, name: str, title: str) -> DemoTransfer:
    return DemoTransfer(
        bank=bank, booked_on=day, amount=amount, name=name, nrb="", virtual_nrb="", collect_id="", title=title
    )


def _paid_twice(bill: DemoBill) -> DemoTransfer:
    """The bank's record of a payment the invoice itself already states (`Zaplacono`)."""
    account = bill.account
    return DemoTransfer(
        bank=account.bank,
        booked_on=banking_day(bill.issue_date + DAY),
        amount=bill.gross,
        name=account.name,
        nrb=account.own_bank_nrb,
        virtual_nrb=account.payment_nrb,
        collect_id=account.collect_id,
        title=bill.number,
    )
