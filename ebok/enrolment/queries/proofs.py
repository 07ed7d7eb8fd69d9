"""What a session has proved."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ebok.access.queries import owners_left
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts, holder_changes
from ebok.enrolment.domain import ActivationMethod, ProofTicket
from ebok.enrolment.models import ActivationCode, Proof
from ebok.foundation.digests import keyed_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A proof that can still be used: by which way, and the numbers of the accounts it opens."""

    method: ActivationMethod
    account_numbers: tuple[str, ...]
    expires_at: datetime


def proved(*, ticket: ProofTicket, now: datetime) -> Proved | None:
    """What the session that holds the ticket has proved; None when it is used, too old, or another session's."""
    row = Proof.objects.filter(id=ticket.proof_id, used_at__isnull=True, expires_at__gt=now).first()
    if row is None or not fits(row, ticket):
        return None
    scope = CustomerScope.for_accounts(frozenset(accounts_opened_by(row)), reason="proof")
    numbers = tuple(one.number for one in accounts(scope=scope))
    return Proved(method=ActivationMethod(row.method), account_numbers=numbers, expires_at=row.expires_at)


def accounts_opened_by(row: Proof | ActivationCode) -> list[int]:
    """The ids of the accounts a proof or a code is for, in order."""
    found = row.accounts.through.objects.filter(**{row._meta.model_name or "": row.pk})
    return list(found.order_by("customeraccount_id").values_list("customeraccount_id", flat=True))


def good_from(*, account_ids: Collection[int], now: datetime) -> datetime | None:
    """The moment after which something must have been made to prove these accounts; None when anything does.

    What came while somebody owned one of them, who does so no more, proves nothing: they had it in their hands. Nor
    does what came before the registry named another holder, who need not have had a login.
    """
    left = owners_left(account_ids=account_ids, today=timezone.localdate(now))
    return max([*left.values(), *holder_changes(account_ids=account_ids).values()], default=None)


def is_past(row: Proof | ActivationCode, *, made_at: datetime, now: datetime) -> bool:
    """Whether a proof or a code is from the time of a former owner or holder of one of its accounts."""
    since = good_from(account_ids=accounts_opened_by(row), now=now)
    return since is not None and made_at <= since


def fits(row: Proof, ticket: ProofTicket) -> bool:
    """Whether the ticket is that of this proof."""
    return hmac.compare_digest(bytes(row.secret_hmac), secret_digest(ticket.secret))


def secret_digest(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return keyed_digest(purpose="enrolment.proof", value=secret)
