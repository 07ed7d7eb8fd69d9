"""Checks of invoices that anybody may make without signing in. They tell no name, no address and no debt."""

import hashlib
from decimal import Decimal

from ebok.billing.domain.printed import PrintedPayment
from ebok.billing.queries.printed import (
    any_printed,
    invoice_of_supplied_pdf,
    printed_by_number,
    printed_payment,
    prints_account,
    prints_sum,
)
from ebok.customers.queries import payment_account_holders, payment_accounts_of
from ebok.einvoicing.domain.checks import (
    Agreement,
    Checked,
    Finding,
    ToCompare,
    amount_agrees,
    is_abroad,
    is_account,
    judge,
    may_be_ours,
    number_spellings,
    plain_token,
)
from ebok.einvoicing.models import InvoiceTransmission, SealedDocument
from ebok.einvoicing.ports import DocumentSeal, SealUnavailable, SealVerdict
from ebok.foundation.ports import adapter
from ebok.foundation.utility import utility

_NOBODY = 0
_OF_VERDICT = {
    SealVerdict.OURS: Finding.FILE_UNLISTED,
    SealVerdict.ALTERED: Finding.FILE_ALTERED,
    SealVerdict.NOT_OURS: Finding.FILE_NOT_OURS,
}


def check_token(*, typed: str) -> Checked:
    """Look for the invoice with this printed code, typed as it may be."""
    found = InvoiceTransmission.objects.filter(token=plain_token(typed) or None).values_list("invoice_id", flat=True)
    invoice_id = found.first()
    if invoice_id is None:
        return Checked(finding=Finding.UNKNOWN_CODE)
    return Checked(finding=Finding.KNOWN_CODE, compare=_compare(invoice_id))


def is_our_account(*, nrb: str) -> bool:
    """Say whether a bank account (26 digits) is ours: the utility's own, a customer's payment account now or ever,
    or printed on a booked invoice."""
    held, printed = payment_account_holders(nrb=nrb), prints_account(nrb=nrb)
    return bool(held) or printed or nrb in utility().ibans


def knows_accounts() -> bool:
    """Whether there is any account of ours to compare with."""
    return bool(utility().ibans) or any_printed()


def check_typed(*, nrb: str, number: str, amount: Decimal) -> Checked:
    """Compare a bank account, an invoice number and an amount with the invoices booked here.

    The account has 26 digits, its check digits right or not; or it is one of another country, which is never ours.

    The same queries whatever there is, so that the time tells no more than the answer.
    """
    ours = may_be_ours(nrb=nrb, known=is_our_account(nrb=nrb), knows_any=knows_accounts())
    candidates = printed_by_number(numbers=number_spellings(number))
    paid_to = payment_accounts_of(account_ids=[one.account_id for one in candidates] or [_NOBODY])
    agreements = [
        Agreement(
            account=nrb in _accounts(one, paid_to.get(one.account_id, ())),
            amount=amount_agrees(typed=amount, gross_total=one.gross_total, to_pay=one.to_pay),
        )
        for one in candidates
    ]
    on_account = prints_sum(nrb=nrb, gross_total=amount, holders=payment_account_holders(nrb=nrb) or [_NOBODY])
    finding = judge(ours=ours, of_number=agreements, sum_on_account=on_account)
    if finding is not Finding.ALL_AGREE:
        abroad = is_abroad(nrb)
        return Checked(finding=finding, misspelled=not (ours or abroad or is_account(nrb)), abroad=abroad)
    agreed = candidates[agreements.index(Agreement(account=True, amount=True))]
    return Checked(finding=finding, compare=_told(agreed, nrb=nrb, typed=amount))


def check_file(*, content: bytes) -> Checked:
    """Say whether a file is the document of an invoice, unchanged, by its SHA-256; else what its seal says.

    Nothing of it is kept.
    """
    digest = hashlib.sha256(content).digest()
    sealed = SealedDocument.objects.filter(sha256=digest).values_list("invoice_id", flat=True).first()
    invoice_id = sealed if sealed is not None else invoice_of_supplied_pdf(sha256=digest)
    if invoice_id is not None:
        return Checked(finding=Finding.FILE_UNCHANGED, compare=_compare(invoice_id))
    try:
        return Checked(finding=_OF_VERDICT[adapter(DocumentSeal).inspect(content).verdict])
    except SealUnavailable:
        return Checked(finding=Finding.FILE_UNCHECKED)


def _accounts(printed: PrintedPayment, paid_to: tuple[str, ...]) -> tuple[str, ...]:
    """The accounts an invoice may be paid to: what it prints; else its customer's; else the utility's own."""
    return printed.nrbs or paid_to or utility().ibans


def _compare(invoice_id: int) -> ToCompare | None:
    printed = printed_payment(invoice_id=invoice_id)
    if printed is None:
        return None
    paid_to = payment_accounts_of(account_ids=[printed.account_id]).get(printed.account_id, ())
    return _told(printed, nrb=next(iter(printed.nrbs or paid_to), ""), typed=None)


def _told(printed: PrintedPayment, *, nrb: str, typed: Decimal | None) -> ToCompare:
    """What may be told. A sum that holds older debts is told only to somebody who has just typed it."""
    asks_more = printed.to_pay not in (printed.gross_total, Decimal(0))
    knows = asks_more and typed == printed.to_pay
    return ToCompare(
        nrb=nrb,
        amount=printed.to_pay if knows else printed.gross_total,
        is_gross=not knows and printed.to_pay != printed.gross_total and printed.gross_total > 0,
        due_on=printed.due_date if printed.gross_total > 0 else None,
    )
