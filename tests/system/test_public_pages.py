"""The pages anyone may read hold every law of the screens."""

from datetime import UTC, date, datetime

import pytest

from ebok.audit.domain import Actor, ActorKind
from ebok.documents.domain import PublishedKind
from ebok.documents.operations import publish
from ebok.jobs.regulations import shipped
from ebok.terms.operations import publish_terms

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/dokumenty/", "/regulamin/", "/prywatnosc/", "/deklaracja-dostepnosci/", "/ustawienia-wygladu/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_accessible_valid_and_light_everywhere(walker, path):
    walker.expect_good_everywhere(path)


def test_the_list_of_documents_is_as_good_when_there_are_some(walker, settings, tmp_path):
    settings.EBOK_DOCUMENTS = tmp_path
    for version in ("1/2025", "1/2026"):
        publish(
            content=version.encode(),
            file_name="regulamin.txt",
            kind=PublishedKind.REGULATIONS,
            title="Regulamin elektronicznego Biura Obsługi Klienta",
            version=version,
            valid_from=date(int(version[-4:]), 1, 1),
            acting=Actor(kind=ActorKind.COMMAND, name="publish_document"),
            now=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        )
    walker.expect_good_everywhere("/dokumenty/")


def test_a_missing_page_is_as_good_as_the_others(walker):
    walker.expect_good_everywhere("/nie-ma-takiej/", status=404)


@pytest.mark.parametrize("path", ["/dev/komponenty/", "/dev/komponenty/?blad"])
def test_every_component_in_every_state_is_accessible(walker, settings, path):
    settings.EBOK_DEMO = True
    walker.expect_good_everywhere(path)


def test_the_chosen_looks_stay_and_the_page_comes_back(walker):
    page = walker.open("/ustawienia-wygladu/?wroc=/dokumenty/", width=320, scripts=False).page
    page.get_by_label("Ciemne").check()
    page.get_by_label("Większy tekst").check()
    page.get_by_role("button", name="Zapisz wygląd").click()
    assert page.url.endswith("/dokumenty/")
    html = page.locator("html")
    assert (html.get_attribute("data-theme"), html.get_attribute("data-text")) == ("dark", "large")


def test_large_text_in_high_contrast_needs_no_sideways_scroll(walker):
    for theme in ("light", "dark"):
        walker.cookies = [{"name": "wyglad", "value": f"{theme}.high.large", "url": walker.address}]
        for path in ("/", "/dev/komponenty/"):
            walker.expect_good_everywhere(path, widths=(320,), themes=(theme,))


def test_the_first_press_of_tab_offers_the_way_to_the_content(walker):
    page = walker.open("/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Przejdź do treści"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tresc"


def test_the_shipped_regulations_are_as_good_as_the_other_pages(walker):
    now = datetime.now(UTC)
    made = publish_terms(
        text=shipped(),
        title="Regulamin eBOK",
        version="1",
        valid_from=now.date(),
        today=now.date(),
        acting=Actor(kind=ActorKind.COMMAND, name="publish_terms"),
        now=now,
    )
    walker.expect_good_everywhere(f"/regulamin/{made.id}/")
