"""From an FA(3) file to a sealed PDF in a mailbox, confirmed genuine; and a forged one that is told from it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page
from procrastinate.contrib.django import app
from pypdf import PdfReader
from pytest_django import Settings

from ebok.adapters.mail import FolderTransport
from ebok.config import seal
from ebok.einvoicing.domain.checks import Finding
from ebok.einvoicing.models import InvoiceTransmission
from ebok.einvoicing.ports import DocumentSeal
from ebok.einvoicing.queries.reports import open_reports
from ebok.foundation import clock, ports
from ebok.foundation.formats import short_date
from ebok.kernel.identifiers import nrb, nrb_check_digits
from ebok.notifications.ports import MessageTransport
from tests.billing import an_account, fa3
from tests.concurrency import beside
from tests.office.sending import accepted
from tests.portal.customers import NRB, in_days
from tests.system.walk import (
    AXE_WIDTH,
    THEMES,
    WIDTHS,
    Walker,
    expect_good_here,
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    expect_valid_html,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/sprawdz-fakture/"
NUMBER = "FV/2026/10/000124"
STEPS_AT_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """An invoice as it lies in a customer's mailbox."""

    pdf: Path
    due: date
    token: str


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A folder that mail goes to, and a seal made for this test."""
    settings.EBOK_DEMO, settings.EBOK_DATA, settings.EBOK_SEAL_P12 = True, tmp_path / "data", ""
    settings.EBOK_DOCUMENTS, folder = tmp_path / "documents", tmp_path / "mail"
    settings.EBOK_DELIVER_SINCE = in_days(-1)
    before = {port: ports._factories[port] for port in (MessageTransport, DocumentSeal)}
    ports.provide(MessageTransport, lambda: FolderTransport(folder=folder))
    ports.provide(DocumentSeal, seal.seal)
    yield folder
    for port, factory in before.items():
        ports.provide(port, factory)


@pytest.fixture
def mailed(mailbox: Path, walker: Walker, settings: Settings, tmp_path: Path) -> Mailed:
    """Somebody accepted e-invoices; their invoice was imported, sealed and sent, and they saved its PDF."""
    settings.EBOK_PUBLIC_URL = walker.address
    an_account("100001", payment_nrb=NRB, street="ul. Polna", house="1")
    accepted(address="anna@example.com")
    due, file = in_days(14), tmp_path / "faktura.xml"
    file.write_bytes(fa3(NUMBER, net="211.52", issued=clock.today(), due=due, nrb=NRB))
    # The browser's thread has a loop running, in which no other may start; sealing needs one.
    with beside() as start:
        start(lambda: send(file)).result()
    (mail,) = mailbox.glob("*.eml")
    pdf = tmp_path / "z-poczty.pdf"
    pdf.write_bytes(attached(mail))
    return Mailed(pdf=pdf, due=due, token=InvoiceTransmission.objects.get().token)


def send(file: Path) -> None:
    ebok("import_invoices", str(file))
    ebok("send_invoices")
    work()


def ebok(*command: str) -> None:
    with suppress(SystemExit):
        call_command(*command)


def work() -> None:
    """Do what a worker would, in this process: every job that waits, and those it leaves behind."""
    for _ in range(STEPS_AT_MOST):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
                           " RETURNING task_name, args")  # fmt: skip
            job = cursor.fetchone()
        if job is None:
            return
        app.tasks[job[0]].func(**json.loads(job[1]))
    pytest.fail("jobs without end")


def attached(mail: Path) -> bytes:
    (pdf,) = message_from_bytes(mail.read_bytes(), policy=policy.default).iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    content: bytes = pdf.get_content()
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The answer as it stands holds the laws of the screens at every width; axe is itself a script."""

    page: Page
    axe: bool

    def __call__(self) -> None:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            expect_no_sideways_scroll(self.page, where=f"{self.page.url} {width}")
            if self.axe:
                expect_no_axe_violations(self.page, where=f"{self.page.url} {width}")
        expect_valid_html(self.page.content(), where=self.page.url)


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def drop(page: Page, walker: Walker, pdf: Path) -> None:
    page.goto(walker.address + PAGE)
    page.get_by_label("Plik z fakturą").set_input_files(pdf)
    page.get_by_role("button", name="Sprawdź plik").click()


def type_in(page: Page, walker: Walker, *, account: str, number: str = NUMBER, amount: str = "228,44") -> None:
    page.goto(walker.address + PAGE)
    page.get_by_label("Konto do przelewu").fill(account)
    page.get_by_label("Numer faktury").fill(number)
    page.get_by_label("Kwota").fill(amount)
    page.get_by_role("button", name="Sprawdź dane").click()


def somebody_elses(account: str) -> str:
    """The account with one digit changed and its check digits made to fit, as a forger does."""
    body = account[2:-1] + str((int(account[-1]) + 1) % 10)
    return nrb_check_digits(body) + body


