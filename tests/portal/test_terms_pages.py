"""The regulations as everybody reads them: in force, earlier, coming, and as a file."""

import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.jobs.regulations import UnknownPlace, filled, shipped
from ebok.terms.domain import TermsText, sections_of
from ebok.terms.operations import publish_terms
from ebok.terms.queries import versions

pytestmark = pytest.mark.django_db
ACTING = Actor(kind=ActorKind.COMMAND, name="tests")


def publish(version: str, days: int, text: str = "## § 1. Zakres\n\n1. Usługi <b>są</b> bezpłatne.\n") -> TermsText:
    today = clock.today()
    return publish_terms(
        text=text, title="Regulamin eBOK", version=version, valid_from=today + timedelta(days=days), today=today,
        acting=ACTING, now=clock.now(),
    )  # fmt: skip


def test_before_the_first_version_the_page_says_so(client: Client) -> None:
    assert "Regulamin jeszcze nie obowiązuje" in client.get("/regulamin/").content.decode()


def test_the_version_in_force_is_shown_and_the_others_are_named(client: Client) -> None:
    past, present, coming = publish("1", -400), publish("2", 0), publish("3", 30)
    page = client.get("/regulamin/").content.decode()
    assert "Wersja 2. Obowiązuje od" in page
    assert "Usługi &lt;b&gt;są&lt;/b&gt; bezpłatne." in page
    for other in (past, coming):
        assert f'href="/regulamin/{other.id}/"' in page
    assert f'href="/regulamin/{present.id}/plik/"' in page
    assert "Obowiązywał od" in client.get(f"/regulamin/{past.id}/").content.decode()
    shown = client.get(f"/regulamin/{coming.id}/").content.decode()
    assert "Będzie obowiązywać od" in shown
    assert "To nie jest wersja, która obowiązuje dziś" in shown


def test_the_file_is_the_exact_text_its_hash_is_of(client: Client) -> None:
    made = publish("1", 0)
    answer = client.get(f"/regulamin/{made.id}/plik/")
    assert hashlib.sha256(answer.content).digest() == made.sha256
    assert answer["Content-Disposition"].startswith("attachment;")
    assert made.sha256.hex() in client.get(f"/regulamin/{made.id}/").content.decode()


@pytest.mark.parametrize("path", ["/regulamin/999/", "/regulamin/999/plik/", f"/regulamin/{10**30}/"])
def test_a_version_there_is_not_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("verb", ["post", "put", "delete", "patch"])
def test_reading_is_all_one_can_do(client: Client, verb: str) -> None:
    made = publish("1", 0)
    for path in ("/regulamin/", f"/regulamin/{made.id}/", f"/regulamin/{made.id}/plik/"):
        assert getattr(client, verb)(path).status_code == 405


def command(file: Path, *more: str, version: str = "1", day: str = "") -> tuple[str, str, int]:
    out, err, code = StringIO(), StringIO(), 0
    asked = ["--terms-version", version, "--valid-from", day or clock.today().isoformat(), *more]
    try:
        call_command("publish_terms", file, *asked, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_the_command_publishes_a_file_once_and_says_why_not_twice(tmp_path: Path) -> None:
    file = tmp_path / "regulamin.txt"
    file.write_text("Treść za $10.\n", encoding="utf-8")
    said, _, code = command(file)
    assert (code, "wersja 1" in said) == (0, True)
    assert versions()[0].text == "Treść za $10.\n"
    _, why, code = command(file)
    assert (code, why.strip()) == (1, "Ta wersja jest już opublikowana. Podaj inną.")
    assert command(file, version="2", day="2020-01-01")[2] == 1


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (b"\xff\xfe", (), "UTF-8"),
        (b"", (), "nie ma treści"),
        (b"a\x00b", (), "znaki sterujące"),
        (b"$cena", ("--fill",), "nieznaną nazwą"),
        (b"za 5 $", ("--fill",), "nieznaną nazwą"),
        (b"Prowadzi go $name pod $url.", (), "$name, $url"),
    ],
)
def test_a_file_that_is_not_fit_is_refused_in_words(
    tmp_path: Path, content: bytes, more: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "regulamin.txt"
    file.write_bytes(content)
    _, why, code = command(file, *more)
    assert (code, words in why) == (1, True)
    assert versions() == []


def test_a_file_there_is_not_is_told_apart(tmp_path: Path) -> None:
    assert command(tmp_path / "nie-ma.txt")[2] == 2


def test_the_shipped_regulations_say_what_the_law_asks_for_and_name_the_utility() -> None:
    text = shipped()
    headings = [section.heading for section in sections_of(text)]
    assert [heading.partition(".")[0] for heading in headings if heading] == [f"§ {n}" for n in range(1, 13)]
    for words in (
        "NIP: 5265877635", "Krajowym Rejestrze Sądowym", "Zakres usług", "przeglądarka",
        "treści o charakterze bezprawnym", "wypowiedzieć umowę",
        "w ciągu 14 dni od otrzymania reklamacji", "/prywatnosc/", "zagrożenia",
    ):  # fmt: skip
        assert words in text
    assert "$" not in text
    with pytest.raises(UnknownPlace):
        filled("$cena")


def test_the_shipped_regulations_can_be_published(client: Client) -> None:
    publish("1", 0, shipped())
    page = client.get("/regulamin/").content.decode()
    assert "§ 9. Reklamacje" in page
    assert '<ol start="3"><li>' in page
