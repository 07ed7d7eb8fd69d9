"""The steps of an application after it was sent: question, answer, acceptance, confirmation, refusal, withdrawal.

Whoever decides says how many steps they saw (`seen`): of two at once one wins, the other is told to look again.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from ebok.access.domain import grouped
from ebok.access.queries import staff_member
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import Account, Address, CustomerKind, CustomerScope
from ebok.customers.queries import accounts
from ebok.enrolment.domain import Delivery, MadeCode
from ebok.enrolment.domain.applications import (
    WORDS_MAX_LENGTH,
    ApplicantKind,
    ApplicationState,
    StepKind,
    after,
)
from ebok.enrolment.models import Application, ApplicationStep
from ebok.enrolment.operations.codes import make_activation_code
from ebok.enrolment.queries.numbers import accounts_numbered
from ebok.foundation.formats import moment
from ebok.kernel.identifiers import holds_pesel
from ebok.kernel.phones import mobile_number
from ebok.notifications.domain import Channel, MessageKind
from ebok.notifications.operations import queue_message
from ebok.notifications.queries import sms_available

POLISH: Final = "+48"
"""How the numbers begin to which an application is answered by SMS."""


class ApplicationRefusal(StrEnum):
    """Why a step was not taken."""

    NO_SUCH_APPLICATION = "no_such_application"
    ALREADY_SENT = "already_sent"
    UNANSWERED = "unanswered"
    TOO_MANY_ACCOUNTS = "too_many_accounts"
    TERMS = "terms"
    """The regulations accepted are not those in force, or there are none."""
    IMPOSSIBLE_STEP = "impossible_step"
    STALE = "stale"
    """Somebody took a step in the meantime."""
    WORDS = "words"
    """A question, answer, reason or note is missing, too long, or has control characters; or a PESEL is in it; or a
    name is none."""
    SAME_PERSON = "same_person"
    """An organization's access is confirmed by another person than the one who accepted it."""
    ENTERED_IT = "entered_it"
    """A paper form is accepted by another person than the one who typed it in: nobody lets themselves in alone."""
    NO_ACCOUNTS = "no_accounts"
    """None of the accounts chosen, or one that was not asked for."""
    NOT_STAFF = "not_staff"
    SCAN = "scan"


