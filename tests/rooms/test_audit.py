"""Audit rows are insert-only and their chain finds every later change."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from benchmarks.tamper import tamper as one_byte
from benchmarks.tamper import unguard, write_trail
from ebok.audit.domain import CHAIN_START, Actor, ActorKind, AuditFact, ChainHead
from ebok.audit.models import AuditRow, AuditSeal, UnsealedRow
from ebok.audit.operations import record, seal_rows
from ebok.audit.queries import broken_promises, chain_head, chain_key, content_of, deeds, prove_chain, staff_views
from ebok.jobs.tasks import seal_audit

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
def test_of_sixty_random_changes_of_one_byte_every_one_is_found() -> None:
    unguard()
    write_trail(12)

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.randoms(use_true_random=False))
    def found(random: Random) -> None:
        done = one_byte(random, rows=12)
        assert done.found, done.what

    found()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_auditrow SET at = '20000-01-01'",
        "UPDATE audit_auditrow SET at = 'infinity'",
        "UPDATE audit_auditrow SET at = '0044-03-15 BC'",
        "UPDATE audit_auditseal SET sealed_at = '-infinity'",
        "UPDATE audit_auditrow SET details = '1e99999'",
        "UPDATE audit_auditrow SET details = '[1e400]'",
        "UPDATE audit_auditseal SET chain_hash = ''",
    ],
)
def test_what_can_no_longer_be_read_is_a_break_and_not_an_accident(edit: str) -> None:
    unguard()
    write(5)
    seal_rows(now=NOW)
    row = AuditSeal.objects.get(position=3).row_id
    where = "position = 3" if "auditseal" in edit else f"id = {row}"
    tamper(f"{edit} WHERE {where}", [])
    assert prove_chain(now=NOW).broken_at == 3


@pytest.mark.django_db
def test_a_chain_cut_at_its_end_is_found_by_the_head_noted_before(capsys: pytest.CaptureFixture[str]) -> None:
    write(4)
    seal_rows(now=NOW)
    noted = chain_head()
    assert prove_chain(now=NOW, noted=noted).holds
    with pytest.raises(SystemExit) as ended:
        call_command("check_audit", "--head", str(noted))
    assert (ended.value.code, f"koniec łańcucha: {noted}" in capsys.readouterr().out) == (0, True)
    tamper("DELETE FROM audit_auditrow WHERE id = (SELECT max(id) FROM audit_auditrow)", [])
    assert prove_chain(now=NOW).broken_at == 4
    tamper("DELETE FROM audit_auditseal WHERE position = 4", [])
    assert prove_chain(now=NOW).holds
    assert prove_chain(now=NOW, noted=noted).cut
    with pytest.raises(SystemExit) as ended:
        call_command("check_audit", "--head", str(noted))
    assert (ended.value.code, "nie ma zapisanego końca" in capsys.readouterr().out) == (1, True)
    with pytest.raises(CommandError, match="To nie jest koniec łańcucha"):
        call_command("check_audit", "--head", "4:xyz")


@pytest.mark.django_db
def test_each_run_of_sealing_leaves_the_head_in_the_log() -> None:
    write(2)
    with capture_logs() as logs:
        seal_audit(0)
        seal_audit(0)
    assert [line["head"] for line in logs] == [str(chain_head())]


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_noted_head_is_read_as_it_was_written(position: int, digest: bytes) -> None:
    head = ChainHead(position=position, chain_hash=digest)
    assert ChainHead.parse(f" {head}\n") == head


@given(st.text())
def test_anything_else_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match=r"head|fromhex|hexadecimal"):
        ChainHead.parse(text)


@pytest.mark.django_db
def test_seals_that_did_not_cover_their_time_still_hold_and_still_break() -> None:
    write(2)
    first, second = AuditRow.objects.order_by("id")
    head = CHAIN_START
    for position, row in enumerate((first, second), start=1):
        content = {"position": position, **content_of(row)}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        head = hmac.digest(chain_key(), head + text.encode(), "sha256")
        AuditSeal.objects.create(position=position, row=row, chain_hash=head, sealed_at=NOW)
    assert prove_chain(now=NOW).proved == 2
    write(1)
    AuditRow.objects.exclude(id__in=[first.id, second.id]).get()
    UnsealedRow.objects.filter(row__in=[first, second]).delete()
    assert seal_rows(now=NOW) == 1
    assert prove_chain(now=NOW).proved == 3
    tamper("UPDATE audit_auditrow SET result = 'no' WHERE id = %s", [first.id])
    assert prove_chain(now=NOW).broken_at == 1


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
