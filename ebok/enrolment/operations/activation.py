"""From a proof to a login: the proof is used up, the regulations accepted, the accounts opened, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from ebok.access.domain import GrantRole
from ebok.access.operations import UnableToGrant, create_user, open_as_decided, take_ownership
from ebok.access.operations.newcomers import terms_accepted
from ebok.access.queries import grants_of, has_owner, staff_member
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts
from ebok.enrolment.domain import ActivationMethod, ProofTicket
from ebok.enrolment.models import ActivationCode, Proof
from ebok.enrolment.queries.applications import AcceptedWish, wish_behind
from ebok.enrolment.queries.proofs import accounts_opened_by, fits, is_past
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.terms.domain import AcceptanceChannel
from ebok.terms.operations import accept_terms
from ebok.terms.queries import terms_in_force


class ActivationRefusal(StrEnum):
    """Why nothing was activated."""

    PROOF_GONE = "proof_gone"
    """Used, older than its half hour, another session's, or from the time of a former owner or holder."""
    CODE_GONE = "code_gone"
    """Somebody was faster with the same code."""
    TERMS = "terms"
    """The regulations in force are not those that were accepted."""
    STAFF_LOGIN = "staff_login"
    CLOSED_LOGIN = "closed_login"
    FORMER_OWNER = "former_owner"
    """An application opens a lesser role, which would take the papers of their own time from them."""


class UnableToActivate(ValueError):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: ActivationRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogin:
    """A login to be made: the name and password chosen, and who asks, for the owner and the office to know.

    It has no e-mail until one is confirmed by a code.
    """

    username: str
    password: str
    full_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """Who has what now: account numbers the login owns, and those whose owner or the office decides.

    `asked_office` are those it owned before and nobody owns now: only the office gives them back.
    `opened` are those open to it in the narrower role its application asked for; `opened_as` is that role in Polish.
    """

    user_id: int
    owned: tuple[str, ...]
    asked_for: tuple[str, ...]
    opened: tuple[str, ...] = ()
    opened_as: str = ""
    asked_office: tuple[str, ...] = ()


@transaction.atomic
def activate(
    *,
    ticket: ProofTicket,
    login: NewLogin | int,
    terms_version_id: int | None,
    today: date,
    acting: Actor,
    now: datetime,
) -> Activated:
    """Open what was proved to a new login, or to one that is there (its id, signed in).

    `terms_version_id` is the version of the regulations shown and accepted; None where none is in force, or the
    login has accepted it before. Of two at once with one code, or one proof, one wins.

    :raises UnableToActivate: with the reason.
    :raises UnableToCreateUser: when the login cannot be made as chosen.
    """
    proof = _usable_proof(ticket, now)
    if isinstance(login, int) and staff_member(user_id=login) is not None:
        raise UnableToActivate(ActivationRefusal.STAFF_LOGIN)
    user_id = login if isinstance(login, int) else _make(login, acting, now)
    theirs = replace(acting, kind=ActorKind.USER, name=str(user_id))
    _accept(user_id, terms_version_id, today, theirs, now)
    proof.used_at, proof.used_by_id = now, user_id
    proof.save(update_fields=["used_at", "used_by"])
    _refuse_past(proof, now)
    try:
        return _open(proof, user_id, today, theirs, now)
    except UnableToGrant as refusal:
        raise UnableToActivate(ActivationRefusal(refusal.reason.value)) from refusal


def _usable_proof(ticket: ProofTicket, now: datetime) -> Proof:
    found = Proof.objects.select_for_update().filter(id=ticket.proof_id, used_at__isnull=True, expires_at__gt=now)
    proof = found.first()
    if proof is None or not fits(proof, ticket):
        raise UnableToActivate(ActivationRefusal.PROOF_GONE)
    if proof.code_id is not None:
        # Whether it was tried too often since does not matter: it was right when it was typed.
        code = ActivationCode.objects.select_for_update().get(id=proof.code_id)
        if code.used_at is not None:
            raise UnableToActivate(ActivationRefusal.CODE_GONE)
        code.used_at = now
        code.save(update_fields=["used_at"])
    return proof


def _refuse_past(proof: Proof, now: datetime) -> None:
    """An owner may have left since it was proved; from here on none does before this is committed."""
    lock_key(Lock.ACCESS)
    code = proof.code
    if is_past(proof, made_at=proof.proved_at, now=now) or (code and is_past(code, made_at=code.ordered_at, now=now)):
        raise UnableToActivate(ActivationRefusal.PROOF_GONE)


def _make(login: NewLogin, acting: Actor, now: datetime) -> int:
    made = create_user(
        username=login.username, password=login.password, full_name=login.full_name, acting=acting, now=now
    )
    return made.user_id


def _accept(user_id: int, version_id: int | None, today: date, acting: Actor, now: datetime) -> None:
    if terms_accepted(user_id=user_id, today=today):
        return
    terms = terms_in_force(today=today)
    if terms is None or terms.id != version_id:
        raise UnableToActivate(ActivationRefusal.TERMS)
    who = f"user:{user_id}"
    accept_terms(who=who, version_id=terms.id, channel=AcceptanceChannel.ONLINE, acting=acting, now=now)


def _open(proof: Proof, user_id: int, today: date, acting: Actor, now: datetime) -> Activated:
    method = ActivationMethod(proof.method)
    ids = accounts_opened_by(proof)
    numbers = {one.id: one.number for one in accounts(scope=CustomerScope.for_accounts(frozenset(ids), reason="proof"))}
    wish = wish_behind(code_id=proof.code_id)
    if wish is not None and wish.role is not GrantRole.OWNER:
        return _open_narrowly(ids=ids, numbers=numbers, wish=wish, user_id=user_id, today=today, acting=acting, now=now)
    owned: list[str] = []
    asked_for: list[str] = []
    asked_office: list[str] = []
    for account_id in ids:
        taken = take_ownership(
            account_id=account_id,
            user_id=user_id,
            method=method.value,
            ground=method.ground,
            today=today,
            acting=acting,
            now=now,
        )
        asked = asked_for if has_owner(account_id=account_id, today=today) else asked_office
        (owned if taken.grant_id is not None else asked).append(numbers[account_id])
    return Activated(user_id=user_id, owned=tuple(owned), asked_for=tuple(asked_for), asked_office=tuple(asked_office))


def _open_narrowly(
    *,
    ids: Sequence[int],
    numbers: Mapping[int, str],
    wish: AcceptedWish,
    user_id: int,
    today: date,
    acting: Actor,
    now: datetime,
) -> Activated:
    """What an accepted application asked for is what its code opens, and nothing more; nor is anything lost by it."""
    for account_id in ids:
        open_as_decided(
            account_id=account_id,
            user_id=user_id,
            role=wish.role,
            ground=wish.ground,
            today=today,
            acting=acting,
            now=now,
        )
    opened = tuple(numbers[account_id] for account_id in ids)
    held = grants_of(user_id=user_id, today=today)
    roles = {held.role_on(account_id) or wish.role for account_id in ids}
    role = roles.pop() if len(roles) == 1 else wish.role
    return Activated(user_id=user_id, owned=(), asked_for=(), opened=opened, opened_as=role.word)
