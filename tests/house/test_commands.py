"""What the `ebok` command tells before it does anything: about itself, its settings, its port."""

import importlib
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from ebok.config import address, environment, guide, serving


def test_every_command_of_ours_stands_once_in_the_help_with_its_own_line() -> None:
    shown = [name for names in guide.GROUPS.values() for name in names]
    assert sorted(shown) == sorted({**guide.own_commands(), **guide.OF_DJANGO})
    for folder in guide.FOLDERS:
        package = f"ebok.{folder.replace('/', '.')}"
        for file in (guide.PACKAGE / folder).glob("[!_]*.py"):
            command = importlib.import_module(f"{package}.{file.stem}").Command
            assert f"  {file.stem} " in guide.overview()
            assert command.help in guide.overview()


@pytest.mark.parametrize(
    ("arguments", "topic"),
    [
        ("", ""),
        ("help", ""),
        ("--help", ""),
        ("-h", ""),
        ("help grant", "grant"),
        ("help --commands", "--commands"),
        ("grant --help", "grant"),
        ("import_invoices a.xml -h", "import_invoices"),
        ("grant anna 100001", None),
        ("version", None),
    ],
)
def test_who_asks_for_help_is_told_from_who_wants_work_done(arguments: str, topic: str | None) -> None:
    assert guide.topic_of(["ebok", *arguments.split()]) == topic


def test_help_forgets_the_settings_of_this_installation() -> None:
    environ = {"EBOK_DATA": "/somewhere", "EBOK_HMAC_KEY_FILE": "/absent", "DATABASE_URL": "nonsense", "HOME": "/root"}
    environment.forget(environ)
    environment.load(environ)
    assert environ["DATABASE_URL"] == address.checked(environ["DATABASE_URL"])
    assert environ["EBOK_CONFIG"] == os.devnull
    assert "EBOK_DATA" not in environ
    assert "EBOK_HMAC_KEY_FILE" not in environ
    assert environ["HOME"] == "/root"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////tmp/x.db",
        "mysql://anna:tajne@host/baza",
        "postgres://anna:tajne@host",
        "postgresql://anna:tajne@host/",
        "postgresql://anna:tajne@host:port/baza",
        "postgresql://anna:tajne@host:0/baza",
        "postgresql://anna:tajne@host:70000/baza",
        "postgresql://anna:tajne@[::1/baza",
        "postgresql://anna:tajne@host/baza?tajne=1",
        "host=host dbname=baza password=tajne",
        "garbage",
    ],
)
def test_an_address_of_no_postgresql_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL nie jest adresem bazy PostgreSQL\.") as refusal:
        address.checked(url)
    assert "tajne" not in str(refusal.value)


@given(st.text())
def test_any_other_text_is_refused_as_an_address_and_never_more(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        address.checked(f"x{text}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:tajne@host/baza",
        "postgres://anna@host:5432/baza?sslmode=require",
        "postgresql://postgres@/postgres?host=/var/lib/ebok/postgres",
    ],
)
def test_an_address_of_a_postgresql_database_is_taken_as_it_is(url: str) -> None:
    assert address.checked(url) == url


def test_where_nobody_said_how_to_run_the_likely_cause_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="EBOK_DATA co make run") as refusal:
        environment.expect_some({"EBOK_DATA": str(tmp_path)})
    assert str(tmp_path / "demo.env") in str(refusal.value)
    environment.expect_some({"EBOK_DEMO": "0"})
    environment.expect_some({"EBOK_HMAC_KEY": "x"})


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "65536", "99999", "80.5", "٨٠٨٠", "8" * 5000, " 80"])
def test_what_is_no_port_is_told_so_in_one_sentence(text: str) -> None:
    with pytest.raises(serving.NoPort, match=r"^Port to liczba od 1 do 65535"):
        serving.port_of(text)


@given(st.integers(1, 65535))
def test_every_port_is_taken(port: int) -> None:
    assert serving.port_of(str(port)) == port
