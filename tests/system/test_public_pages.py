"""The pages anyone may read hold every law of the screens."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/dokumenty/", "/prywatnosc/", "/deklaracja-dostepnosci/", "/ustawienia-wygladu/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_accessible_valid_and_light_everywhere(walker, path):
    walker.expect_good_everywhere(path)


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
