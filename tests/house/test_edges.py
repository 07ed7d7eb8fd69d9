"""What stands around every page: sessions that end, a database that is away, health, logs without people."""

import io
import json
import logging
from datetime import datetime, timedelta

import pytest
import structlog
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from ebok.access.operations import create_user
from ebok.audit.domain import Actor, ActorKind
from ebok.config.wsgi import LIMITS_MS, limit_queries
from ebok.foundation import logs
from ebok.web.failures import failed
from ebok.web.middleware import SessionLimitsMiddleware

NOON = datetime.fromisoformat("2026-11-22T12:00:00+01:00")


def visit(store: SessionStore, *, at: datetime) -> bool:
    """Come with this session; say whether it still knows who it is."""
    request = RequestFactory().get("/panel/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "present"
    request.session, request.user = store, AnonymousUser()
    with time_machine.travel(at, tick=False):
        SessionLimitsMiddleware(lambda _: HttpResponse())(request)
    return SESSION_KEY in request.session


@pytest.fixture
def signed_in() -> SessionStore:
    store = SessionStore()
    store[SESSION_KEY] = "1"
    assert visit(store, at=NOON)
    return store


@pytest.mark.django_db
def test_a_session_lives_on_while_it_is_used(signed_in: SessionStore) -> None:
    assert all(visit(signed_in, at=NOON + timedelta(minutes=29 * step)) for step in range(1, 10))


@pytest.mark.django_db
def test_a_session_ends_half_an_hour_after_the_last_visit(signed_in: SessionStore) -> None:
    assert not visit(signed_in, at=NOON + timedelta(minutes=30, seconds=1))


@pytest.mark.django_db
def test_a_session_ends_after_twelve_hours_however_busy(signed_in: SessionStore) -> None:
    steps = [visit(signed_in, at=NOON + timedelta(minutes=20 * step)) for step in range(1, 38)]
    assert steps == [True] * 36 + [False]


def test_a_database_that_is_away_is_a_page_to_come_back_to() -> None:
    request = RequestFactory().get("/panel/")
    try:
        raise OperationalError
    except OperationalError:
        answer = failed(request)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Wróć za kilka minut" in answer.content.decode()


def test_a_fault_of_ours_tells_a_reference_and_nothing_else() -> None:
    request = RequestFactory().get("/panel/")
    with structlog.contextvars.bound_contextvars(request_id="12345678-90ab-4cde-8f00-000000000000"):
        try:
            raise ValueError("Jan Kowalski")
        except ValueError:
            answer = failed(request)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "12345678" in page
    assert "Kowalski" not in page


def test_health_answers_without_a_database() -> None:
    assert Client(HTTP_HOST="localhost").get("/zdrowie/").content == b"ok\n"


@pytest.mark.django_db
def test_health_of_database_and_worker_is_told_on_this_machine() -> None:
    answer = Client(HTTP_HOST="localhost").get("/zdrowie/?pelne")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "worker": "late", "worker_age_seconds": None}


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_this_machine_has_several_names(host: str) -> None:
    assert Client(HTTP_HOST=host).get("/zdrowie/?pelne").status_code == 503


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "ebok.wodociagi.example"},
        {"HTTP_HOST": "ebok.wodociagi.example:443"},
    ],
)
def test_health_of_database_and_worker_is_told_to_nobody_else(asked: dict[str, str], settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "ebok.wodociagi.example"]
    assert Client(**{"HTTP_HOST": "localhost"} | asked).get("/zdrowie/?pelne").status_code == 404


def test_web_requests_wait_for_locks_and_statements_only_so_long() -> None:
    options = connections.settings["default"]["OPTIONS"]
    before = dict(options)
    limit_queries()
    told, options["options"] = options["options"], before.get("options", "")
    assert [f"-c {name}={value}" in told for name, value in LIMITS_MS.items()] == [True, True, True]


def logged(record: logging.LogRecord) -> dict[str, object]:
    return json.loads(logs.json_formatter().format(record))


def test_a_log_line_is_json_without_what_the_exception_says() -> None:
    try:
        raise ValueError("PESEL 44051401359 jest zły")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        line = logged(logging.LogRecord("x", logging.ERROR, __file__, 1, "bad row", (), info))
    assert (line["event"], line["level"]) == ("bad row", "error")
    assert line["exception"][0]["type"] == "builtins.ValueError"
    assert "44051401359" not in json.dumps(line)


def test_a_request_is_logged_without_its_query_string(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(logging.getLogger().handlers[0], "stream", written)
    Client(HTTP_HOST="localhost").get("/nie-ma/?email=jan@poczta.example", HTTP_USER_AGENT="Przegladarka")
    assert '"GET /nie-ma/"' in written.getvalue()
    assert "jan@poczta" not in written.getvalue()
    assert "Przegladarka" not in written.getvalue()


@pytest.mark.django_db
def test_what_signed_in_people_see_is_stored_nowhere() -> None:
    acting = Actor(kind=ActorKind.COMMAND, name="test")
    create_user(username="ela", password="kalosz-parasol-deszcz-7", acting=acting, now=NOON)
    client = Client(HTTP_HOST="localhost")
    client.login(username="ela", password="kalosz-parasol-deszcz-7")
    assert client.get("/").headers["Cache-Control"] == "no-store"
