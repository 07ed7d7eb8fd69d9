"""Mailings that failed for good, and whose address fails."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, QuerySet

from ebok.billing.queries import invoice_letters
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.domain import Channel, FailedMailing, FailingAccount, FailureStep, SendingStage
from ebok.einvoicing.models import MailFailure, Mailing, Sending
from ebok.foundation.lookups import among
from ebok.terms.queries import standings_on

SHOWN = 200


def failing_consents(*, entry_ids: Collection[int]) -> set[int]:
    """Those of these entries of the consent ledger whose address has refused mail for good."""
    rows = MailFailure.objects.filter(final=True, mailing__consent_id__in=entry_ids)
    return set(rows.values_list("mailing__consent_id", flat=True))


def failing_accounts(*, scope: CustomerScope, today: date) -> list[FailingAccount]:
    """Accounts in scope whose e-invoices do not arrive: the address in force has refused mail for good."""
    failed = MailFailure.objects.filter(final=True).select_related("mailing__transmission")
    if scope.account_ids is not None:
        failed = failed.filter(mailing__transmission__account_id__in=scope.account_ids)
    by_entry = {one.mailing.consent_id: one for one in failed.order_by("-id")}
    if not by_entry:
        return []
    accounts = {one.mailing.transmission.account_id for one in by_entry.values()}
    standings = standings_on(wanted={(account, today) for account in accounts})
    return [
        FailingAccount(account_id=account, address=failure.mailing.address, since=failure.failed_at)
        for (account, _), standing in sorted(standings.items())
        if standing.in_force and (failure := by_entry.get(standing.entry_id or 0)) is not None
    ]


def failures(*, open_only: bool = True, limit: int = SHOWN) -> list[FailedMailing]:
    """What the office has to look at: failed mailings and invoices no message could be made of, the newest first."""
    rows = MailFailure.objects.select_related("mailing__transmission", "settled").order_by("-id")
    found = list((rows.filter(settled__isnull=True) if open_only else rows)[:limit])
    stuck = list(_stuck().order_by("-stuck_at")[:limit])
    numbers = _numbers([*(one.mailing.transmission_id for one in found), *(one.pk for one in stuck)])
    tries = _tries({one.mailing.transmission_id for one in found})
    listed = [*(_failed(one, numbers, tries) for one in found), *(_unmade(one, numbers) for one in stuck)]
    return sorted(listed, key=lambda one: one.failed_at, reverse=True)[:limit]


def count_failures() -> int:
    """How many failures are on the office's list."""
    return MailFailure.objects.filter(settled__isnull=True).count() + _stuck().count()


def _stuck() -> QuerySet[Sending]:
    return Sending.objects.filter(state=SendingStage.STUCK.value).select_related("transmission")


def _failed(one: MailFailure, numbers: dict[int, str], tries: dict[int, int]) -> FailedMailing:
    way, settled = one.mailing.transmission, getattr(one, "settled", None)
    return FailedMailing(
        failure_id=one.id,
        invoice_id=way.invoice_id,
        account_id=way.account_id,
        number=numbers[way.invoice_id],
        address=one.mailing.address,
        words=one.words,
        failed_at=one.failed_at,
        tries=tries[way.invoice_id],
        next_step=FailureStep.OFFICE if one.final else FailureStep.AGAIN_BY_ITSELF,
        copy_only=Channel(way.channel) is Channel.KSEF,
        settled_as=settled.how if settled else "",
    )


def _unmade(one: Sending, numbers: dict[int, str]) -> FailedMailing:
    way, since = one.transmission, one.stuck_at
    assert since is not None  # noqa: S101 - a constraint: what is stuck is so since a moment
    return FailedMailing(
        failure_id=None,
        invoice_id=way.invoice_id,
        account_id=way.account_id,
        number=numbers[way.invoice_id],
        address="",
        words=one.words,
        failed_at=since,
        tries=0,
        next_step=FailureStep.OFFICE,
        copy_only=Channel(way.channel) is Channel.KSEF,
        settled_as="",
    )


def _numbers(invoice_ids: Iterable[int]) -> dict[int, str]:
    ids = set(invoice_ids)
    return {one: letter.number for one, letter in invoice_letters(invoice_ids=ids).items()} if ids else {}


def _tries(invoice_ids: Collection[int]) -> dict[int, int]:
    rows = Mailing.objects.filter(among("transmission_id", invoice_ids)).values_list("transmission_id")
    return dict(rows.annotate(count=Count("id")))
