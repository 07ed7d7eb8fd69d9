"""Sending invoices in a browser: a run with its progress, a mail that failed, paper; scripts off, then on."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.einvoicing.operations.printing import make_file
from ebok.einvoicing.operations.runs import advance_runs
from ebok.einvoicing.queries.printing import batches_without_file
from ebok.foundation import clock
from ebok.notifications.operations import deliver_groups
from tests.activation import a_holder
from tests.concurrency import beside
from tests.office.sending import WORDS, a_run, accepted, refused, waiting
from tests.office.staff import a_clerk
from tests.system.test_office import follow, page_with_scripts, press, sign_in
from tests.system.walk import Walker, expect_no_axe_violations, expect_no_sideways_scroll
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
BURST_BUTTONS = """() => [...document.querySelectorAll(".button")]
    .filter(button => button.scrollWidth > button.clientWidth).map(button => button.innerText)"""


@pytest.fixture
def invoices(settings: Settings, tmp_path: Path) -> list[int]:
    """Two invoices of a customer who accepted e-invoices; a clerk."""
    settings.EBOK_DOCUMENTS = tmp_path
    a_holder()
    a_clerk("basia")
    accepted()
    return [waiting("FV/2026/11/900055"), waiting("FV/2026/11/900056")]


def by_the_worker(job: Callable[[], T]) -> T:
    """Do what the worker does in a thread of its own, as there: sealing runs an event loop, and the browser has one."""
    with beside() as start:
        return start(job).result()


def send() -> None:
    """Messages are made and sent, and the run ends."""
    advance_runs(clock=clock.now)
    deliver_groups(clock=clock.now)
    advance_runs(clock=clock.now)


def make_files() -> None:
    for batch in batches_without_file():
        make_file(batch_id=batch, now=clock.now())


def count_of(page: Page, part: str) -> str:
    row = page.get_by_role("row").filter(has_text=part)
    return row.get_by_role("cell").inner_text()


def test_from_the_button_over_a_refusal_to_paper(walker: Walker, invoices: list[int]) -> None:
    page = sign_in(walker, "basia", width=320)
    follow(page, "Wysyłka")
    follow(page, "Wyślij faktury")
    press(page, "Wyślij teraz")
    assert page.get_by_text("Gotowe: 0 z 2\u00a0faktur.").is_visible()
    press(page, "Zatrzymaj wysyłkę")
    by_the_worker(send)
    follow(page, "Odśwież")
    assert (count_of(page, "W kolejce"), count_of(page, "Wysłane")) == ("2", "0")
    press(page, "Wznów wysyłkę")
    by_the_worker(send)
    follow(page, "Odśwież")
    assert count_of(page, "Wysłane") == "2"
    assert page.get_by_text("Skończyła się").is_visible()
    refused(invoices[0])
    follow(page, "Nieudane wysyłki")
    assert page.get_by_text(WORDS).is_visible()
    expect_no_sideways_scroll(page, where="failed mailings")
    assert page.evaluate(BURST_BUTTONS) == []
    page.set_viewport_size({"width": 768, "height": 900})
    expect_no_sideways_scroll(page, where="failed mailings, 768")
    page.set_viewport_size({"width": 320, "height": 900})
    with page.expect_navigation():
        page.get_by_role("button", name="Na papier").click()
    assert page.get_by_role("heading", name="Wszystko doszło").is_visible()
    print_what_waits(page)
    expect_no_axe_violations(page_with_scripts(walker, page))


def print_what_waits(page: Page) -> None:
    follow(page, "Druk")
    press(page, "Przygotuj wydruk")
    by_the_worker(make_files)
    follow(page, "Odśwież")
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    with page.expect_navigation():
        page.get_by_role("button", name="Oznacz jako wydrukowane").click()
    press(page, "Tak, są wydrukowane")
    assert page.get_by_text("Wydrukowano: 1\u00a0faktura.").is_visible()


def test_with_scripts_the_progress_shows_itself(walker: Walker, invoices: list[int]) -> None:
    run_id = by_the_worker(a_run)
    carry(walker, a_clerk("celina"))
    page = walker.page()
    page.clock.install()
    page.goto(f"{walker.address}/biuro/wysylka/{run_id}/", wait_until="load")
    assert page.get_by_role("status").filter(has_text="Gotowe: 0 z 2").is_visible()
    by_the_worker(lambda: deliver_groups(clock=clock.now))
    page.clock.fast_forward(6_000)
    page.get_by_role("status").filter(has_text="Gotowe: 2 z 2").wait_for()
    by_the_worker(lambda: advance_runs(clock=clock.now))
    page.clock.fast_forward(6_000)
    page.get_by_text("Skończyła się").wait_for()
