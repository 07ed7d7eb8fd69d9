"""A transfer as its page shows it: what to copy, and the code to scan."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from ebok.billing import queries as billing
from ebok.billing.domain.overview import InvoiceRow
from ebok.billing.domain.transfer_code import TRANSFER_TITLE_LENGTH, transfer_title
from ebok.billing.domain.wording import KIND
from ebok.foundation.formats import NBSP, long_date, nrb_groups, short_date, zloty
from ebok.foundation.utility import utility
from ebok.kernel.money import ZERO, plain
from ebok.portal.payments.owed import Owed
from ebok.web.qr import qr_svg

CODES_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInvoice:
    """An invoice a transfer pays."""

    url: str
    number: str
    amount: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What to write in one transfer. `alone_url` opens it by itself when its code is not shown here."""

    heading: str
    amount: str
    amount_plain: str
    by: str
    recipient: str
    nrb: str
    nrb_shown: str
    title: str
    qr: SafeString | str
    alone_url: str
    invoices: tuple[PaidInvoice, ...]
    rest: str
    note: str


def transfers(owed: list[Owed], *, today: date) -> tuple[Transfer, ...]:
    """Make a transfer of everything owed that has an account to pay to; codes only while they are few."""
    payable = [one for one in owed if one.nrb]
    return tuple(_transfer(one, today=today, with_code=len(payable) <= CODES_AT_ONCE) for one in payable)


def _transfer(owed: Owed, *, today: date, with_code: bool) -> Transfer:
    numbers = [] if owed.whole else [row.number for row in owed.invoices]
    customer = owed.account.number
    return Transfer(
        heading=_heading(owed),
        amount=zloty(owed.amount) if owed.amount is not None else "",
        amount_plain=plain(owed.amount).replace(".", ",") if owed.amount is not None else "",
        by=_by(owed, today),
        recipient=utility().name,
        nrb=owed.nrb,
        nrb_shown=nrb_groups(owed.nrb).replace(NBSP, " "),
        title=transfer_title(invoice_numbers=numbers, customer_number=customer, limit=TRANSFER_TITLE_LENGTH),
        qr=_code(owed, transfer_title(invoice_numbers=numbers, customer_number=customer)) if with_code else "",
        alone_url="" if with_code else _alone(owed),
        invoices=tuple(_paid(row) for row in owed.invoices),
        rest=_rest(owed),
        note=_note(owed),
    )


def _heading(owed: Owed) -> str:
    place = owed.account.address.place or owed.account.name
    if owed.whole:
        return f"Całe saldo, {place}"
    if len(owed.invoices) == 1:
        return f"{KIND[owed.invoices[0].kind]} {owed.invoices[0].number}"
    return f"Faktury ({len(owed.invoices)}), {place}"


def _by(owed: Owed, today: date) -> str:
    if not owed.invoices:
        return ""
    first = owed.invoices[0].due_date
    if first < today:
        return f"Termin minął {long_date(first)}"
    return f"Termin: {long_date(first)}" if len(owed.invoices) == 1 else f"Najbliższy termin: {long_date(first)}"


def _rest(owed: Owed) -> str:
    """What the sum holds besides the invoices listed: opening balance, notes, invoices beyond the list."""
    if owed.amount is None:
        return ""
    rest = owed.amount - sum((row.outstanding for row in owed.invoices), ZERO)
    return zloty(rest) if rest else ""


def _note(owed: Owed) -> str:
    if owed.whole:
        return "Wpłatą pokryjemy najpierw faktury z najwcześniejszym terminem."
    if len(owed.invoices) > 1:
        return "Wpłatą pokryjemy najpierw faktury wymienione w tytule, potem te z najwcześniejszym terminem."
    return ""


def _code(owed: Owed, title: str) -> SafeString | str:
    text = billing.transfer_code_text(nrb=owed.nrb, amount=owed.amount, title=title)
    amount = zloty(owed.amount) if owed.amount is not None else "kwotę wpisujesz w banku"
    return qr_svg(text, label=f"Kod przelewu: {amount}, rachunek {nrb_groups(owed.nrb)}") if text else ""


def _alone(owed: Owed) -> str:
    asked = [("konto", owed.account.id)] if owed.whole else [("faktura", row.id) for row in owed.invoices]
    return f"{reverse('pay')}?{urlencode(asked)}"


def _paid(row: InvoiceRow) -> PaidInvoice:
    return PaidInvoice(
        url=reverse("invoice", args=[row.id]),
        number=row.number,
        amount=zloty(row.outstanding),
        due=short_date(row.due_date),
    )
