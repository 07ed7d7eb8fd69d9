"""Audit rows are insert-only and their chain finds every later change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.models import AuditRow, AuditSeal
from ebok.audit.operations import record, seal_rows
from ebok.audit.queries import broken_promises, deeds, prove_chain, staff_views

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JOB = Actor(kind=ActorKind.JOB, name="tests")
COLUMNS = ("action", "subject", "actor_name", "actor_address", "reason", "result")


def write(count: int, now: datetime = NOW) -> None:
    record(
        facts=[AuditFact(action="read", subject=f"invoice:{n}", details={"n": n}) for n in range(count)],
        acting=JOB,
        now=now,
    )


def tamper(sql: str, values: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
def test_rows_wait_for_a_seal_and_are_chained_in_order() -> None:
    write(3)
    assert prove_chain(now=NOW).proved == 0
    assert seal_rows(now=NOW) == 3
    write(2)
    assert seal_rows(now=NOW) == 2
    assert seal_rows(now=NOW) == 0
    report = prove_chain(now=NOW + timedelta(days=1))
    assert report.holds
    assert report.proved == 5
    assert list(AuditSeal.objects.order_by("position").values_list("row_id", flat=True)) == list(
        AuditRow.objects.order_by("id").values_list("id", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("model", [AuditRow, AuditSeal])
def test_neither_rows_nor_seals_can_be_changed_or_deleted(model: type[AuditRow] | type[AuditSeal]) -> None:
    write(1)
    seal_rows(now=NOW)
    change = {"action": "other"} if model is AuditRow else {"sealed_at": NOW + timedelta(days=1)}
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 5),
    column=st.sampled_from(COLUMNS),
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20),
)
def test_any_edit_of_a_sealed_row_breaks_the_chain_where_it_was_made(place: int, column: str, text: str) -> None:
    with transaction.atomic():
        write(6)
        seal_rows(now=NOW)
        row = AuditRow.objects.order_by("id")[place]
        before = getattr(row, column)
        tamper(f"UPDATE audit_auditrow SET {column} = %s WHERE id = %s", [text, row.id])  # noqa: S608
        broken = prove_chain(now=NOW).broken_at
        transaction.set_rollback(True)
    assert broken == (None if text == before else place + 1)


@pytest.mark.django_db
def test_a_removed_row_or_seal_breaks_the_chain() -> None:
    write(4)
    seal_rows(now=NOW)
    tamper("DELETE FROM audit_auditseal WHERE position = %s", [2])
    assert prove_chain(now=NOW).broken_at == 2
    assert broken_promises(now=NOW) == ["łańcuch audytu pęka na pozycji 2"]


@pytest.mark.django_db
def test_a_row_unsealed_for_over_a_minute_is_named() -> None:
    write(1)
    row = AuditRow.objects.get()
    assert prove_chain(now=NOW + timedelta(seconds=60)).holds
    assert prove_chain(now=NOW + timedelta(seconds=61)).overdue == (row.id,)


@pytest.mark.django_db(transaction=True)
def test_a_row_committed_late_is_sealed_by_the_next_run() -> None:
    import psycopg

    dsn = connection.get_connection_params()
    plain = {k: dsn[k] for k in ("dbname", "user", "host", "port", "password") if dsn.get(k)}
    with psycopg.connect(**plain) as other:
        other.execute(
            "INSERT INTO audit_auditrow"
            " (at, actor_kind, actor_name, actor_address, action, subject, reason, result, details)"
            " VALUES (now(), 'job', 'slow', '', 'late', 'x', '', 'ok', '{}')"
        )
        write(1)
        assert seal_rows(now=NOW) == 1
        other.commit()
    assert seal_rows(now=NOW) == 1
    assert list(AuditSeal.objects.order_by("position").values_list("row__action", flat=True)) == ["read", "late"]
    assert prove_chain(now=NOW).broken_at is None


def seen(account: int | None, actor: Actor, action: str = "customer.opened", at: datetime = NOW) -> None:
    fact = AuditFact(action=action, subject=f"account:{account}", account_id=account, reason="Telefon od klienta")
    record(facts=[fact], acting=actor, now=at)


ANNA = Actor(kind=ActorKind.USER, name="1")
CLERK = Actor(kind=ActorKind.STAFF, name="7", address="192.0.2.1")


@pytest.mark.django_db
def test_deeds_are_told_newest_first_by_account_by_person_and_by_kind_a_page_at_a_time() -> None:
    seen(1, ANNA, "invoice.downloaded")
    seen(1, CLERK)
    seen(2, CLERK)
    seen(None, JOB, "import.done")
    assert [one.action for one in deeds(account_ids=None, limit=9)] == [
        "import.done", "customer.opened", "customer.opened", "invoice.downloaded",
    ]  # fmt: skip
    assert [one.actor_name for one in deeds(account_ids=[1], limit=9)] == ["7", "1"]
    assert [one.account_id for one in deeds(account_ids=None, actor_kind=ActorKind.STAFF, limit=9)] == [2, 1]
    assert len(deeds(account_ids=None, actor_name="7", actions=["customer.opened"], limit=9)) == 2
    assert deeds(account_ids=None, actions=[], limit=9) == []
    assert deeds(account_ids=[], limit=9) == []
    first = deeds(account_ids=None, limit=3)
    assert [one.action for one in deeds(account_ids=None, limit=3, before_id=first[-1].id)] == ["invoice.downloaded"]


@pytest.mark.django_db
def test_a_customer_is_told_which_staff_had_the_account_when_and_why_and_nobody_elses() -> None:
    seen(1, ANNA)
    seen(1, CLERK)
    seen(2, CLERK)
    seen(1, JOB)
    [view] = staff_views(account_ids=[1], limit=9)
    assert (view.staff_id, view.account_id, view.at, view.reason) == (7, 1, NOW, "Telefon od klienta")
    assert staff_views(account_ids=[3], limit=9) == []
    assert len(staff_views(account_ids=[1, 2], limit=1)) == 1
