"""Production refuses what nobody should run with, and sends what every answer must carry."""

import base64
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from ebok.adapters.seal import FakeSeal
from ebok.config import environment
from ebok.config.deployment import what_is_still_to_be_set
from ebok.config.field_keys import field_keys
from ebok.config.secrecy import checked
from ebok.einvoicing.ports import DocumentSeal
from ebok.foundation import ports
from ebok.jobs.seals import refuse_without_seal

ROOT = Path(__file__).resolve().parents[2]
STRONG = "k7Qw-" * 4 + "Zx9_vB2mN4pL8rT6yU1iO3aS5dF7gH0jK"
FIELD_KEY = base64.urlsafe_b64encode(bytes(range(7, 39))).decode().rstrip("=")
PRODUCTION = {
    "EBOK_DEMO": "0",
    "EBOK_SECRET_KEY": STRONG,
    "EBOK_HMAC_KEY": STRONG[::-1],
    "EBOK_FIELD_KEYS": f"k1:{FIELD_KEY}",
    "EBOK_PUBLIC_URL": "https://ebok.wodociagi.example",
    "EBOK_CONFIG": os.devnull,
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "DJANGO_SETTINGS_MODULE": "ebok.config.settings",
    "PYTHONWARNINGS": "ignore",
}
PROBE = Path(__file__).with_name("probe_headers.py")


def production(*command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("EBOK_", "DATABASE_", "DJANGO_"))}
    environ |= PRODUCTION | {"EBOK_DATA": os.environ["EBOK_DATA"]} | changed
    return subprocess.run(
        [sys.executable, *command], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["EBOK_SECRET_KEY", "EBOK_HMAC_KEY"])
@pytest.mark.parametrize(
    "value",
    ["", "short", "change-me-" + STRONG, "django-insecure-" + STRONG, "a" * 80, STRONG[:49]],
    ids=["missing", "short", "default", "djangos-default", "one-letter", "a-little-short"],
)
def test_a_weak_secret_is_refused_outside_the_demo(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name} .*Ustaw losową wartość"):
        checked(name=name, value=value, demo=False)


def test_a_missing_secret_is_refused_even_in_the_demo() -> None:
    with pytest.raises(ImproperlyConfigured):
        checked(name="EBOK_SECRET_KEY", value="", demo=True)


def test_a_strong_secret_is_taken() -> None:
    assert checked(name="EBOK_SECRET_KEY", value=STRONG, demo=False) == STRONG


@pytest.mark.parametrize(
    "value",
    [
        "", "k1", "k1:", f"K1:{FIELD_KEY}", f":{FIELD_KEY}", "k1:short", "k1:" + "A" * 43, f"k1:{FIELD_KEY[:-1]}!",
        f"k1:{FIELD_KEY},k1:{FIELD_KEY}", f"k1:{FIELD_KEY},", f"zażółć:{FIELD_KEY}", f"k1:{FIELD_KEY}ż",
    ],
)  # fmt: skip
def test_a_field_key_that_is_missing_weak_or_misshapen_is_refused_outside_the_demo(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EBOK_FIELD_KEYS .*Klucz zrobisz tak"):
        field_keys(value=value, demo=False, secret=STRONG)


def test_field_keys_are_taken_in_their_order() -> None:
    other = base64.urlsafe_b64encode(bytes(range(32))).decode()
    keys = field_keys(value=f"new:{other}, old:{FIELD_KEY}", demo=False, secret=STRONG)
    assert list(keys.items()) == [("new", bytes(range(32))), ("old", bytes(range(7, 39)))]


def test_a_demo_without_field_keys_makes_its_own_of_its_secret() -> None:
    keys = field_keys(value="", demo=True, secret=STRONG)
    assert keys == field_keys(value="", demo=True, secret=STRONG)
    assert keys != field_keys(value="", demo=True, secret=STRONG[::-1])
    assert [len(key) for key in keys.values()] == [32]


def test_a_secret_comes_from_a_file_before_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-file\n")
    environ = {"EBOK_SECRET_KEY": "from-environment", "EBOK_SECRET_KEY_FILE": str(tmp_path / "key")}
    environment.load(environ | {"EBOK_DATA": str(tmp_path)})
    environ |= {"EBOK_DATA": str(tmp_path), "EBOK_CONFIG": os.devnull}
    environment.load(environ)
    assert environ["EBOK_SECRET_KEY"] == "from-file"


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="Nie można odczytać pliku"):
        environment.load({"EBOK_SECRET_KEY_FILE": str(tmp_path / "none"), "EBOK_CONFIG": os.devnull})


