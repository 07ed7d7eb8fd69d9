"""Activation codes: making them, and knowing them again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from ebok.access.domain import new_long_code
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.enrolment.domain import CODE_LIFETIME, Delivery, MadeCode
from ebok.enrolment.models import ActivationCode
from ebok.enrolment.queries.letters import SEALED
from ebok.foundation.digests import keyed_digest
from ebok.foundation.encryption import encrypt


@transaction.atomic
def make_activation_code(
    *,
    account_ids: Collection[int],
    delivery: Delivery,
    acting: Actor,
    now: datetime,
    application_id: int | None = None,
    reason: str = "",
) -> MadeCode:
    """Make a code that opens these accounts for `CODE_LIFETIME`. `reason` is why staff had the customer open.

    A code on paper waits, encrypted, to be printed; one by e-mail is shown to the caller alone, who queues its
    message in the same transaction.
    """
    code = new_long_code()
    row = ActivationCode(delivery=delivery.value, application_id=application_id, code_hmac=code_digest(code))
    row.ordered_at, row.expires_at = now, now + CODE_LIFETIME
    row.ordered_by, row.ordered_by_kind = acting.name, acting.kind.value
    row.code_encrypted = encrypt(purpose=SEALED, plain=code.encode()) if delivery.on_paper else None
    row.save(force_insert=True)
    row.accounts.through.objects.bulk_create(
        row.accounts.through(activationcode_id=row.id, customeraccount_id=account) for account in sorted(account_ids)
    )
    facts = [_made(row, account, reason) for account in sorted(account_ids)]
    record(facts=facts, acting=acting, now=now)
    return MadeCode(code_id=row.id, code=code, expires_at=row.expires_at)


def code_digest(code: str) -> bytes:
    """What is kept of a code to know it again: a keyed HMAC."""
    return keyed_digest(purpose="enrolment.activation_code", value=code)


def _made(row: ActivationCode, account_id: int, reason: str) -> AuditFact:
    details = {"delivery": row.delivery, "application": row.application_id}
    return AuditFact(
        action="activation_code.make", subject=f"activation_code:{row.id}", account_id=account_id, reason=reason,
        details=details,
    )  # fmt: skip
