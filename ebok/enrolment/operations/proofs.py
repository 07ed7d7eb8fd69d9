"""Showing that an account is one's own. Whatever is claimed, the same queries are asked; only the answer differs."""

import hmac
import secrets
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ebok.access.domain import CodePurpose, CodeRefusal, CodeTicket
from ebok.access.operations import check_code, issue_code, spend_code
from ebok.access.queries.codes import subject_asked_for
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.queries import newest_invoices
from ebok.customers.domain import CustomerScope
from ebok.customers.operations import pesel_digest
from ebok.customers.queries import account, account_of_holder
from ebok.enrolment.domain import (
    INVOICES_THAT_PROVE,
    PROOF_LIFETIME,
    ActivationMethod,
    ProofTicket,
    bare_number,
    spellings,
)
from ebok.enrolment.models import ActivationCode, Proof
from ebok.enrolment.operations.codes import code_digest
from ebok.enrolment.operations.sending import send_activation_code
from ebok.enrolment.queries.numbers import account_numbered
from ebok.enrolment.queries.proofs import accounts_opened_by, good_from, is_past, secret_digest
from ebok.kernel.money import plain

NOBODY: Final = 0
"""An id no account has: what is asked of a number nobody has."""
NIP_LENGTH: Final = 10
_SUBJECT: Final = "account:"


@transaction.atomic
def prove_by_invoice(
    *, account_number: str, invoice_number: str, gross_total: Decimal, acting: Actor, now: datetime
) -> ProofTicket | None:
    """Take number and gross amount of one of the newest invoices of an account as a proof; None when they do not fit.

    Numbers are as `read_number` gives them. A correction proves nothing: see `newest_invoices`. After an owner has
    left, or the registry has named another holder, nor does what is of the time before: they have it.
    """
    account_id = _account_id(account_number)
    since = good_from(account_ids=[account_id], now=now)
    invoices = newest_invoices(
        scope=_everybody(), account_id=account_id, count=INVOICES_THAT_PROVE,
        issued_from=timezone.localdate(since) if since else date.min,
    )  # fmt: skip
    claimed = _words(invoice_number, gross_total)
    fits = [hmac.compare_digest(_words(bare_number(one.number), one.gross_total), claimed) for one in invoices]
    if not any(fits):
        _audit(ActivationMethod.INVOICE, account_id, "refused", acting, now)
        return None
    return _prove(ActivationMethod.INVOICE, [account_id], None, acting, now)


@transaction.atomic
def prove_by_letter(
    *, account_number: str, code: str, acting: Actor, now: datetime, letters: bool = True
) -> ProofTicket | None:
    """Take an account's activation code (as `plain_long_code` gives it) as a proof; None when it does not fit.

    A wrong one costs a try of every code the account has. A right one is used up only with its proof. Without
    `letters` only the answers to applications are taken. One from the time of a former owner or holder is as good as
    none.
    """
    account_id = _account_id(account_number)
    usable = ActivationCode.objects.usable(now).filter(accounts=account_id)
    usable = usable if letters else usable.filter(application_id__isnull=False)
    codes = list(usable.select_for_update(of=("self",)).order_by("id"))
    digest = code_digest(code)
    right = next((one for one in codes if hmac.compare_digest(bytes(one.code_hmac), digest)), None)
    if right is None or is_past(right, made_at=right.ordered_at, now=now):
        ActivationCode.objects.filter(id__in=[one.id for one in codes] or [NOBODY]).update(tries=F("tries") + 1)
        _audit(ActivationMethod.LETTER, account_id, "refused", acting, now)
        return None
    method = ActivationMethod.LETTER if right.application_id is None else ActivationMethod.APPLICATION
    ids = accounts_opened_by(right)
    return _prove(method, ids, right, acting, now)


