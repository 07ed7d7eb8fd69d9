"""What scripts add to a page, and that nothing is lost without them."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gallery(walker, settings):
    settings.EBOK_DEMO = True
    return lambda **how: walker.open("/dev/komponenty/", **how).page


def test_typing_the_digits_says_how_much_more_it_is(gallery):
    page = gallery()
    page.locator("#cyfry").fill("00349")
    assert page.locator("#cyfry_difference").inner_text() == "To o 14 m³ więcej niż 31 lipca 2026."
    page.locator("#cyfry").fill("330")
    assert page.locator("#cyfry_difference").inner_text() == "To o 5 m³ mniej niż 31 lipca 2026. Sprawdź cyfry."
    page.locator("#cyfry").fill("33x")
    assert page.locator("#cyfry_difference").inner_text() == ""


def test_a_password_is_shown_and_hidden_again(gallery):
    page = gallery()
    page.locator("#id_password").fill("długie hasło do wody")
    page.get_by_role("button", name="Pokaż hasło").click()
    assert page.locator("#id_password").get_attribute("type") == "text"
    page.get_by_role("button", name="Ukryj hasło").click()
    assert page.locator("#id_password").get_attribute("type") == "password"


def test_the_account_number_is_copied_without_its_spaces(gallery):
    page = gallery()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiuj numer rachunku").click()
    page.get_by_text("Skopiowano").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "61109010140000071219812874"


def test_without_scripts_no_button_promises_what_it_cannot_do(gallery):
    page = gallery(scripts=False)
    assert page.get_by_role("button", name="Kopiuj").count() == 0
    assert page.get_by_role("button", name="Pokaż hasło").count() == 0
    assert page.get_by_text("61 1090 1014").is_visible()


def test_a_missing_answer_is_reached_from_the_summary_by_one_link(walker, settings):
    settings.EBOK_DEMO = True
    page = walker.open("/dev/komponenty/?blad").page
    assert page.title().startswith("Błąd: ")
    assert page.evaluate("document.activeElement.id") == "lista-bledow"
    page.get_by_role("link", name="Wpisz adres e-mail.").click()
    assert page.evaluate("document.activeElement.name") == "b-login"


def test_what_has_the_focus_is_never_under_the_bottom_bar(gallery):
    page = gallery(width=320)
    hidden = page.evaluate(
        """() => {
            const bar = document.querySelector(".places").getBoundingClientRect();
            const inside = [...document.querySelectorAll("main a, main button, main input, main select, main summary")];
            return inside.filter((e) => {
                e.focus();
                const box = e.getBoundingClientRect();
                return box.height > 0 && document.activeElement === e && box.top >= bar.top - 1;
            }).map((e) => e.outerHTML.slice(0, 80));
        }"""
    )
    assert hidden == []