def one_digit_off(account: str) -> str:
    """The account with its last digit changed and nothing made to fit."""
    return account[:-1] + str((int(account[-1]) + 1) % 10)


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_from_a_file_to_a_mailbox_confirmed_and_told_from_a_forged_one(
    walker: Walker, mailed: Mailed, scripts: bool
) -> None:
    page = walker.page(scripts=scripts)
    judge = Judge(page=page, axe=scripts)

    # Given the PDF that came by mail, when it is dropped on the page, then it is ours and unchanged.
    page.goto(walker.address + "/")
    page.get_by_role("link", name="Sprawdź, czy jest prawdziwa").click()
    page.get_by_label("Plik z fakturą").set_input_files(mailed.pdf)
    page.get_by_role("button", name="Sprawdź plik").click()
    assert heading(page) == "To nasz plik. Nikt go nie zmienił."
    told = page.get_by_label("Wynik").inner_text()
    assert f"konto kończy się na …\u00a02445, kwota 228,44\u00a0zł, termin {short_date(mailed.due)}." in told
    assert "Nowak" not in page.content()
    judge()

    # What stands on it is ours too, typed in groups as it is printed.
    type_in(page, walker, account=f"PL {NRB[:2]} {NRB[2:14]} {NRB[14:]}", amount="228.44 zł")
    assert heading(page) == "Te dane są z naszej faktury"
    judge()

    # And so is the code printed on it: opening its address explains, a press answers.
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(mailed.pdf.read_bytes())).pages)
    assert mailed.token in "".join(letter for letter in text if letter.isalnum())
    page.goto(f"{walker.address}/f/{mailed.token}/")
    judge()
    page.get_by_role("button", name="Sprawdź").click()
    assert heading(page) == "Taka faktura istnieje. Porównaj."
    judge()

    # When a forger changes one digit of the account, then: do not pay. One press reports it.
    forged = somebody_elses(NRB)
    assert nrb(forged) == forged
    type_in(page, walker, account=forged)
    assert heading(page) == "NIE. To nie nasze konto. Nie płać."
    judge()
    page.get_by_role("button", name="Zgłoś tę fakturę").click()
    assert heading(page) == "Mamy Twoje zgłoszenie"
    judge()
    (report,) = open_reports()
    assert (report.finding, report.typed["account"]) == (Finding.NOT_OUR_ACCOUNT, forged)

    # When no more than one digit is changed, so that the check digits are wrong, then: do not pay either.
    mistyped = one_digit_off(NRB)
    assert nrb(mistyped) is None
    type_in(page, walker, account=f"PL {mistyped[:2]} {mistyped[2:]}")
    assert heading(page) == "NIE. To nie nasze konto. Nie płać."
    assert page.get_by_text("Ten numer nie jest nawet prawdziwym numerem konta.").is_visible()
    judge()
    page.get_by_role("button", name="Zgłoś tę fakturę").click()
    assert heading(page) == "Mamy Twoje zgłoszenie"
    assert {one.typed["account"] for one in open_reports()} == {forged, mistyped}

    # When one byte of the PDF is changed, then its seal says so.
    content = bytearray(mailed.pdf.read_bytes())
    content[len(content) // 3] ^= 1
    mailed.pdf.write_bytes(content)
    drop(page, walker, mailed.pdf)
    assert heading(page) == "Ten plik ktoś zmienił. Nie płać."
    judge()


def test_the_doors_are_good_in_both_themes_and_so_are_their_faults(walker: Walker) -> None:
    for theme in THEMES:
        with walker.one_page(theme=theme) as page:
            for button in ("Sprawdź dane", "Sprawdź plik", "Sprawdź kod"):
                page.goto(walker.address + PAGE, wait_until="load")
                with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
                    page.get_by_role("button", name=button).click()
                page.wait_for_load_state("load")
                assert page.title().startswith("Błąd: ")
                expect_good_here(page, answer.value.text(), axe_width=AXE_WIDTH[theme], where=f"{button} {theme}")
            page.goto(f"{walker.address}/f/{'7' * 26}/", wait_until="load")
            page.get_by_role("button", name="Sprawdź").click()
            page.wait_for_load_state("load")
            assert heading(page) == "Nie znamy takiego kodu"
            expect_no_axe_violations(page, where=f"unknown code {theme}")


def test_by_keyboard_alone(walker: Walker) -> None:
    page = walker.page()
    page.goto(walker.address + PAGE)
    page.get_by_label("Konto do przelewu").focus()
    for typed in (somebody_elses(NRB), NUMBER, "228,44"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dane/")
    assert heading(page) == "NIE. To nie nasze konto. Nie płać."


def test_on_paper_an_answer_is_one_sheet_without_buttons(walker: Walker) -> None:
    page = walker.page(width=672)
    page.emulate_media(media="print")
    page.goto(f"{walker.address}/f/{'7' * 26}/")
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Sprawdź").click()
    page.wait_for_load_state("load")
    page.emulate_media(media="print")
    assert page.get_by_role("button").count() == 0
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
