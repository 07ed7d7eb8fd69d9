"""Whose word counts: what was said before the registry named another holder was said by the one before."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from ebok.customers.domain import CustomerScope
from ebok.customers.queries import account, holder_changes
from ebok.kernel.names import is_same_name
from ebok.terms.domain import ConsentChannel
from ebok.terms.operations.ledger import Said
from ebok.terms.operations.refusals import ConsentRefusal, UnableToRecordConsent


def check_holder(said: Said, *, scope: CustomerScope) -> None:
    """Refuse on one account what the holder before may have signed, unless the present one is named as who signed.

    :raises UnableToRecordConsent: when it is refused.
    """
    if _is_before_change(said, holder_changes(account_ids={said.account_id})):
        held = account(scope=scope, account_id=said.account_id)
        if said.channel is not ConsentChannel.PAPER or held is None or not is_same_name(said.person, held.name):
            raise UnableToRecordConsent(ConsentRefusal.FORMER_HOLDER)


def check_holders(said: Said, *, changes: Mapping[int, datetime]) -> None:
    """The same for a batch of which nobody tells who signed; `changes` are those of its accounts."""
    if _is_before_change(said, changes):
        raise UnableToRecordConsent(ConsentRefusal.FORMER_HOLDER)


def _is_before_change(said: Said, changes: Mapping[int, datetime]) -> bool:
    at = changes.get(said.account_id)
    return at is not None and said.given_on < timezone.localdate(at)
