"""Writing customer accounts and service points as the registry gives them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models, transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import RegistryRow
from ebok.customers.models import CustomerAccount, ServicePoint
from ebok.foundation.bulk import copy_rows, lock_key, update_rows
from ebok.foundation.digests import keyed_digest
from ebok.foundation.locks import Lock
from ebok.kernel.refusals import Refusal, RefusalCode

_PERIOD: Final = ("opened_on", "closed_on")


def pesel_digest(*, pesel: str) -> bytes:
    """Return what is kept of a PESEL: a keyed HMAC, to compare with and never to read back."""
    return keyed_digest(purpose="customers.pesel", value=pesel)


@dataclass(slots=True, kw_only=True)
class Registered:
    """What became of the rows of a batch; counts are rows."""

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)


@transaction.atomic
def register_accounts(*, rows: Sequence[RegistryRow], acting: Actor, now: datetime) -> Registered:
    """Add or change the accounts of one batch. All rows have the same columns; absent ones keep their value.

    Refuses (`bad_date`) a row that would close an account before it was opened.
    """
    report = _register(CustomerAccount, rows=rows, now=now, also=_PERIOD, check=_closed_before_opened)
    _audit(report, "accounts", acting=acting, now=now)
    return report


@transaction.atomic
def register_points(*, rows: Sequence[RegistryRow], acting: Actor, now: datetime) -> Registered:
    """Add or change the service points of one batch; `account_id` is among the values."""
    report = _register(ServicePoint, rows=rows, now=now, also=(), check=lambda row, merged: None)
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


def _register(
    model: type[models.Model],
    *,
    rows: Sequence[RegistryRow],
    now: datetime,
    also: tuple[str, ...],
    check: _Check,
) -> Registered:
    """Compare each row with what stands, then write what is new by COPY and what changed by one UPDATE.

    Of several rows with one key the last counts; the others change nothing.
    """
    if not rows:
        return Registered()
    lock_key(Lock.REGISTRY)
    columns = tuple(rows[0].values)
    standing = _standing(model, keys={row.key for row in rows}, columns=dict.fromkeys((*columns, *also)))
    ids = {key: values["id"] for key, values in standing.items()}
    last = {row.key: row for row in rows}
    report, touched = Registered(same=len(rows) - len(last)), dict[str, None]()
    for row in last.values():
        before = standing.get(row.key)
        merged = {**(before or {}), **row.values}
        refusal = check(row, merged)
        if refusal is not None:
            report.refused.append(refusal)
        elif before is not None and all(before[name] == value for name, value in row.values.items()):
            report.same += 1
        else:
            report.new += before is None
            report.changed += before is not None
            standing[row.key], touched[row.key] = merged, None
    _write(model, columns=columns, standing=standing, ids=ids, touched=touched, now=now)
    return report


def _standing(model: type[models.Model], *, keys: set[str], columns: Mapping[str, None]) -> dict[str, dict[str, Any]]:
    rows = model._default_manager.filter(number__in=keys).values("id", "number", *columns)
    return {row.pop("number"): row for row in rows}


def _write(
    model: type[models.Model],
    *,
    columns: tuple[str, ...],
    standing: Mapping[str, Mapping[str, Any]],
    ids: Mapping[str, int],
    touched: Mapping[str, None],
    now: datetime,
) -> None:
    added = [(key, now, now, *(standing[key][name] for name in columns)) for key in touched if key not in ids]
    changed = [(ids[key], now, *(standing[key][name] for name in columns)) for key in touched if key in ids]
    if added:
        copy_rows(model, ("number", "registered_at", "changed_at", *columns), added)
    if changed:
        update_rows(model, ("changed_at", *columns), changed)
