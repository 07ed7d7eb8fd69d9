"""What the demo writes, the readers of its formats read: the same money, names, titles, accounts and days."""

import hashlib
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from ebok.adapters.camt053 import Camt053Reader
from ebok.adapters.fa3 import Fa3InvoiceReader
from ebok.adapters.mt940 import Mt940Reader
from ebok.adapters.upo import UpoReceiptReader
from ebok.foundation.intake import expand
from ebok.jobs.demo import payments
from ebok.jobs.demo.model import Bank, DemoFile, DemoTransfer
from ebok.jobs.demo.people import Demo
from ebok.jobs.demo.writing import make, write_demo
from ebok.payments.domain import Movement
from ebok.payments.ports import StatementReader

DEMO = Demo(seed=3, on=date(2026, 11, 22), accounts=64, months=23)
QUOTES = str.maketrans({"„": '"', "”": '"'})
XML = frozenset({".xml"})
SAMPLE = 6

Facts = tuple[date, Decimal, str, str, bool]


@pytest.fixture(scope="module")
def made() -> list[DemoFile]:
    return make(DEMO)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo(path, demo=DEMO)
    return path


def of_transfer(transfer: DemoTransfer) -> Facts:
    words = transfer.name.translate(QUOTES), transfer.title.translate(QUOTES)
    return transfer.booked_on, transfer.amount, *words, transfer.reversal


def of_movement(movement: Movement) -> Facts:
    words = movement.counterparty_name.translate(QUOTES), movement.title.translate(QUOTES)
    return movement.booked_on, movement.amount, *words, movement.reversal


@pytest.mark.parametrize(("bank", "reader"), [(Bank.MT940, Mt940Reader()), (Bank.CAMT, Camt053Reader())])
def test_every_movement_comes_back_in_a_chain_without_gaps(
    made: list[DemoFile], folder: Path, bank: Bank, reader: StatementReader
) -> None:
    files = expand([folder / "statements" / bank.value], suffixes=frozenset({".sta", ".xml"}))
    statements = [statement for file in files for statement in reader.read(file.read())]
    assert all(before.closing == after.opening for before, after in pairwise(statements))
    assert all(before.last_day < after.first_day for before, after in pairwise(statements))
    everything = [t for file in made for t in file.transfers] + list(payments.strangers(DEMO, made))
    wanted = Counter(of_transfer(t) for t in everything if t.bank is bank and t.booked_on < DEMO.on)
    assert Counter(of_movement(m) for s in statements for m in s.movements) == wanted
    known = {f.account.payment_nrb for f in made} | {f.account.collect_id for f in made}
    for movement in (m for s in statements for m in s.movements):
        assert {*movement.accounts_mentioned, movement.collect_id} - {""} <= known


def test_invoices_come_back_with_their_money_and_account(made: list[DemoFile], folder: Path) -> None:
    bills = {bill.number: bill for file in made for bill in file.bills}
    files = list(expand([folder / "invoices"], suffixes=XML))
    assert len(files) == len(bills)
    for file in files[::SAMPLE]:
        invoice = Fa3InvoiceReader().read(file.read())
        bill = bills[invoice.number]
        assert (invoice.gross_total, invoice.issue_date, invoice.due_dates) == (
            bill.gross,
            bill.issue_date,
            bill.due_dates,
        )
        assert invoice.buyer.customer_number == bill.account.number
        assert [account.nrb for account in invoice.payment_accounts] == [bill.account.payment_nrb]
        assert [c.number for c in invoice.corrects] == ([bill.corrects.number] if bill.corrects else [])


def test_receipts_come_back_with_the_hashes_of_the_invoices(folder: Path) -> None:
    hashes = {hashlib.sha256(file.read()).digest() for file in expand([folder / "invoices"], suffixes=XML)}
    receipts = [
        document
        for file in expand([folder / "upo"], suffixes=XML)
        for document in UpoReceiptReader().read(file.read()).documents
    ]
    assert receipts
    assert {document.xml_sha256 for document in receipts} <= hashes