def test_the_settings_file_gives_way_to_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "ebok.toml"
    file.write_text('EBOK_UTILITY_NAME = "Wodociągi"\nEBOK_STALE_FEED_DAYS = 5\nEBOK_DEMO = false\n')
    environ = {"EBOK_CONFIG": str(file), "EBOK_STALE_FEED_DAYS": "2"}
    environment.load(environ)
    assert environ["EBOK_UTILITY_NAME"] == "Wodociągi"
    assert (environ["EBOK_STALE_FEED_DAYS"], environ["EBOK_DEMO"]) == ("2", "0")


@pytest.mark.parametrize("content", ["not = toml = at all", 'name = "x"', 'ebok_public_url = "x"'])
def test_a_settings_file_with_a_fault_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "ebok.toml").write_text(content)
    with pytest.raises(ImproperlyConfigured, match=r"ebok\.toml"):
        environment.load({"EBOK_CONFIG": str(tmp_path / "ebok.toml")})


def test_the_demo_keeps_its_secrets_for_its_owner_only(tmp_path: Path) -> None:
    environ = {"EBOK_DATA": str(tmp_path), "EBOK_CONFIG": os.devnull}
    environment.make_demo(environ)
    file = tmp_path / "demo.env"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    environment.make_demo(environ)
    environment.load(environ)
    assert file.read_text() == before
    assert environ["EBOK_DEMO"] == "1"
    assert len(environ["EBOK_SECRET_KEY"]) >= 50
    assert environ["EBOK_SECRET_KEY"] != environ["EBOK_HMAC_KEY"]


@pytest.mark.parametrize("says", [{"EBOK_DEMO": "0"}, {"EBOK_SECRET_KEY": STRONG}, {"EBOK_HMAC_KEY": STRONG}])
def test_an_environment_that_says_how_to_run_never_becomes_a_demo(tmp_path: Path, says: dict[str, str]) -> None:
    environment.make_demo({"EBOK_DATA": str(tmp_path)})
    environ = {"EBOK_DATA": str(tmp_path), "EBOK_CONFIG": os.devnull} | says
    environment.load(environ)
    assert environ.get("EBOK_DEMO") != "1"


def test_production_settings_pass_djangos_deployment_check() -> None:
    done = production("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_the_deployment_check_names_what_keeps_invoices_in() -> None:
    said = production("-m", "django", "check", "--deploy", EBOK_SEAL_P12="").stderr
    for name in ("ebok make_seal", "EBOK_EMAIL_URL", "EBOK_DELIVER_SINCE", "EBOK_UTILITY_NIP"):
        assert name in said
    said = production("-m", "django", "check", "--deploy", EBOK_DELIVER_SINCE="2026-12-01").stderr
    assert "EBOK_DELIVER_SINCE" not in said


def test_the_check_and_the_log_at_start_say_that_the_certificate_of_the_seal_ends_soon(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EBOK_DEMO = False
    words = "Certyfikat pieczęci wygaśnie 12.12.2026 o 12:00."
    monkeypatch.setitem(ports._made, DocumentSeal, FakeSeal(soon=words))
    assert words in [one.msg for one in what_is_still_to_be_set(None)]
    refuse_without_seal()
    assert words in caplog.text
    monkeypatch.setitem(ports._made, DocumentSeal, FakeSeal())
    assert words not in [one.msg for one in what_is_still_to_be_set(None)]


def test_every_address_answers_with_the_security_headers_in_production() -> None:
    done = production(str(PROBE))
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["answers"] >= 8
    assert {200, 404, 405, 503} <= set(told["codes"])
    assert 500 not in told["codes"]


def test_every_setting_has_a_row_in_the_readme() -> None:
    source = (ROOT / "ebok/config/settings.py").read_text("utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"(EBOK_[A-Z_]+|DATABASE_URL)"', source))
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = set(re.findall(r"^\|\s*`(EBOK_[A-Z_]+|DATABASE_URL)`", readme, re.MULTILINE))
    assert names - rows == set()


NO_PORT = 70_000


@pytest.mark.parametrize(
    ("url", "proxies", "warned"),
    [
        ("https://ebok.wodociagi.example", 0, True),
        ("https://ebok.wodociagi.example", 1, False),
        ("http://localhost:8000", 0, False),
    ],
)
def test_a_start_behind_a_proxy_nobody_has_told_of_is_warned(
    url: str, proxies: int, warned: bool, settings: Settings
) -> None:
    settings.EBOK_PUBLIC_URL, settings.ALLAUTH_TRUSTED_PROXY_COUNT = url, proxies
    said = io.StringIO()
    with pytest.raises(CommandError, match=str(NO_PORT)):
        call_command("serve", port=NO_PORT, stderr=said)
    assert ("EBOK_TRUSTED_PROXIES" in said.getvalue()) == warned
