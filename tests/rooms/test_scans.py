"""Scans of paper forms: looked into by content, drawn anew, kept encrypted."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from ebok.audit.domain import Actor, ActorKind
from ebok.documents.operations import SCAN_MAX_BYTES, ScanFault, UnableToTakeScan, check_scan
from ebok.enrolment.domain.applications import ApplicationChannel, ApplicationState
from ebok.enrolment.models import ActivationCode, Application
from ebok.enrolment.operations import (
    ApplicationRefusal,
    UnableToApply,
    accept_application,
    enter_paper_application,
)
from ebok.enrolment.queries.applications import scan_of
from ebok.jobs.demo.pdf import one_page
from ebok.notifications.models import OutgoingMessage
from tests.billing import an_account
from tests.enrolment import CLAUSE, NOW, PERSON, PESEL, clerk, decide, seen, the_terms

PDF = one_page(["Formularz"])


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, format=kind, **more)
    return made.getvalue()


def located_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Aparat Ani"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 6.0, 3.5)
    return exif.tobytes()


def located() -> bytes:
    """A JPEG that says where it was taken and by which camera."""
    return picture(exif=located_exif(), comment=b"Ania byla tu")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


def enter(scan: bytes = PDF, **more: object):
    staff = clerk()
    asked = {
        "client_id": uuid4(), "answers": PERSON, "pesel": PESEL, "scan": scan, "terms_version_id": the_terms().id,
        "clause_version": CLAUSE, "staff_id": staff, "acting": Actor(kind=ActorKind.STAFF, name=str(staff)), "now": NOW,
    } | more  # fmt: skip
    return enter_paper_application(**asked)


def test_a_pdf_is_taken_as_it_is_and_pictures_are_drawn_anew() -> None:
    assert check_scan(PDF).content == PDF
    for kind, media_type in (("JPEG", "image/jpeg"), ("PNG", "image/png")):
        checked = check_scan(picture(kind))
        assert checked.media_type == media_type
        assert Image.open(io.BytesIO(checked.content)).size == (40, 30)


def test_nothing_but_the_picture_stays() -> None:
    before = located()
    assert b"Aparat Ani" in before
    after = check_scan(before).content
    assert b"Aparat" not in after
    assert b"Ania" not in after
    assert not Image.open(io.BytesIO(after)).getexif()


def test_what_was_hidden_behind_a_picture_is_gone() -> None:
    assert b"<script>" not in check_scan(picture("PNG") + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ScanFault.EMPTY),
        (b"%PDF-1.7\n" + bytes(SCAN_MAX_BYTES), ScanFault.TOO_LARGE),
        (b"MZ\x90\x00", ScanFault.UNKNOWN_TYPE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ScanFault.UNKNOWN_TYPE),
        (b"GIF89a" + bytes(100), ScanFault.UNKNOWN_TYPE),
        (b"%PDF-1.7\nnic", ScanFault.DAMAGED),
        (PDF[:-30], ScanFault.DAMAGED),
        (PDF.replace(b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (x) >> /Type /Catalog"), ScanFault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), ScanFault.DAMAGED),
        (picture()[:200], ScanFault.DAMAGED),
        (bomb(5_000, 5_000), ScanFault.TOO_MANY_PIXELS),
        (bomb(30_000, 30_000), ScanFault.DAMAGED),
    ],
)
def test_what_is_no_scan_is_refused_with_its_reason(content: bytes, fault: ScanFault) -> None:
    with pytest.raises(UnableToTakeScan) as refusal:
        check_scan(content)
    assert refusal.value.reason is fault


def a_pdf(inside: bytes) -> bytes:
    """A whole PDF whose catalog holds the words given."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\n"
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction [1 0 R /Fit]",
        b"/A << /S /JavaScript /JS (app.alert(1)) >>",
        b"/A << /S /Java#53cript /J#53 (app.alert(1)) >>",
        b"/JS (x)", b"/J#53(x)", b"/#4a#53 <6170>", b"/JS % words #0A\n 7 0 R", b"/JS\x00\n7 0 R",
        b"/JS 7%x\n0 R", b"/JS\n%\n%\n(x)",
        b"/AA << /O 5 0 R >>", b"/AA 5 0 R", b"/A#41<</O 5 0 R>>",
        b"/S /L#61unch", b"/S /SubmitForm", b"/S /ImportData", b"/S /GoToR", b"/S /GoToE",
        b"/Names << /EmbeddedFiles 6 0 R >>", b"/Type /Embedded#46ile", b"/RichMedia 5 0 R", b"/XFA 5 0 R",
        b"/Encrypt 5 0 R", b"/Type /ObjStm", b"/Type/Obj#53tm",
    ],
)  # fmt: skip
def test_a_pdf_that_does_or_hides_something_is_refused_however_it_is_written(inside: bytes) -> None:
    with pytest.raises(UnableToTakeScan) as refusal:
        check_scan(a_pdf(inside))
    assert refusal.value.reason is ScanFault.ACTIVE