@transaction.atomic
def ask_for_data_code(*, account_number: str, identifier: str, acting: Actor, now: datetime) -> CodeTicket:
    """Send a six-digit code to the e-mail, else the phone, on file, if PESEL or NIP is that of the account's holder.

    `identifier` is eleven digits of a PESEL or ten of a NIP. The same work is done, and a ticket given, in any case.
    """
    pesel = pesel_digest(pesel=identifier)
    by_nip = identifier if len(identifier) == NIP_LENGTH else ""
    meant, numbers = _everybody().narrowed(_account_id(account_number)), spellings(account_number)
    matched = account_of_holder(scope=meant, numbers=numbers, pesel_hmac=pesel, nip=by_nip)
    return _send_data_code(matched or NOBODY, acting, now)


@transaction.atomic
def send_data_code_again(*, ticket: CodeTicket, acting: Actor, now: datetime) -> CodeTicket:
    """Send another code for what was asked with `ticket`. The same work is done, and a ticket given, in any case."""
    subject = subject_asked_for(ticket=ticket, purpose=CodePurpose.ACTIVATION)
    return _send_data_code(int(subject.removeprefix(_SUBJECT) or NOBODY), acting, now)


def _send_data_code(account_id: int, acting: Actor, now: datetime) -> CodeTicket:
    found = account(scope=_everybody(), account_id=account_id)
    subject = f"{_SUBJECT}{found.id}" if found is not None else ""
    issued = issue_code(purpose=CodePurpose.ACTIVATION, user_id=None, subject=subject, now=now)
    sent = send_activation_code(
        email=found.email if found else "", phone=found.phone if found else "", issued=issued, now=now
    )
    result = "ok" if sent else "no_contact" if found else "refused"
    _audit(ActivationMethod.DATA, found.id if found else NOBODY, result, acting, now, action="activation.ask")
    return issued.ticket


@transaction.atomic
def prove_by_data_code(*, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> ProofTicket | CodeRefusal:
    """Take the six digits sent for `ticket` as a proof."""
    right = check_code(ticket=ticket, purpose=CodePurpose.ACTIVATION, code=code, now=now)
    if isinstance(right, CodeRefusal) or not right.subject:
        _audit(ActivationMethod.DATA, NOBODY, "refused", acting, now)
        return right if isinstance(right, CodeRefusal) else CodeRefusal.WRONG
    spend_code(right=right, now=now)
    return _prove(ActivationMethod.DATA, [int(right.subject.removeprefix(_SUBJECT))], None, acting, now)


def forget_past_proofs(*, now: datetime) -> int:
    """Delete proofs nobody used in time. Returns how many."""
    return Proof.objects.filter(used_at__isnull=True, expires_at__lte=now).delete()[0]


def _words(number: str, gross_total: Decimal) -> bytes:
    return f"{number}\0{plain(gross_total)}".encode()


def _everybody() -> CustomerScope:
    return CustomerScope.for_proof(acting="activation")


def _account_id(number: str) -> int:
    return account_numbered(scope=_everybody(), number=number) or NOBODY


def _prove(
    method: ActivationMethod, account_ids: Collection[int], code: ActivationCode | None, acting: Actor, now: datetime
) -> ProofTicket:
    secret = secrets.token_urlsafe(32)
    row = Proof(method=method.value, code=code, secret_hmac=secret_digest(secret), proved_at=now)
    row.expires_at = now + PROOF_LIFETIME
    row.save(force_insert=True)
    row.accounts.set(account_ids)
    for account_id in sorted(account_ids):
        _audit(method, account_id, "ok", acting, now)
    return ProofTicket(proof_id=row.id, secret=secret)


def _audit(
    method: ActivationMethod,
    account_id: int,
    result: str,
    acting: Actor,
    now: datetime,
    *,
    action: str = "activation.try",
) -> None:
    fact = AuditFact(
        action=action,
        subject="activation",
        account_id=account_id or None,
        result=result,
        details={"method": method.value},
    )
    record(facts=[fact], acting=acting, now=now)
