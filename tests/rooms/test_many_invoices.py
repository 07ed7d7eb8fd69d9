"""Many invoices at once: read and written beside their booking, by processes of their own."""

import os
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from pytest_django import Settings

from ebok.billing.models import Invoice
from ebok.billing.queries import broken_promises
from ebok.documents.operations import WORTH_A_CREW, storing
from ebok.documents.queries import read
from ebok.foundation.intake import expand
from ebok.foundation.processes import crew
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.invoices import import_invoices
from ebok.interchange.operations.invoices.reading import CHUNK_FILES
from ebok.kernel.refusals import RefusalCode
from tests.billing import ACTING, NOW, an_account, fa3

FILES = 2 * CHUNK_FILES + 10
PDF = b"%PDF-1.7 supplied"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "invoices"
    folder.mkdir()
    for n in range(FILES):
        (folder / f"{n:04}.xml").write_bytes(fa3(f"FV/{n}"))
    return folder


def take(folder: Path) -> ImportReport:
    files = expand([folder], suffixes=frozenset({".xml", ".pdf"}))
    return import_invoices(files=files, acting=ACTING, now=NOW)


@pytest.mark.django_db
def test_many_files_are_booked_like_few_and_a_bad_one_stops_nobody(folder: Path) -> None:
    an_account()
    (folder / "0003.xml").write_bytes(b"<broken")
    (folder / "0400.xml").write_bytes(fa3("FV/400", seller="1111111111"))
    (folder / "0401.pdf").write_bytes(PDF)
    report = take(folder)
    told = [(Path(r.file).name, r.refusal.code) for r in report.refused]
    assert told == [("0003.xml", RefusalCode.NOT_XML), ("0400.xml", RefusalCode.WRONG_SELLER)]
    assert (report.new, report.files) == (FILES - 2, FILES)
    last = (folder / f"{FILES - 1:04}.xml").read_bytes()
    assert read(sha256=sha256(last).digest()) == last
    assert bytes(Invoice.objects.get(number="FV/401").supplied_pdf.sha256) == sha256(PDF).digest()
    assert broken_promises() == []
    assert take(folder).same == FILES - 2


@pytest.mark.django_db
def test_what_is_stored_beside_is_on_the_disk_when_the_body_is_left() -> None:
    contents = [f"document {n}".encode() for n in range(WORTH_A_CREW)]
    with crew() as beside, storing(contents=contents, media_type="text/plain", crew=beside, now=NOW) as digests:
        pass
    assert [read(sha256=digest) for digest in digests] == contents


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_stops_the_booking(tmp_path: Path, settings: Settings) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_bytes(b"")
    settings.EBOK_DOCUMENTS = blocked
    contents = [f"document {n}".encode() for n in range(WORTH_A_CREW)]
    with (
        crew() as beside,
        pytest.raises(OSError, match="a-file"),
        storing(contents=contents, media_type="text/plain", crew=beside, now=NOW),
    ):
        pass


def test_a_crew_is_gone_when_its_work_is_done() -> None:
    with crew() as beside:
        assert isinstance(beside, ProcessPoolExecutor)
        member = beside.submit(os.getpid).result()
        assert member != os.getpid()
    assert not psutil.pid_exists(member)
