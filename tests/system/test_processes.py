"""The product as processes: it starts with one command, survives what is killed, and leaves nothing behind."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from tests.system.running import Serving, data_folder, ebok, processes_of, until


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def test_it_starts_works_beside_other_commands_and_stops_without_a_trace(data: Path) -> None:
    serving = Serving(data)
    assert serving.first_line == f"eBOK działa: http://localhost:{serving.port}\n"
    until(serving.answers, what="web, database and worker")
    beside = ebok(data, "check_audit")
    assert (beside.returncode, beside.stderr) == (0, "")
    assert serving.answers()
    assert serving.stop() == 0
    assert processes_of(data) == []
    assert (data / "demo.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("part", ["ebok.config.web", "worker", "postgres"])
def test_what_is_killed_comes_back_by_itself(data: Path, part: str) -> None:
    serving = Serving(data)
    until(serving.answers, what="first start")
    victim = serving.leader(part)
    assert victim is not None
    psutil.Process(victim).kill()
    until(lambda: serving.leader(part) not in (None, victim) and serving.answers(), what="its return")
    assert serving.stop() == 0
    assert processes_of(data) == []


def test_after_all_of_it_is_killed_the_next_start_just_works(data: Path) -> None:
    serving = Serving(data)
    until(serving.answers, what="first start")
    for process in processes_of(data):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    serving.process.wait(timeout=20)
    again = Serving(data, port=serving.port)
    until(again.answers, what="second start")
    assert again.stop() == 0


def test_when_its_parent_is_killed_nothing_but_the_database_stays_and_the_next_start_takes_it_over(data: Path) -> None:
    serving = Serving(data)
    until(serving.answers, what="first start")
    serving.process.kill()
    serving.process.wait(timeout=20)
    until(lambda: serving.leader("ebok.config.web") is serving.leader("worker") is None, what="web and worker gone")
    again = Serving(data, port=serving.port)
    until(again.answers, what="second start")
    assert again.stop() == 0
    assert processes_of(data) == []


def test_a_command_starts_the_database_for_itself_and_leaves_none(data: Path) -> None:
    done = ebok(data, "export_readings", "--cursor", "", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["readings"] == []
    assert processes_of(data) == []


def refused(done: CompletedProcess[str], *, words: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_busy_port_is_told_in_one_sentence(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(ebok(data, "serve", "--port", port), words=f"Port {port} jest zajęty")
    assert processes_of(data) == []


def test_a_data_folder_that_is_a_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(ebok(tmp_path / "file", "check_audit"), words="Nie można pisać w folderze danych")


def test_a_path_too_long_for_a_socket_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path / ("d" * 120), "check_audit"), words="jest za długa")


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    refused(ebok(tmp_path, "check_audit", DATABASE_URL=url), words="Baza danych nie odpowiada")


def test_an_address_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path, "check_audit", DATABASE_URL="nonsense"), words="Ustawienia mają błąd")


def test_a_damaged_database_is_told_in_one_sentence() -> None:
    with data_folder() as folder:
        (folder / "postgres").mkdir()
        (folder / "postgres" / "PG_VERSION").write_text("18\n")
        refused(ebok(folder, "check_audit"), words="nie chce się uruchomić")


def test_production_without_secrets_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused(ebok(tmp_path, "check_audit", EBOK_DEMO="0"), words="nie jest ustawiony")


def test_help_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    done = ebok(tmp_path / "none", "help", EBOK_DEMO="0")
    assert done.returncode == 0
    assert not (tmp_path / "none").exists()
