"""Pages for when something did not work."""

import re

import pytest
from django.template import engines
from django.test import RequestFactory

from ebok.foundation.utility import utility
from ebok.web import errors
from ebok.web.charts import Bar
from ebok.web.icons import PATHS
from ebok.web.templatetags.ebok import whole
from tests.system.walk import expect_valid_html


@pytest.mark.parametrize(("view", "status"), [(errors.server_error, 500), (errors.unavailable, 503)])
def test_a_page_of_our_fault_needs_no_database_and_says_what_to_do(view, status):
    answer = view(RequestFactory().get("/faktury/"))
    page = answer.content.decode()
    assert answer.status_code == status
    assert "Twoje dane są bezpieczne. Nic nie zapłacono dwa razy." in page.replace("\u00a0", " ")
    assert utility().phone in page
    assert utility().office_hours in page
    assert "Numer zdarzenia" in page
    expect_valid_html(page, where=str(status))


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.not_found, 404),
        (errors.csrf_failure, 403),
        (errors.too_many_downloads, 429),
        (lambda request: errors.file_unavailable(request, LookupError("ab" * 32)), 503),
    ],
)
def test_a_page_of_refusal_gives_the_phone(view, status):
    request = RequestFactory().get("/gdzies/")
    answer = view(request)
    assert answer.status_code == status
    assert utility().phone in answer.content.decode()


def test_an_open_tag_in_a_value_never_reaches_a_component_unescaped():
    source = '<c-ui.row title="{{ x }}" note="{{ x }}" /><c-ui.copy value="{{ x }}" label="y" />'
    made = engines["django"].from_string(source).render({"x": '"><script>alert(1)</script>'})
    assert "<script>" not in made
    made = (
        engines["django"]
        .from_string('<c-ui.row :title="x" /><c-ui.copy :value="x" label="y" />')
        .render({"x": '"><b>'})
    )
    assert "<b>" not in made


def test_a_component_sees_nothing_it_was_not_given():
    made = engines["django"].from_string("<c-ui.card>ok</c-ui.card>").render({"title": "cudzy", "kind": "cudzy"})
    assert "cudzy" not in made


def test_every_icon_draws_itself():
    for name in PATHS:
        assert "<svg" in engines["django"].from_string(f'{{% icon "{name}" %}}').render()


def test_a_chart_says_in_its_table_what_it_draws():
    bars = [Bar(label="maj 2026", short="maj", value=None, text="brak odczytu")]
    source = '{% bar_chart bars title="T" sentence="S" column="Miesiąc" value_column="m³" %}'
    made = engines["django"].from_string(source).render({"bars": bars})
    assert "brak odczytu" in made
    assert "<rect" not in made


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ul. Sosnowa 2/1, 05-403 Otwock", ["05-403"]),
        ("pn.–pt. 7:00–15:00", ["pn.–pt.", "7:00–15:00"]),
        ("Nowak-Zielińska, 600 100 200", []),
        ("", []),
    ],
)
def test_codes_and_hours_are_never_broken_at_the_end_of_a_line(text: str, kept: list[str]) -> None:
    assert re.findall(r'<span class="nowrap">([^<]+)</span>', whole(text)) == kept
    assert re.sub("<[^>]+>", "", whole(text)) == text


def test_what_is_kept_in_one_piece_is_still_text() -> None:
    assert whole("<b>05-403</b>") == '&lt;b&gt;<span class="nowrap">05-403</span>&lt;/b&gt;'
