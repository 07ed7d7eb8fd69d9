"""The product as processes: it starts with one command, survives what is killed, and leaves nothing behind."""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from tests.system.running import Serving, data_folder, ebok, ebok_without_a_reader, processes_of, until


class Installation:
    """One data folder and the product running in it, or not, as a test needs it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.serving: Serving | None = None

    def running(self) -> Serving:
        """What runs: what an earlier test left running and well, else started now."""
        if self.serving is None or self.serving.process.poll() is not None:
            self.started_again(port=None)
        assert self.serving is not None
        until(self.serving.answers, what="web, database and worker")
        return self.serving

    def started_again(self, *, port: int | None) -> Serving:
        self.serving = Serving(self.data, port=port)
        until(self.serving.answers, what="web, database and worker")
        return self.serving

    def stop(self) -> int:
        """Stop what runs and return its exit code, 0 when nothing ran."""
        code = 0 if self.serving is None else self.serving.stop()
        self.serving = None
        return code


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with data_folder() as folder:
        yield Installation(folder)


def test_it_tells_its_address_and_works_beside_other_commands(installation: Installation) -> None:
    serving = installation.running()
    assert serving.first_line == f"eBOK działa: http://localhost:{serving.port}\n"
    beside = ebok(installation.data, "check_audit")
    assert (beside.returncode, beside.stderr) == (0, "")
    assert serving.answers()
    assert (installation.data / "demo.env").stat().st_mode & 0o777 == 0o600


def test_a_busy_port_is_told_in_one_sentence_and_what_runs_there_goes_on(installation: Installation) -> None:
    serving = installation.running()
    port = str(serving.port)
    refused(ebok(installation.data, "serve", "--port", port), words=f"Port {port} jest zajęty")
    assert serving.answers()


@pytest.mark.parametrize("part", ["ebok.config.web", "worker", "postgres"])
def test_what_is_killed_comes_back_by_itself(installation: Installation, part: str) -> None:
    serving = installation.running()
    victim = serving.leader(part)
    assert victim is not None
    psutil.Process(victim).kill()
    until(lambda: serving.leader(part) not in (None, victim) and serving.answers(), what="its return")


def test_the_worker_stands_back_when_pages_need_the_processor(installation: Installation) -> None:
    serving = installation.running()
    web, worker = (serving.leader(part) for part in ("ebok.config.web", "worker"))
    until(lambda: psutil.Process(worker).nice() > psutil.Process(web).nice(), what="the worker behind the web")


def test_after_all_of_it_is_killed_the_next_start_just_works(installation: Installation) -> None:
    serving = installation.running()
    for process in processes_of(installation.data):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    serving.process.wait(timeout=20)
    installation.started_again(port=serving.port)


def test_when_its_parent_is_killed_nothing_but_the_database_stays_and_the_next_start_takes_it_over(
    installation: Installation,
) -> None:
    serving = installation.running()
    database = serving.leader("postgres")
    serving.process.kill()
    serving.process.wait(timeout=20)
    until(lambda: serving.leader("ebok.config.web") is serving.leader("worker") is None, what="web and worker gone")
    assert installation.started_again(port=serving.port).leader("postgres") == database


def test_it_stops_without_a_trace(installation: Installation) -> None:
    installation.running()
    assert installation.stop() == 0
    assert processes_of(installation.data) == []


def test_a_command_starts_the_database_for_itself_and_leaves_none(installation: Installation) -> None:
    installation.stop()
    done = ebok(installation.data, "export_readings", "--cursor", "", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["readings"] == []
    assert processes_of(installation.data) == []


def test_a_reader_that_goes_away_is_no_error_and_the_database_is_given_back(installation: Installation) -> None:
    installation.stop()
    for arguments in (["help"], ["check_ledger"]):
        assert ebok_without_a_reader(installation.data, *arguments) == (128 + signal.SIGPIPE, "")
    assert processes_of(installation.data) == []


def refused(done: CompletedProcess[str], *, words: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_data_folder_that_is_a_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(ebok(tmp_path / "file", "check_audit"), words="Nie można pisać w folderze danych")


def test_a_path_too_long_for_a_socket_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path / ("d" * 120), "check_audit"), words="jest za długa")


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    refused(ebok(tmp_path, "check_audit", DATABASE_URL=url), words="Baza danych nie odpowiada")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DATABASE_URL", "sqlite:////tmp/x.db", "DATABASE_URL nie jest adresem bazy PostgreSQL"),
        ("EBOK_STALE_FEED_DAYS", "three", "Ustawienie EBOK_STALE_FEED_DAYS ma złą wartość"),
        ("EBOK_LOG_LEVEL", "loud", "Ustawienie EBOK_LOG_LEVEL ma złą wartość"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_one_sentence(tmp_path: Path, setting: str, value: str, words: str) -> None:
    refused(ebok(tmp_path, "check_audit", **{setting: value}), words=words)
    assert not (tmp_path / "postgres").exists()


def test_a_command_in_a_wrong_folder_says_so_and_leaves_nothing_there(tmp_path: Path) -> None:
    refused(ebok(tmp_path / "wrong", "check_ledger", EBOK_DEMO=None), words="EBOK_DATA")
    assert not (tmp_path / "wrong").exists()


def test_a_damaged_database_is_told_in_one_sentence() -> None:
    with data_folder() as folder:
        (folder / "postgres").mkdir()
        (folder / "postgres" / "PG_VERSION").write_text("18\n")
        refused(ebok(folder, "check_audit"), words="nie chce się uruchomić")


def test_production_without_secrets_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path, "check_audit", EBOK_DEMO="0"), words="nie jest ustawiony")


STRONG = "k7Qw-" * 4 + "Zx9_vB2mN4pL8rT6yU1iO3aS5dF7gH0jK"
PRODUCTION = {
    "EBOK_DEMO": "0", "EBOK_SECRET_KEY": STRONG, "EBOK_HMAC_KEY": STRONG[::-1],
    "EBOK_FIELD_KEYS": "k1:BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY",
}  # fmt: skip


def test_production_does_not_serve_without_a_seal_and_has_one_made() -> None:
    with data_folder() as folder:
        for command in ("serve", "worker"):
            refused(ebok(folder, command, **PRODUCTION), words="ebok make_seal")
        made = ebok(folder, "make_seal", **PRODUCTION)
        assert made.returncode == 0, made.stderr
        key, password = (line.partition("=")[2] for line in made.stdout.splitlines()[:2])
        assert {Path(file).stat().st_mode & 0o777 for file in (key, password)} == {0o600}
        again = ebok(folder, "make_seal", **PRODUCTION)
        assert (again.returncode, again.stderr.count("\n")) == (2, 1)
        refused(ebok(folder, "worker", **PRODUCTION, EBOK_SEAL_P12=key), words="EBOK_SEAL_PASSWORD")
        checked = ebok(folder, "check_documents", "--seals", **PRODUCTION, EBOK_SEAL_P12=key)
        assert checked.stdout == "dokumenty ok\n"


@pytest.mark.parametrize("asked", [["help"], ["import_invoices", "--help"]])
def test_help_needs_neither_settings_nor_a_database(tmp_path: Path, asked: list[str]) -> None:
    done = ebok(tmp_path / "none", *asked, EBOK_DEMO="0", DATABASE_URL="nonsense")
    assert (done.returncode, done.stderr) == (0, "")
    assert "import_invoices" in done.stdout
    assert "Wczytuje faktury FA(3) w XML" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_command_that_does_not_exist_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path / "none", "import_everything"), words="Nie ma polecenia „import_everything”")
    assert not (tmp_path / "none" / "postgres").exists()
