"""What a holder changed ends with them: whoever comes after is told and written to where the registry says.

Here is also noted when the registry named another holder, for all that asks whose time something is of.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import Identity, effective
from ebok.customers.models import ContactChange, CustomerAccount, HolderChange
from ebok.customers.queries.care import last_words, registry_value
from ebok.foundation.bulk import copy_rows, lock_key
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import among


@transaction.atomic
def end_contact_changes(
    *, account_ids: Collection[int], made_before: datetime | None, acting: Actor, now: datetime
) -> int:
    """Let every contact of these accounts that was changed be again what the registry says.

    With `made_before` a contact that was changed at that moment or later stays.

    For the end of an ownership; once more changes nothing. It is told to the billing system as any change is, and
    to no contact: it gives nothing away. Returns how many contacts changed.
    """
    lock_key(Lock.CONTACTS)
    kept = _changed_since(account_ids, made_before) if made_before else frozenset()
    ended = [one for one in _to_end(account_ids, acting.name, now) if (one.account_id, one.field) not in kept]
    ContactChange.objects.bulk_create(ended)
    facts = [
        AuditFact(
            action="customers.contact_changed", subject=f"contact:{one.id}", account_id=one.account_id,
            details={"field": one.field, "back_to_registry": True},
        )
        for one in ended
    ]  # fmt: skip
    record(facts=facts, acting=acting, now=now)
    return len(ended)


def holders_numbered(*, numbers: Collection[str]) -> dict[int, Identity]:
    """Who holds the accounts of these numbers, by account id.

    No contact changes from here until the caller's transaction ends.
    """
    lock_key(Lock.CONTACTS)
    return _identities("number", numbers)


def hand_over_to_others(*, before: Mapping[int, Identity], now: datetime) -> list[int]:
    """Note every account of which the registry names another holder than `before`, and end the contacts changed there.

    Returns their ids.
    """
    after = _identities("id", before)
    others = [account for account, held in before.items() if not held.is_same_holder(after[account])]
    if others:
        copy_rows(HolderChange, ("account_id", "at"), ((account, now) for account in others))
        ContactChange.objects.bulk_create(_to_end(others, ContactChange.BY_REGISTRY, now))
    return others


def _changed_since(account_ids: Collection[int], moment: datetime) -> frozenset[tuple[int, str]]:
    late = ContactChange.objects.filter(account_id__in=account_ids, at__gte=moment)
    return frozenset(late.values_list("account_id", "field"))


def _identities(column: str, values: Collection[int] | Collection[str]) -> dict[int, Identity]:
    rows = CustomerAccount.objects.filter(among(column, values)).values_list("id", "name", "nip", "pesel_hmac")
    return {key: Identity(name=name, nip=nip, pesel_hmac=bytes(pesel or b"")) for key, name, nip, pesel in rows}


def _to_end(account_ids: Collection[int], by: str, now: datetime) -> list[ContactChange]:
    """One more change for each contact that is not what the registry says: back to that."""
    changed = last_words(account_ids=account_ids)
    accounts = CustomerAccount.objects.in_bulk({account_id for account_id, _ in changed})
    ends = []
    for (account_id, field), last in changed.items():
        said = registry_value(accounts[account_id], field)
        old = effective(registry=said, last=last)
        if old != said:
            row = ContactChange(account_id=account_id, field=field.value, old=old, new=said, registry_value=said)
            row.at, row.by = now, by
            ends.append(row)
    return ends