class UnableToApply(ValueError):
    """The step was not taken; `reason` says why."""

    def __init__(self, reason: ApplicationRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def ask_applicant(
    *, application_id: int, seen: int, question: str, staff_id: int, acting: Actor, now: datetime, note: str = ""
) -> None:
    """Ask the applicant something; the decision waits for their answer.

    :raises UnableToApply: with the reason.
    """
    row = _for_staff(application_id, seen, staff_id)
    row.accepted_by_id, row.accepted_accounts, row.needs_two = None, [], False
    take_step(row, StepKind.ASKED, acting=acting, now=now, words=_said(question), note=note)
    _tell(row, MessageKind.APPLICATION_QUESTION, now, question=_said(question))


@transaction.atomic
def answer_question(*, application_id: int, answer: str, acting: Actor, now: datetime) -> None:
    """Take the applicant's answer. Who they are was shown by number and code.

    :raises UnableToApply: when nothing is asked, or the answer is not fit.
    """
    row = locked(application_id)
    take_step(row, StepKind.ANSWERED, acting=acting, now=now, words=_said(answer))
    _tell(row, MessageKind.APPLICATION_STEP, now, step="mamy Twoją odpowiedź i sprawdzamy wniosek dalej")


@transaction.atomic
def withdraw_application(*, application_id: int, acting: Actor, now: datetime) -> None:
    """Take the applicant's word that they no longer want it.

    :raises UnableToApply: when it is decided already.
    """
    row = locked(application_id)
    take_step(row, StepKind.WITHDRAWN, acting=acting, now=now)
    _tell(row, MessageKind.APPLICATION_STEP, now, step="wniosek jest wycofany i nie będziemy go sprawdzać")


@transaction.atomic
def accept_application(
    *,
    application_id: int,
    seen: int,
    account_ids: Collection[int],
    staff_id: int,
    acting: Actor,
    now: datetime,
    note: str = "",
) -> ApplicationState:
    """Accept for the accounts chosen among those asked for. Returns the state: an organization's waits for another,
    and so does one for an account that is an organization's in the registry.

    A person's code is made and sent at once: by e-mail, or by a letter to each holder's address on file when there
    is none. No code that opens an account goes by SMS.

    :raises UnableToApply: with the reason.
    """
    row = _for_staff(application_id, seen, staff_id)
    if row.entered_by_id == staff_id:
        raise UnableToApply(ApplicationRefusal.ENTERED_IT)
    chosen = frozenset(account_ids)
    if not chosen or not chosen <= asked_account_ids(row).keys():
        raise UnableToApply(ApplicationRefusal.NO_ACCOUNTS)
    row.accepted_by_id, row.accepted_accounts = staff_id, sorted(chosen)
    row.needs_two = any(one.kind is CustomerKind.ORGANIZATION for one in _accounts(chosen))
    state = take_step(row, StepKind.ACCEPTED, acting=acting, now=now, note=note)
    if state is ApplicationState.ACCEPTED:
        _open_the_way(row, acting, now)
    else:
        _tell(row, MessageKind.APPLICATION_STEP, now, step="wniosek jest sprawdzony, teraz potwierdzi go druga osoba")
    return state


@transaction.atomic
def confirm_application(
    *, application_id: int, seen: int, staff_id: int, acting: Actor, now: datetime, note: str = ""
) -> None:
    """Confirm what another member of staff accepted; the code is made and sent.

    :raises UnableToApply: `same_person` when it was they, or another reason.
    """
    row = _for_staff(application_id, seen, staff_id)
    if row.accepted_by_id == staff_id:
        raise UnableToApply(ApplicationRefusal.SAME_PERSON)
    row.confirmed_by_id = staff_id
    take_step(row, StepKind.CONFIRMED, acting=acting, now=now, note=note)
    _open_the_way(row, acting, now)


@transaction.atomic
def refuse_application(
    *, application_id: int, seen: int, reason: str, staff_id: int, acting: Actor, now: datetime, note: str = ""
) -> None:
    """Refuse, with a reason the applicant reads.

    :raises UnableToApply: with the reason.
    """
    row = _for_staff(application_id, seen, staff_id)
    take_step(row, StepKind.REFUSED, acting=acting, now=now, words=_said(reason), note=note)
    _tell(row, MessageKind.APPLICATION_REFUSED, now, reason=_said(reason))


def take_step(
    row: Application, step: StepKind, *, acting: Actor, now: datetime, words: str = "", note: str = ""
) -> ApplicationState:
    """Move a locked application on, write the step and its audit row. Returns the state reached.

    :raises UnableToApply: when the step is not possible from where it stands, or the note is not fit.
    """
    needs_two = row.needs_two or row.kind == ApplicantKind.ORGANIZATION.value
    state = after(state=ApplicationState(row.state), step=step, needs_two=needs_two)
    if state is None:
        raise UnableToApply(ApplicationRefusal.IMPOSSIBLE_STEP)
    row.state, row.steps_taken, row.changed_at = state.value, row.steps_taken + 1, now
    row.save()
    ApplicationStep.objects.create(
        application=row,
        position=row.steps_taken,
        kind=step.value,
        at=now,
        actor_kind=acting.kind.value,
        actor_name=acting.name,
        words=words,
        note=_said(note) if note else "",
    )
    fact = AuditFact(action=f"application.{step.value}", subject=f"application:{row.id}")
    record(facts=[fact], acting=acting, now=now)
    return state


def locked(application_id: int) -> Application:
    """The application, locked until the transaction ends.

    :raises UnableToApply: when there is none.
    """
    row = Application.objects.select_for_update().filter(id=application_id).first()
    if row is None:
        raise UnableToApply(ApplicationRefusal.NO_SUCH_APPLICATION)
    return row


def asked_account_ids(row: Application) -> dict[int, str]:
    """The accounts there are of the numbers asked for: id and the number as it was asked for."""
    scope = CustomerScope.for_proof(acting="applications")
    found = accounts_numbered(scope=scope, numbers=row.account_numbers)
    return {account_id: number for number, account_id in found.items()}


def tell_received(row: Application, *, code: str, now: datetime) -> None:
    """Tell the applicant the number and the code, if there is an address or a mobile number to tell."""
    _tell(row, MessageKind.APPLICATION_RECEIVED, now, code=grouped(code))


def _for_staff(application_id: int, seen: int, staff_id: int) -> Application:
    if staff_member(user_id=staff_id) is None:
        raise UnableToApply(ApplicationRefusal.NOT_STAFF)
    row = locked(application_id)
    if row.state == ApplicationState.DRAFT.value:
        raise UnableToApply(ApplicationRefusal.NO_SUCH_APPLICATION)
    if row.steps_taken != seen:
        raise UnableToApply(ApplicationRefusal.STALE)
    return row


def _accounts(ids: Collection[int]) -> list[Account]:
    return accounts(scope=CustomerScope.for_accounts(frozenset(ids), reason="applications"))


def _open_the_way(row: Application, acting: Actor, now: datetime) -> None:
    if not row.email:
        _write_to_holders(row, acting, now)
        _tell(row, MessageKind.APPLICATION_STEP, now, step="wniosek jest przyjęty, kod wyślemy listem")
        return
    made: MadeCode = make_activation_code(
        account_ids=row.accepted_accounts, delivery=Delivery.EMAIL, application_id=row.id, acting=acting, now=now
    )
    _tell(row, MessageKind.APPLICATION_ACCEPTED, now, code=grouped(made.code), until=moment(made.expires_at))


def _write_to_holders(row: Application, acting: Actor, now: datetime) -> None:
    """A letter and a code for each holder and address: nobody gets a code that opens somebody else's account."""
    together: dict[tuple[str, Address], list[int]] = defaultdict(list)
    for one in _accounts(row.accepted_accounts):
        together[one.name, one.correspondence or one.address].append(one.id)
    for ids in together.values():
        make_activation_code(
            account_ids=ids, delivery=Delivery.LETTER, application_id=row.id, acting=acting, now=now
        )  # fmt: skip


def _tell(row: Application, kind: MessageKind, now: datetime, **context: str) -> None:
    """By e-mail; by SMS where there is only a Polish mobile number. Nobody is told who left neither."""
    phone = mobile_number(row.phone) or ""
    channel = Channel.EMAIL if row.email else Channel.SMS
    if row.email or (sms_available() and phone.startswith(POLISH)):
        said, recipient = {"number": row.number, **context}, row.email or phone
        queue_message(kind=kind, recipient=recipient, context=said, now=now, channel=channel)


def _said(words: str) -> str:
    """Words for people: some, not too many, none of them hidden, none a PESEL.

    :raises UnableToApply: when they are not.
    """
    text = words.replace("\r\n", "\n").strip()
    fit = all(line.isprintable() for line in text.replace("\u00a0", " ").split("\n"))
    if not text or len(text) > WORDS_MAX_LENGTH or not fit or holds_pesel(text):
        raise UnableToApply(ApplicationRefusal.WORDS)
    return text
