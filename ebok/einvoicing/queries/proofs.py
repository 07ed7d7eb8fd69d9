"""Proves what einvoicing promises, from the rows alone."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ebok.billing.domain.overview import BrokenPromise
from ebok.billing.queries import count_invoices
from ebok.einvoicing.domain import Carrier, Channel, SendingStage
from ebok.einvoicing.models import InvoiceTransmission, MailFailure, Mailing, PaperFallback, PrintedInvoice, Sending

PROMISE: Final = "E1"
NAMED_AT_MOST: Final = 20


def broken_promises() -> list[BrokenPromise]:
    """Every promise that does not hold. Empty when all do.

    Every booked invoice has one decision; none goes by e-mail without a consent of its own account; what is mailed
    was to be mailed, and went where a consent of its own account says; a message carries one invoice, and another
    follows only after a failure; paper is printed once, and what was to be mailed is printed only after it was
    given up.
    """
    checks = (
        _undecided, _without_consent, _mailed_otherwise, _mailed_elsewhere, _mailed_twice, _printed_otherwise,
        _half_done,
    )  # fmt: skip
    return [broken for check in checks for broken in islice(check(), NAMED_AT_MOST)]


def _undecided() -> Iterator[BrokenPromise]:
    missing = count_invoices() - InvoiceTransmission.objects.count()
    if missing:
        yield _broken(f"bez wyboru drogi: {missing}")


def _without_consent() -> Iterator[BrokenPromise]:
    mailed = InvoiceTransmission.objects.filter(Q(channel=Channel.EMAIL.value) | Q(copy_by_email=True))
    others = mailed.filter(Q(consent__isnull=True) | ~Q(consent__account_id=F("account_id")))
    yield from _each(others, "e-mail bez zgody tego konta")


def _mailed_otherwise() -> Iterator[BrokenPromise]:
    right = Q(channel=Channel.EMAIL.value, carried_by=Carrier.EBOK.value) | Q(copy_by_email=True)
    yield from _each(
        InvoiceTransmission.objects.filter(right, sending__isnull=True), "do wysłania, a nie ma jej na liście"
    )
    sent = Sending.objects.values("transmission_id")
    yield from _each(
        InvoiceTransmission.objects.filter(pk__in=sent).exclude(right), "na liście do wysłania mimo innej drogi"
    )


def _mailed_elsewhere() -> Iterator[BrokenPromise]:
    right = Q(consent__account_id=F("transmission__account_id"), address=F("consent__address"))
    for row in Mailing.objects.exclude(right).order_by("id"):
        yield _broken(f"faktura {row.transmission_id}: wysłana na adres spoza zgody tego konta")


def _mailed_twice() -> Iterator[BrokenPromise]:
    failed_before = MailFailure.objects.filter(
        mailing__transmission=OuterRef("transmission"), mailing__number__lt=OuterRef("number")
    )
    for row in Mailing.objects.filter(~Exists(failed_before), number__gt=1).order_by("id"):
        yield _broken(f"faktura {row.transmission_id}: wysłana ponownie, choć nic nie zawiodło")


def _printed_otherwise() -> Iterator[BrokenPromise]:
    right = Q(transmission__channel=Channel.PAPER.value) | Q(transmission__fallback__isnull=False)
    for row in PrintedInvoice.objects.exclude(right).order_by("id"):
        yield _broken(f"faktura {row.transmission_id}: wydrukowana mimo innej drogi")


def _half_done() -> Iterator[BrokenPromise]:
    handed = Sending.objects.filter(state=SendingStage.HANDED.value)
    for row in handed.filter(~Exists(Mailing.objects.filter(transmission=OuterRef("pk")))):
        yield _broken(f"faktura {row.pk}: przekazana, a nie ma wiadomości")
    paper = Sending.objects.filter(state=SendingStage.PAPER.value)
    for row in paper.filter(~Exists(PaperFallback.objects.filter(transmission=OuterRef("pk")))):
        yield _broken(f"faktura {row.pk}: zamiast e-maila papier, ale nie ma jej do druku")


def _each(rows: QuerySet[InvoiceTransmission], what: str) -> Iterator[BrokenPromise]:
    for invoice_id in rows.order_by("pk").values_list("pk", flat=True):
        yield _broken(f"faktura {invoice_id}: {what}")


def _broken(what: str) -> BrokenPromise:
    return BrokenPromise(promise=PROMISE, what=what)
