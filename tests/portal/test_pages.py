"""The pages anyone may read, asked without a browser."""

import dataclasses
import hashlib
import re
from datetime import UTC, date, datetime

import pytest

from ebok.audit.domain import Actor, ActorKind
from ebok.documents.domain import PublishedKind, place_of
from ebok.documents.operations import publish
from ebok.foundation.utility import utility
from ebok.web.clause import CLAUSE_VERSION, TEXT

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CLERK = Actor(kind=ActorKind.COMMAND, name="publish_document")
PDF = b"%PDF-1.7 a small one\n%%EOF\n"
PAGES = ("/", "/prywatnosc/", "/deklaracja-dostepnosci/", "/ustawienia-wygladu/")
DECLARED_IDS = (
    *("wstep", "podmiot", "zakres", "url", "data-publikacja", "data-aktualizacja", "status", "kontakt", "email"),
    *("telefon", "procedura", "data-sporzadzenie", "architektura", "komunikacja"),
)


def publish_regulations(version: str, valid_from: date, content: bytes = PDF):
    return publish(
        content=content,
        file_name="regulamin eBOK.pdf",
        kind=PublishedKind.REGULATIONS,
        title="Regulamin eBOK",
        version=version,
        valid_from=valid_from,
        acting=CLERK,
        now=NOW,
    )


@pytest.fixture
def folder(settings, tmp_path):
    settings.EBOK_DOCUMENTS = tmp_path
    return tmp_path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_for_everybody_asks_no_database(client, path):
    page = client.get(path).content.decode()
    for fact in (utility().phone, utility().office_hours, utility().alarm_phone):
        assert fact in page
    for link in ("/dokumenty/", "/prywatnosc/", "/deklaracja-dostepnosci/"):
        assert f'href="{link}"' in page


def test_the_alarm_phone_is_dialled_from_the_start_page(client):
    assert f'class="door__phone" href="tel:{utility().alarm_phone}"' in client.get("/").content.decode()


def test_the_privacy_page_follows_the_profile(client, settings):
    settings.EBOK_UTILITY = dataclasses.replace(
        utility(), name="Wodociągi Testowe Sp. z o.o.", data_protection_email="iod@wodociagi.example"
    )
    page = client.get("/prywatnosc/").content.decode()
    assert "Wodociągi Testowe Sp. z o.o." in page
    assert "iod@wodociagi.example" in page
    assert page.count("<li>") >= 10


def test_the_accessibility_declaration_has_every_mandatory_id_once(client):
    page = client.get("/deklaracja-dostepnosci/").content.decode()
    for name in DECLARED_IDS:
        assert page.count(f'id="a11y-{name}"') == 1, name
    for name in ("data-publikacja", "data-aktualizacja", "data-sporzadzenie"):
        assert re.search(rf'<time id="a11y-{name}" datetime="\d{{4}}-\d\d-\d\d">', page), name


@pytest.mark.django_db
def test_without_documents_one_sentence_says_what_will_be_here(client):
    assert "Nie ma jeszcze dokumentów" in client.get("/dokumenty/").content.decode()


@pytest.mark.django_db
def test_versions_of_one_document_stand_together_newest_first(client, folder):
    publish_regulations("1/2025", date(2025, 1, 1))
    publish_regulations("1/2026", date(2026, 3, 1), PDF + b"newer")
    page = client.get("/dokumenty/").content.decode()
    assert page.count("<h2>Regulamin eBOK</h2>") == 1
    assert page.index("1/2026") < page.index("1/2025")


@pytest.mark.django_db
def test_a_document_is_downloaded_byte_for_byte_and_never_opened_in_place(client, folder):
    answer = client.get(f"/dokumenty/{publish_regulations('1', date(2026, 3, 1)).id}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="regulamin eBOK.pdf"'


@pytest.mark.django_db
def test_an_unknown_document_is_not_found(client, folder):
    assert client.get("/dokumenty/999/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"other")])
def test_a_document_whose_file_is_gone_or_damaged_says_whom_to_call(client, folder, damage):
    publication = publish_regulations("1", date(2026, 3, 1))
    damage(folder / place_of(publication.sha256))
    answer = client.get(f"/dokumenty/{publication.id}/")
    assert answer.status_code == 503
    assert utility().phone in answer.content.decode()


CHOICE = {"theme": "dark", "contrast": "high", "text": "large"}


def test_the_choice_of_looks_is_kept_in_a_cookie_and_shown(client):
    answer = client.post("/ustawienia-wygladu/", CHOICE | {"wroc": "/prywatnosc/"})
    assert answer.headers["Location"] == "/prywatnosc/"
    assert answer.cookies["wyglad"].value == "dark.high.large"
    assert (
        '<html lang="pl" data-theme="dark" data-contrast="high" data-text="large">' in client.get("/").content.decode()
    )


@pytest.mark.parametrize("back", ["https://zle.example/", "//zle.example", "/\\zle.example", "javascript:alert(1)", ""])
def test_the_choice_of_looks_never_leads_elsewhere(client, back):
    assert client.post("/ustawienia-wygladu/", CHOICE | {"wroc": back}).headers["Location"] == "/"
    assert 'href="/">Wróć' in re.sub(
        r"<svg.*?</svg>", "", client.get("/ustawienia-wygladu/", {"wroc": back}).content.decode()
    )


def test_an_incomplete_choice_names_what_to_mend(client):
    page = client.post("/ustawienia-wygladu/", {"theme": "dark", "contrast": "purple"}).content.decode()
    assert "<title>Błąd: Wygląd" in page
    assert 'href="#id_contrast_0"' in page
    assert 'href="#id_text_0"' in page


@pytest.mark.parametrize("cookie", ["", "dark", "dark.high", "a.b.c", "dark.high.large.x", "<script>"])
def test_a_cookie_we_did_not_write_means_the_ordinary_looks(client, cookie):
    client.cookies["wyglad"] = cookie
    assert 'data-theme="system" data-contrast="normal" data-text="normal"' in client.get("/").content.decode()


@pytest.mark.parametrize("path", PAGES[:3])
def test_pages_to_read_take_no_posts(client, path):
    assert client.post(path).status_code == 405


def test_the_gallery_exists_in_a_demo_only(client, settings):
    settings.EBOK_DEMO = False
    assert client.get("/dev/komponenty/").status_code == 404
    settings.EBOK_DEMO = True
    assert client.get("/dev/komponenty/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/dokumenty/", "/prywatnosc/", "/deklaracja-dostepnosci/"])
def test_a_watchdog_may_ask_for_the_headers_alone(client, address: str) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_information_clause_does_not_change_under_its_version():
    known = {"2026-11-22": "b87a97222ff0ff90"}
    assert hashlib.sha256(TEXT.read_bytes()).hexdigest()[:16] == known[CLAUSE_VERSION]


def test_the_information_clause_says_what_art_13_asks_for(client):
    page = client.get("/prywatnosc/").content.decode()
    for fact in (
        "administratorem", "Inspektora Ochrony Danych", "art. 6 ust. 1 lit. b", "art. 6 ust. 1 lit. c",
        "art. 6 ust. 1 lit. f", "prawnie uzasadniony interes", "Odbiorcami danych", "państwa trzeciego", "30 dni",
        "prawo dostępu", "sprostowania", "przeniesienia", "sprzeciw", "cofnąć", "Urzędu Ochrony Danych Osobowych",
        "dobrowolne", "zautomatyzowany", "Nie profilujemy",
    ):  # fmt: skip
        assert fact in page, fact
    assert f'href="mailto:{utility().data_protection_email}"' in page