@pytest.mark.parametrize(
    "inside", [b"/Pages 2 0 R", b"/JSmith (x)", b"\x01/JS\x8f\x02/AA\x90", b"/X (#4)", b"/X /Launcher"]
)
def test_a_plain_pdf_is_taken_also_when_its_pictures_hold_short_names_by_chance(inside: bytes) -> None:
    assert check_scan(a_pdf(inside)).content == a_pdf(inside)


STUMBLES = bytes.fromhex(
    "4578696600004d4d002a00000008000201120003000000010006000088250004000000010000002600000000ec02000100020000"
    "00024e00000000020005000000030000004400000000000000010000000100000002000000010000000300000001"
)
"""A turned picture with its place written as a text: writing it anew, Pillow raises what it says it never does."""


def test_a_picture_pillow_stumbles_over_is_a_damaged_one() -> None:
    with pytest.raises(UnableToTakeScan) as refusal:
        check_scan(picture(exif=STUMBLES))
    assert refusal.value.reason is ScanFault.DAMAGED


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A picture with all kinds of hidden data, some of its bytes changed and some cut."""
    exif = draw(st.sampled_from([STUMBLES, located_exif()]))
    made = bytearray(picture(draw(st.sampled_from(["JPEG", "PNG"])), exif=exif))
    for place, value in draw(st.lists(st.tuples(st.integers(2, 160), st.integers(0, 255)), max_size=8)):
        made[place] = value
    cut, most = draw(st.tuples(st.integers(2, len(made)), st.integers(0, 30)))
    del made[cut : cut + most]
    return with_right_sums(bytes(made))


def with_right_sums(content: bytes) -> bytes:
    """A PNG whose parts say the right checksum, so that what is inside is read at all; a JPEG as it is."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content
    made, at = bytearray(content[:8]), 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4])
        part = content[at:end]
        made += part + struct.pack(">I", zlib.crc32(part[4:]))
        at = end + 4
    return bytes(made)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=400, deadline=None)
@given(mutated())
def test_no_mutated_picture_breaks_the_check(content: bytes) -> None:
    with suppress(UnableToTakeScan):
        check_scan(content)


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_no_bytes_at_all_break_the_check(tail: bytes, head: bytes) -> None:
    with suppress(UnableToTakeScan):
        check_scan(head + tail)


@given(st.integers(0, len(picture()) - 1), st.integers(0, 255))
def test_no_damaged_byte_of_a_picture_breaks_the_check(place: int, value: int) -> None:
    damaged = bytearray(picture())
    damaged[place] = value
    with suppress(UnableToTakeScan):
        check_scan(bytes(damaged))


@pytest.mark.django_db
def test_a_paper_form_waits_like_one_sent_online_and_its_scan_is_encrypted(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path
    started = enter()
    view = seen(started.application_id)
    assert (view.state, view.channel, view.has_scan) == (ApplicationState.RECEIVED, ApplicationChannel.PAPER, True)
    assert view.steps[0].actor_kind == "staff"
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"%PDF" not in kept[0]
    scan = scan_of(application_id=started.application_id)
    assert scan is not None
    assert (scan.content, scan.media_type, scan.file_name) == (PDF, "application/pdf", "wniosek-EB-2026-000001.pdf")
    assert OutgoingMessage.objects.get().kind == "application_received"


@pytest.mark.django_db
def test_whoever_entered_a_paper_form_does_not_accept_it(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path
    account = an_account()
    started = enter()
    with pytest.raises(UnableToApply) as refusal:
        decide(accept_application, started.application_id, account_ids=[account])
    assert refusal.value.reason is ApplicationRefusal.ENTERED_IT
    assert ActivationCode.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(accepted_by_id=clerk())
    decide(accept_application, started.application_id, by="celina", account_ids=[account])
    assert seen(started.application_id).state is ApplicationState.ACCEPTED


@pytest.mark.django_db
def test_the_same_paper_form_is_entered_once(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path
    client_id = uuid4()
    assert enter(client_id=client_id) == enter(client_id=client_id)
    assert (Application.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_only_staff_enter_paper_forms_whole_and_with_a_scan(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path
    with pytest.raises(UnableToApply) as refusal:
        enter(staff_id=0)
    assert refusal.value.reason is ApplicationRefusal.NOT_STAFF
    with pytest.raises(UnableToTakeScan):
        enter(b"skan")
    with pytest.raises(UnableToApply) as refusal:
        enter(terms_version_id=the_terms().id + 1)
    assert refusal.value.reason is ApplicationRefusal.TERMS
    assert Application.objects.count() == 0
