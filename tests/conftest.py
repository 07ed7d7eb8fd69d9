"""What every test shares."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from ebok.foundation.logs import json_formatter
from tests import postgres

QUEUE: Final = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")
SECRETS: Final = ("zielony traktor liczy gwiazdy", "44051401359", "08102010550000000000012445")
"""The password, the PESEL and the bank account that tests sign in with, import and pay to."""


def pytest_configure() -> None:
    """Serve static files straight from their folders; `serve` collects them and is tested as a process."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give this process a database of its own, copied from the template of the present migrations."""
    ours = postgres.prepare()
    settings = connections["default"].settings_dict
    settings["CONN_MAX_AGE"] = 0
    settings["TEST"] |= {"NAME": ours.name, "TEMPLATE": ours.template}


@pytest.fixture(scope="session", autouse=True)
def emptying_passes_insert_only_tables() -> Iterator[None]:
    """Let Django empty the tables after a test that commits, although their triggers refuse it to everybody."""

    def empty(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)
            # Django leaves the queue alone: its models are not managed. A later test would find these jobs.
            cursor.execute(f"TRUNCATE {', '.join(QUEUE)}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def hashing_passwords_costs_little() -> Iterator[None]:
    """Keep argon2id, with the smallest memory and time it takes."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, value)
        yield


class Tattler(logging.Handler):
    """Keeps every line of the log that says a secret."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(json_formatter())
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line as the product would, and look at it."""
        line = self.format(record)
        if any(secret in line for secret in SECRETS):
            self.told.append(line)


@pytest.fixture(scope="session", autouse=True)
def no_secret_reaches_the_log() -> Iterator[None]:
    """Read the log of the whole run: no password, PESEL or bank account in it."""
    tattler = Tattler()
    logging.getLogger().addHandler(tattler)
    yield
    logging.getLogger().removeHandler(tattler)
    assert tattler.told == []
