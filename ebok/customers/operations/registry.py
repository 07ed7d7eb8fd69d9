"""Writing customer accounts and service points as the registry gives them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models, transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import ContactField, ContactValue, LastWord, RegistryRow, superseded
from ebok.customers.models import ContactChange, CustomerAccount, PastPaymentAccount, ServicePoint
from ebok.customers.operations.handover import hand_over_to_others, holders_numbered
from ebok.customers.queries.care import last_words, registry_value
from ebok.foundation.bulk import copy_rows, insert_new, lock_key, update_rows
from ebok.foundation.digests import keyed_digest
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import among
from ebok.kernel.refusals import Refusal, RefusalCode

_PERIOD: Final = ("opened_on", "closed_on")
_SOLE: Final = {"payment_nrb": "Rachunek", "collect_id": "Identyfikator płatnika"}
"""What one account only can have, and what it is called."""


def pesel_digest(*, pesel: str) -> bytes:
    """Return what is kept of a PESEL: a keyed HMAC, to compare with and never to read back."""
    return keyed_digest(purpose="customers.pesel", value=pesel)


@dataclass(slots=True, kw_only=True)
class Registered:
    """What became of the rows of a batch; counts are rows.

    `later` holds rows to be offered again, all at once, when their file is through: those that would change what
    stands, as a later row may say otherwise, and those that claim what another account has, as a later row
    may free it. The refusal of such a claim comes with it. `handed_over` are the accounts another holder stands on.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    later: list[tuple[RegistryRow, Refusal | None]] = field(default_factory=list)
    handed_over: list[int] = field(default_factory=list)


@transaction.atomic
def register_accounts(
    *, rows: Sequence[RegistryRow], acting: Actor, now: datetime, changing: bool = True
) -> Registered:
    """Add or change the accounts of one batch. All rows have the same columns; absent ones keep their value.

    Where another holder stands from now on, that is noted (`HolderChange`), and what the former one changed about
    the contacts ends.

    With `changing` False an account that stands is left as it is, its rows are for `later`.
    Refuses (`bad_date`) a row that would close an account before it was opened. A payment account or a collect
    id belongs to one account only: by it the money finds its way.
    """
    numbers = {row.key for row in rows}
    # A change made meanwhile would be the former holder's: it waits until the new one is written.
    before = holders_numbered(numbers=numbers) if changing else {}
    paid_to = _paid_to(numbers) if changing else {}
    report = _register(
        CustomerAccount,
        rows=rows,
        now=now,
        also=_PERIOD,
        check=_closed_before_opened,
        sole=tuple(_SOLE),
        changing=changing,
    )
    if report.changed:
        _end_superseded(numbers, now)
        report.handed_over = hand_over_to_others(before=before, now=now)
        _keep_past(paid_to, now)
    _audit(report, "accounts", acting=acting, now=now)
    return report


def _paid_to(numbers: set[str]) -> dict[int, str]:
    """The payment accounts of these accounts, by id; none changes from here until the transaction ends."""
    lock_key(Lock.REGISTRY)
    told = CustomerAccount.objects.exclude(payment_nrb="")
    return dict(told.filter(among("number", numbers)).values_list("id", "payment_nrb"))


def _keep_past(before: Mapping[int, str], now: datetime) -> None:
    """Keep the payment accounts that are another's or nobody's now."""
    after = dict(CustomerAccount.objects.filter(among("id", before)).values_list("id", "payment_nrb"))
    gone = [(account, nrb, now) for account, nrb in before.items() if after[account] != nrb]
    insert_new(PastPaymentAccount, ("account_id", "payment_nrb", "until"), gone)


def _end_superseded(numbers: set[str], now: datetime) -> None:
    """Note where the registry now says another contact than when its holder changed it: from here on it wins.

    Noted, so that the change never comes back when the registry returns to what it said then.
    """
    changed = ContactChange.objects.filter(among("account__number", numbers)).values("account_id")
    accounts = {row.id: row for row in CustomerAccount.objects.filter(id__in=changed)}
    ended = []
    for (account_id, field_), last in last_words(account_ids=accounts).items():
        said = registry_value(accounts[account_id], field_)
        if superseded(registry=said, last=last):
            ended.append(_ended(accounts[account_id], field_, last, said, now))
    ContactChange.objects.bulk_create(ended)


def _ended(
    row: CustomerAccount, field_: ContactField, last: LastWord, said: ContactValue, now: datetime
) -> ContactChange:
    by = ContactChange.BY_REGISTRY
    return ContactChange(account=row, field=field_.value, old=last.new, new=said, registry_value=said, at=now, by=by)


@transaction.atomic
def register_points(*, rows: Sequence[RegistryRow], acting: Actor, now: datetime, changing: bool = True) -> Registered:
    """Add or change the service points of one batch; `account_id` is among the values, `changing` as for accounts."""
    report = _register(
        ServicePoint, rows=rows, now=now, also=(), check=lambda row, merged: None, sole=(), changing=changing
    )
    _audit(report, "service_points", acting=acting, now=now)
    return report


def _audit(report: Registered, what: str, *, acting: Actor, now: datetime) -> None:
    if report.new or report.changed:
        details = {"new": report.new, "changed": report.changed}
        fact = AuditFact(action="customers.registered", subject=what, details=details)
        record(facts=[fact], acting=acting, now=now)


def _closed_before_opened(row: RegistryRow, merged: Mapping[str, Any]) -> Refusal | None:
    opened, closed = (merged.get(name) for name in _PERIOD)
    if not (isinstance(opened, date) and isinstance(closed, date) and closed < opened):
        return None
    reason = f"Konto {row.key}: zamknięto je {closed}, a otwarto dopiero {opened}. Popraw daty."
    return Refusal(code=RefusalCode.BAD_DATE, reason=reason, line=row.line)


