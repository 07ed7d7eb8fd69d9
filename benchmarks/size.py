"""Two utilities to measure pages on: one with 1.2 million invoices, one with twenty thousand.

On the benchmark's own embedded server they stay for the next run, until a table or the plan changes.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from benchmarks import rows
from benchmarks.bench import say, seconds
from benchmarks.databases import ROOT, SETTINGS, Database, server

KEYS: Final = ("EBOK_SECRET_KEY", "EBOK_HMAC_KEY")
LARGE: Final = 50_000
QUICK_LARGE: Final = 2_000
SMALL: Final = 750

TABLES: Final[tuple[tuple[str, str, Callable[[rows.Plan], Iterator[str]]], ...]] = (
    (
        "customers_customeraccount",
        "id number kind name street house postal_code city payment_nrb opened_on registered_at changed_at",
        rows.accounts,
    ),
    (
        "customers_servicepoint",
        "id number account_id street house postal_code city registered_at changed_at",
        rows.points,
    ),
    ("metering_meter", "id serial_number dials verification_valid_until registered_at changed_at", rows.meters),
    (
        "metering_meterinstallation",
        "id meter_id service_point_id role installed_on initial_value registered_at changed_at",
        rows.installations,
    ),
    ("metering_meterreading", "id meter_id read_on value_m3 source submitted_at", rows.readings),
    ("metering_readingacceptance", "id accepted_at accepted_by reading_id", rows.acceptances),
    ("billing_accountledger", "account_id", rows.ledgers),
    (
        "billing_invoice",
        "id number kind account_id issue_date due_date period_start period_end net_total vat_total gross_total"
        " payment_nrb buyer_nip xml_sha256 content imported_at",
        rows.invoices,
    ),
    (
        "billing_ledgerentry",
        "id kind contra source external_id amount booked_on due_on document_number title settles_first posted_at"
        " account_id invoice_id",
        rows.entries,
    ),
    ("billing_allocation", "id amount made_at charge_id credit_id", rows.allocations),
    ("billing_openitem", "entry_id remaining due_on account_id invoice_id", rows.open_items),
    (
        "payments_bankstatement",
        "id own_nrb number first_day last_day opening closing rows file_sha256 booked_at",
        rows.statements,
    ),
    (
        "payments_statementmovement",
        "id position booked_on value_on amount reversal bank_reference counterparty_name counterparty_nrb"
        " accounts_mentioned collect_id title details content_key fingerprint statement_id",
        rows.movements,
    ),
    ("payments_matchedmovement", "movement_id matched_by matched_at account_id entry_id", rows.matches),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """One of the two: its database and what lies in it."""

    database: Database
    plan: rows.Plan


@contextmanager
def sized(*, data: Path, quick: bool) -> Iterator[tuple[Sized, Sized]]:
    """The large and the small utility; `data` keeps what eBOK writes besides."""
    os.environ |= SETTINGS | {key: secrets.token_urlsafe(48) for key in KEYS} | {"EBOK_DATA": str(data)}
    ours = "DATABASE_URL" not in os.environ
    with server():
        import django

        django.setup()
        made = [_kept(accounts) for accounts in (QUICK_LARGE if quick else LARGE, SMALL)]
        try:
            yield made[0], made[1]
        finally:
            from django.db import connections

            connections.close_all()
            if not ours:
                for one in made:
                    _drop(one.database.name)


def _kept(accounts: int) -> Sized:
    plan = _plan(accounts)
    database = Database(name=f"size_{plan.invoices}_{_version()}")
    if not _exists(database.name):
        say(f"making a utility with {plan.invoices} invoices…")
        say(f"… made in {seconds(lambda: _make(database.name, plan)):.0f} s")
    return Sized(database=database, plan=plan)


def _version() -> str:
    """What the rows depend on: tables, the plan, and the month, since invoices grow old."""
    from ebok.foundation import clock

    sources = [*sorted((ROOT / "ebok").glob("*/migrations/*.py")), Path(rows.__file__)]
    tables = [(table, columns) for table, columns, _ in TABLES]
    said = b"".join(path.read_bytes() for path in sources) + f"{tables} {clock.today():%Y-%m}".encode()
    return hashlib.sha256(said).hexdigest()[:12]


def _plan(accounts: int) -> rows.Plan:
    from ebok.foundation import clock
    from ebok.foundation.utility import utility

    return rows.Plan(accounts=accounts, on=clock.today(), own_nrb=utility().ibans[0], shapes=_shapes())


def _shapes() -> tuple[rows.Shape, ...]:
    """Invoices of the demo, read as an import reads them, with holes for number, account and days."""
    from ebok.adapters.fa3 import Fa3InvoiceReader
    from ebok.billing.domain.codec import to_json
    from ebok.jobs.demo import bulk

    reader, made = Fa3InvoiceReader(), []
    for _, xml in bulk.invoices(count=rows.VOLUMES, accounts=1, on=date(2026, 11, 22)):
        invoice = reader.read(xml)
        content = to_json(invoice).replace("%", "%%")
        period = invoice.period
        assert period is not None
        holes = {
            f'"number": "{invoice.number}"': '"number": "%s"',
            f'"issue_date": "{invoice.issue_date}"': '"issue_date": "@issued@"',
            f'"start": "{period.start}"': '"start": "@start@"',
            f'"end": "{period.end}"': '"end": "@end@"',
            f'"due_dates": ["{invoice.due_dates[0]}"]': '"due_dates": ["@due@"]',
            f'"customer_number": "{invoice.buyer.customer_number}"': '"customer_number": "%s"',
            f'"nrb": "{invoice.payment_accounts[0].nrb}"': '"nrb": "%s"',
        }
        for said, hole in holes.items():
            assert said in content, said
            content = content.replace(said, hole)
        made.append(
            rows.Shape(net=invoice.net_total, vat=invoice.vat_total, gross=invoice.gross_total, content=content)
        )
    return tuple(made)


def _make(name: str, plan: rows.Plan) -> None:
    """Under another name first: a run that was stopped leaves nothing that looks whole."""
    from django.core.management import call_command

    draft = Database(name=f"{name}_draft")
    _drop(draft.name)
    _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft.name)))
    draft.use()
    call_command("migrate", verbosity=0)
    draft.release()
    with psycopg.connect(draft.url, autocommit=True) as connection:
        _fill(connection, plan)
        _refuse_orphans(connection)
    if plan.accounts == SMALL:
        _refuse_broken_promises(draft)
    _execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft.name), sql.Identifier(name)))


def _fill(connection: psycopg.Connection, plan: rows.Plan) -> None:
    # Foreign keys are checked at once afterwards; unique and check constraints hold on every row.
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '512MB'")
    for table, columns, make in TABLES:
        _copy(connection, table, columns.split(), make(plan))
    for table, columns, _ in TABLES:
        if columns.startswith("id "):
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                    sql.Literal(table), sql.Identifier(table)
                )
            )
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("VACUUM (ANALYZE)")


def _copy(connection: psycopg.Connection, table: str, columns: list[str], lines: Iterator[str]) -> None:
    """COPY into the table without its secondary indexes, then make them again."""
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    ).fetchall()
    for index, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index.strip('"'))))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            copy.write(line)
    for _, definition in indexes:
        connection.execute(definition.encode())


def _refuse_orphans(connection: psycopg.Connection) -> None:
    """Every foreign key of the filled tables leads to a row."""
    filled = [table for table, _, _ in TABLES]
    keys = connection.execute(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)",
        [filled],
    ).fetchall()
    for table, column, other, key in keys:
        row = connection.execute(
            sql.SQL(
                "SELECT count(*) FROM {0} t WHERE t.{1} IS NOT NULL"
                " AND NOT EXISTS (SELECT FROM {2} o WHERE o.{3} = t.{1})"
            ).format(*map(sql.Identifier, (table, column, other, key)))
        ).fetchone()
        assert row == (0,), (table, column, row)


def _refuse_broken_promises(database: Database) -> None:
    """The rows of the plan are what posting them one by one gives; size changes nothing in that."""
    from ebok.billing import queries as billing
    from ebok.metering import queries as metering
    from ebok.payments import queries as payments

    database.use()
    broken = [*billing.broken_promises(), *payments.broken_promises(), *metering.broken_promises()]
    assert not broken, broken[:5]
    database.release()


def _exists(name: str) -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(name: str) -> None:
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