_Check = Callable[[RegistryRow, Mapping[str, Any]], Refusal | None]
_Groups = dict[str, list[RegistryRow]]
_Standing = dict[str, dict[str, Any]]


def _register(
    model: type[models.Model],
    *,
    rows: Sequence[RegistryRow],
    now: datetime,
    also: tuple[str, ...],
    check: _Check,
    sole: Sequence[str],
    changing: bool,
) -> Registered:
    """Compare each row with what stands, then write what is new by COPY and what changed by one UPDATE.

    Of several rows with one key the last stands; where it says what stood before, none has changed anything.
    """
    report = Registered()
    if not rows:
        return report
    lock_key(Lock.REGISTRY)
    columns = tuple(rows[0].values)
    standing = _standing(model, keys={row.key for row in rows}, columns=dict.fromkeys((*columns, *also)))
    becoming = _becoming(_good(rows, standing, check, report), standing, report, changing=changing)
    _part_claims([_claim(model, column, becoming) for column in sole if column in columns], becoming, standing, report)
    for key, group in becoming.items():
        _count(group, standing.get(key), report)
    _write(model, columns=columns, standing=standing, becoming=becoming, now=now)
    return report


def _good(rows: Sequence[RegistryRow], standing: _Standing, check: _Check, report: Registered) -> _Groups:
    """The rows that can stand, by key and in order; the others are refused."""
    groups: _Groups = {}
    for row in rows:
        refusal = check(row, {**standing.get(row.key, {}), **row.values})
        if refusal is None:
            groups.setdefault(row.key, []).append(row)
        else:
            report.refused.append(refusal)
    return groups


def _becoming(groups: _Groups, standing: _Standing, report: Registered, *, changing: bool) -> _Groups:
    """Leave the rows that are to be written; count those that change nothing, and put off changes if told to."""
    becoming: _Groups = {}
    for key, group in groups.items():
        before = standing.get(key)
        if before is not None and _says(group[-1], before):
            report.same += len(group)
        elif before is not None and not changing:
            report.later += [(row, None) for row in group]
        else:
            becoming[key] = group
    return becoming


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What rows to be written claim in a column, by key, and which accounts have it now."""

    column: str
    wanted: Mapping[str, str]
    holders: Mapping[str, set[str]]


def _claim(model: type[models.Model], column: str, becoming: _Groups) -> _Claim:
    wanted = {key: value for key, group in becoming.items() if (value := group[-1].values[column])}
    holders: dict[str, set[str]] = {}
    if wanted:
        # Only rows that say something are in the column's index.
        told = model._default_manager.exclude(**{column: ""})
        for number, value in told.filter(among(column, set(wanted.values()))).values_list("number", column):
            holders.setdefault(value, set()).add(number)
    return _Claim(column=column, wanted=wanted, holders=holders)


def _part_claims(claims: Sequence[_Claim], becoming: _Groups, standing: _Standing, report: Registered) -> None:
    """Put off rows that claim what another account has, or an earlier row claims, until no such row is left.

    Rows to be written let go of what they held, so that two accounts may also swap. Who is put off keeps it.
    """
    lost = True
    while lost:
        lost = False
        for claim in claims:
            for key, holder in _lost(claim, becoming, standing).items():
                lost = True
                report.later += [(row, _belongs_to(row, claim.column, holder)) for row in becoming.pop(key)]


def _lost(claim: _Claim, becoming: _Groups, standing: _Standing) -> dict[str, str]:
    """Whose claim cannot stand, and who has what they claim."""
    wanted = {key: value for key, value in claim.wanted.items() if key in becoming}
    kept = {key: value for key, value in wanted.items() if standing.get(key, {}).get(claim.column) == value}
    taken = {value: key for key, value in kept.items()}
    lost = {}
    for key, value in wanted.items():
        others = [number for number in claim.holders.get(value, ()) if number not in becoming]
        holder = min(others) if others else taken.setdefault(value, key)
        if holder != key and key not in kept:
            lost[key] = holder
    return lost


def _belongs_to(row: RegistryRow, column: str, holder: str) -> Refusal:
    reason = f"{_SOLE[column]} {row.values[column]} ma już konto {holder}. Wpisz inny albo usuń go z konta {holder}."
    return Refusal(code=RefusalCode.BAD_IBAN, reason=reason, line=row.line)


def _says(row: RegistryRow, values: Mapping[str, Any]) -> bool:
    return all(values[name] == value for name, value in row.values.items())


def _count(group: Sequence[RegistryRow], before: Mapping[str, Any] | None, report: Registered) -> None:
    """Count each row by what it says of the one before it."""
    for row in group:
        if before is None:
            report.new += 1
        elif _says(row, before):
            report.same += 1
        else:
            report.changed += 1
        before = row.values


def _standing(model: type[models.Model], *, keys: set[str], columns: Mapping[str, None]) -> _Standing:
    rows = model._default_manager.filter(number__in=keys).values("id", "number", *columns)
    return {row.pop("number"): row for row in rows}


def _write(
    model: type[models.Model], *, columns: tuple[str, ...], standing: _Standing, becoming: _Groups, now: datetime
) -> None:
    last = {key: group[-1].values for key, group in becoming.items()}
    added = [(key, now, now, *(values[n] for n in columns)) for key, values in last.items() if key not in standing]
    changed = [
        (standing[key]["id"], now, *(values[n] for n in columns)) for key, values in last.items() if key in standing
    ]
    if added:
        copy_rows(model, ("number", "registered_at", "changed_at", *columns), added)
    if changed:
        update_rows(model, ("changed_at", *columns), changed)
