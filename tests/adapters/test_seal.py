"""Every seal keeps the same contract; ours holds before pyHanko's validator and OpenSSL, and no byte can change."""

import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from ebok.adapters.seal import (
    FakeSeal,
    MadeSeal,
    PadesSeal,
    SealFiles,
    SealFromFiles,
    SealKey,
    UnreadableKey,
    certificates_in,
    key_in,
    make_seal,
)
from ebok.adapters.typst import TypstInvoiceRenderer
from ebok.einvoicing.ports import DocumentSeal, SealUnavailable, SealVerdict, UnableToSeal
from tests.adapters.test_typst import XML, document
from tests.pdf_checks import problems

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "Otwockie Przedsiębiorstwo Wodociągów i Kanalizacji Sp. z o.o."
PASSWORD = "gęsia skórka"
OURS, ALTERED, NOT_OURS = SealVerdict.OURS, SealVerdict.ALTERED, SealVerdict.NOT_OURS


def made(name: str = NAME) -> MadeSeal:
    return _made(name)


@cache
def _made(name: str) -> MadeSeal:
    return make_seal(name=name, short_name=name[:5], password=PASSWORD, now=NOW)


@cache
def key(name: str = NAME) -> SealKey:
    return key_in(made(name).p12, password=PASSWORD)


@cache
def pades(name: str = NAME) -> PadesSeal:
    return PadesSeal(key(name), name=name)


@cache
def invoice() -> bytes:
    return TypstInvoiceRenderer().render(document())  # type: ignore[no-untyped-call]  # of untyped tests


@cache
def blank() -> bytes:
    """A PDF as a billing system makes one."""
    writer, content = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(content)
    return content.getvalue()


@cache
def packed() -> bytes:
    """The same with its table of objects in a stream."""
    writer, content = copy_into_new_writer(PdfFileReader(BytesIO(blank()))), BytesIO()
    writer.stream_xrefs = True
    writer.write(content)  # type: ignore[no-untyped-call]  # pyHanko's
    assert b"/XRef" in content.getvalue()
    return content.getvalue()


@cache
def sealed() -> bytes:
    return pades().seal(invoice(), now=NOW)


@pytest.fixture(params=["pades", "fake"])
def seal(request: pytest.FixtureRequest) -> DocumentSeal:
    return pades() if request.param == "pades" else FakeSeal()


def test_what_is_sealed_is_ours_begins_with_what_it_was_and_says_when(seal: DocumentSeal) -> None:
    content = seal.seal(blank(), now=NOW)
    assert content.startswith(blank())
    found = seal.inspect(content)
    assert (found.verdict, found.sealed_at) == (OURS, NOW)
    assert seal.trouble(now=NOW) == ""


def test_what_was_never_sealed_is_not_ours(seal: DocumentSeal) -> None:
    assert [seal.inspect(one).verdict for one in (blank(), b"", b"%PDF-1.7", b"\0" * 9_999)] == [NOT_OURS] * 4


def test_what_is_added_or_cut_after_the_seal_is_found(seal: DocumentSeal) -> None:
    content = seal.seal(blank(), now=NOW)
    changed = (content + b"\n", content[:-1], content + content, content.replace(b"595", b"596"))
    assert {seal.inspect(one).verdict for one in changed} == {ALTERED}


def test_what_is_no_pdf_to_be_sealed_is_refused_with_a_sentence(seal: DocumentSeal) -> None:
    for content in (b"", b"GIF89a", b"%PDF-1.7", encrypted()):
        with pytest.raises(UnableToSeal, match=r"\.$"):
            seal.seal(content, now=NOW)


def test_a_seal_on_a_sealed_file_is_ours_too(seal: DocumentSeal) -> None:
    assert seal.inspect(seal.seal(seal.seal(blank(), now=NOW), now=NOW)).verdict is OURS


def encrypted() -> bytes:
    writer, content = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt(user_password="", owner_password="tylko my", algorithm="AES-256")
    writer.write(content)
    return content.getvalue()


def validated(signature: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
    """What pyHanko says of a signature, in a thread of its own: it makes a loop, and a browser's may run in ours."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(validate_pdf_signature, signature, context).result()


def test_pyhanko_trusts_the_seal_and_finds_that_it_covers_the_whole_file() -> None:
    for content in (sealed(), *(pades().seal(one, now=NOW) for one in (blank(), packed()))):
        assert pades().inspect(content).verdict is OURS
        [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
        roots = list(load_certs_from_pemder_data(made().authority))
        context = ValidationContext(trust_roots=roots, moment=NOW, allow_fetching=False)
        status = validated(signature, context)
        assert status.bottom_line
        assert status.modification_level is ModificationLevel.NONE
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert signature.sig_object["/Name"] == NAME


def parts(content: bytes) -> tuple[bytes, bytes]:
    """What a seal covers, and the seal itself in DER, taken out by hand."""
    *_, match = re.finditer(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", content)
    start, end, rest = map(int, match.groups())
    raw = bytes.fromhex(content[start + 1 : end - 1].decode())
    size = 4 + int.from_bytes(raw[2:4], "big")
    return content[:start] + content[end : end + rest], raw[:size]


def test_openssl_trusts_the_seal(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not on this machine")
    covered, cms = parts(sealed())
    for name, content in (("data", covered), ("cms", cms), ("ca.pem", made().authority), ("bad", covered + b" ")):
        (tmp_path / name).write_bytes(content)

    def verify(data: str) -> int:
        asked = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", data, "-CAfile", "ca.pem"]
        return subprocess.run(
            [openssl, *asked, "-attime", str(int(NOW.timestamp())), "-out", "out"],
            cwd=tmp_path, capture_output=True, check=False,
        ).returncode  # fmt: skip

    assert verify("data") == 0
    assert verify("bad") != 0


def metadata_of(reader: PdfReader) -> bytes:
    stream = reader.root_object["/Metadata"].get_object()
    assert isinstance(stream, StreamObject)
    return stream.get_data()


def test_the_marks_of_pdf_a_and_pdf_ua_and_the_attached_xml_stay() -> None:
    reader = PdfReader(BytesIO(sealed()))
    xmp = metadata_of(reader)
    assert re.search(rb'pdfaid:part(>|=")3', xmp)
    assert re.search(rb'pdfaid:conformance(>|=")A', xmp)
    assert re.search(rb'pdfuaid:part(>|=")1', xmp)
    before = PdfReader(BytesIO(invoice())).attachments
    assert reader.attachments == before
    assert len(before) == 1
    # ISO 19005: the marker of the end of the file stands on a line of its own, also the one the seal comes after.
    assert invoice().endswith(b"%%EOF\n")
    assert sealed().startswith(invoice())


def test_a_sealed_invoice_is_as_accessible_and_archivable_as_before() -> None:
    carried = {"faktura.xml": XML}
    assert problems(sealed(), attached=carried) == problems(invoice(), attached=carried) == []


def test_a_file_without_a_last_line_end_gets_one_before_the_seal() -> None:
    bare = invoice().rstrip(b"\n")
    assert pades().seal(bare, now=NOW).startswith(bare + b"\n")


def test_the_seals_field_is_printable_not_hidden_off_the_page_and_has_a_name_to_read() -> None:
    reader = PdfReader(BytesIO(sealed()))
    annotations = [one.get_object() for page in reader.pages for one in page.annotations or ()]
    [field] = [one for one in annotations if one.get("/FT") == "/Sig"]
    hidden, printed = 2, 4
    assert field["/F"] & printed
    assert not field["/F"] & hidden
    assert all(float(place) < 0 for place in field["/Rect"])
    assert NAME in field["/TU"]
    assert str(reader.pages[0]["/Tabs"]) == "/S"


@settings(max_examples=300, deadline=None)
@given(place=st.integers(min_value=0), mask=st.integers(min_value=1, max_value=255))
def test_whatever_single_byte_is_changed_the_file_is_not_ours(place: int, mask: int) -> None:
    content = bytearray(sealed())
    content[place % len(content)] ^= mask
    assert pades().inspect(bytes(content)).verdict is not OURS


def test_every_byte_of_the_seal_itself_counts() -> None:
    """The seal is what no seal covers: all of it is tried, with letters in the other case among the changes."""
    *_, match = re.finditer(rb"/ByteRange \[0 (\d+) (\d+)", sealed())
    start, end = map(int, match.groups())
    content = bytearray(sealed())
    for place in range(start, end):
        for mask in (0x20, 1, 1 + place % 255):
            content[place] ^= mask
            assert pades().inspect(bytes(content)).verdict is not OURS, (place, mask)
            content[place] ^= mask
    assert pades().inspect(bytes(content)).verdict is OURS


@settings(max_examples=150, deadline=None)
@given(junk=st.binary(max_size=400), place=st.integers(min_value=0), cut=st.integers(min_value=0, max_value=400))
def test_nothing_can_be_put_in_or_taken_out(junk: bytes, place: int, cut: int) -> None:
    content, at = sealed(), place % (len(sealed()) + 1)
    changed = content[:at] + junk + content[at + cut :]
    assert changed == content or pades().inspect(changed).verdict is not OURS


PIECES = (b"/ByteRange [0 1 2 3]", b"/ByteRange [0 999999999 999999999 999999999]", b"<", b">", b"3082", b"%PDF-1.7\n")


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=2_000) | st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_bytes_from_anybody_are_answered_and_never_ours(content: bytes) -> None:
    assert pades().inspect(content).verdict is NOT_OURS


@pytest.mark.parametrize(
    "content",
    [
        b"/ByteRange [0 1 2 3]" * 200_000,
        b"/ByteRange [" + b"0 " * 4_000_000,
        b"/ByteRange" + b" " * 8_000_000,
        b"<" * 8_000_000,
    ],
    ids=["ranges", "numbers", "spaces", "brackets"],
)
def test_files_made_to_cost_time_are_answered(content: bytes) -> None:
    assert pades().inspect(content).verdict is NOT_OURS


def test_a_seal_moved_to_another_file_is_found() -> None:
    other = pades().seal(blank(), now=NOW)
    _, theirs = parts(sealed())
    _, own = parts(other)
    forged = other.replace(own.hex().upper().encode(), theirs.hex().upper().encode())
    assert forged != other
    assert pades().inspect(forged).verdict is ALTERED


def test_somebody_elses_seal_even_in_our_name_is_not_ours() -> None:
    forged = make_seal(name=NAME, short_name=NAME[:5], password=PASSWORD, now=NOW)
    impostor = PadesSeal(key_in(forged.p12, password=PASSWORD), name=NAME)
    assert pades().inspect(impostor.seal(blank(), now=NOW)).verdict is NOT_OURS
    assert pades().inspect(impostor.seal(sealed(), now=NOW)).verdict is ALTERED


def test_seals_under_an_earlier_certificate_stay_ours() -> None:
    before = sealed()
    past = [*certificates_in(made().authority), key().certificate]
    now = PadesSeal(key("Nowe Wodociągi"), name="Nowe", past=tuple(past))
    assert now.inspect(before).verdict is OURS
    assert pades("Nowe Wodociągi").inspect(before).verdict is NOT_OURS


def test_seals_stay_ours_when_the_same_utility_makes_its_seal_anew() -> None:
    anew = make_seal(name=NAME, short_name=NAME[:5], password=PASSWORD, now=NOW)
    past = (key().certificate, *key().chain)
    after = PadesSeal(key_in(anew.p12, password=PASSWORD), name=NAME, past=past)
    assert after.inspect(sealed()).verdict is OURS
    assert after.inspect(after.seal(blank(), now=NOW)).verdict is OURS
    assert after.inspect(sealed()[:-1] + b"?").verdict is not OURS


def test_a_seal_whose_key_file_held_less_of_the_chain_stays_ours() -> None:
    alone = PadesSeal(SealKey(private=key().private, certificate=key().certificate), name=NAME)
    assert pades().inspect(alone.seal(blank(), now=NOW)).verdict is OURS


def test_an_authority_alone_does_not_make_a_seal_ours() -> None:
    now = PadesSeal(key("Nowe Wodociągi"), name="Nowe", past=tuple(certificates_in(made().authority)))
    assert now.inspect(sealed()).verdict is NOT_OURS


@pytest.mark.parametrize(("shift", "words"), [(timedelta(days=3651), "wygasł"), (timedelta(days=-9), "zacznie")])
def test_a_certificate_out_of_its_time_seals_nothing_but_is_known(shift: timedelta, words: str) -> None:
    assert words in pades().trouble(now=NOW + shift)
    with pytest.raises(SealUnavailable, match=words):
        pades().seal(blank(), now=NOW + shift)
    assert pades().inspect(sealed()).verdict is OURS


END = timedelta(days=3650)


@pytest.mark.parametrize("left", [timedelta(days=30), timedelta(days=1), timedelta(seconds=1)])
def test_the_end_of_a_certificate_is_told_thirty_days_ahead_with_what_to_do(left: timedelta) -> None:
    words = pades().warning(now=NOW + END - left)
    assert f"{key().certificate.not_valid_after_utc.astimezone(ZoneInfo('Europe/Warsaw')):%d.%m.%Y}" in words
    for told in ("wygaśnie", "ebok make_seal", "EBOK_SEAL_P12", "EBOK_SEAL_PAST"):
        assert told in words


@pytest.mark.parametrize("shift", [timedelta(0), END - timedelta(days=30, seconds=1), END, timedelta(days=-9)])
def test_of_a_certificate_far_from_its_end_or_past_it_nothing_is_warned(shift: timedelta) -> None:
    assert pades().warning(now=NOW + shift) == ""


def curve_key() -> SealKey:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pieczęć EC")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=9)).sign(private, hashes.SHA256())
    )  # fmt: skip
    return SealKey(private=private, certificate=certificate)


def test_a_key_on_a_curve_seals_too() -> None:
    seal = PadesSeal(curve_key(), name=NAME)
    for _ in range(8):
        content = seal.seal(blank(), now=NOW)
        assert seal.inspect(content).verdict is OURS
        [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
        assert validated(signature, ValidationContext(trust_roots=[], moment=NOW, allow_fetching=False)).valid


def test_a_supplied_file_that_somebody_signed_keeps_their_signature() -> None:
    theirs = PadesSeal(key("System rozliczeń"), name="System rozliczeń").seal(blank(), now=NOW)
    content = pades().seal(theirs, now=NOW)
    assert pades().inspect(content).verdict is OURS
    first, second = PdfFileReader(BytesIO(content)).embedded_signatures
    roots = list(load_certs_from_pemder_data(made("System rozliczeń").authority))
    status = validated(first, ValidationContext(trust_roots=roots, moment=NOW, allow_fetching=False))
    assert status.bottom_line
    assert second.field_name == "Pieczec2"


def files(tmp_path: Path, *, password: str = PASSWORD, p12: Callable[[], bytes] = lambda: made().p12) -> SealFromFiles:
    (tmp_path / "seal.p12").write_bytes(p12())
    return SealFromFiles(SealFiles(p12=tmp_path / "seal.p12", password=password), name=NAME)


def test_files_that_hold_the_key_make_the_same_seal(tmp_path: Path) -> None:
    assert files(tmp_path).inspect(sealed()).verdict is OURS
    assert pades().inspect(files(tmp_path).seal(blank(), now=NOW)).verdict is OURS


def test_files_that_hold_no_key_say_what_to_do_and_seal_nothing(tmp_path: Path) -> None:
    wrong = (
        files(tmp_path, password="nie to"),
        SealFromFiles(SealFiles(p12=tmp_path / "none.p12", password=""), name=NAME),
        SealFromFiles(SealFiles(p12=Path(), password=""), name=NAME),
    )
    for seal in wrong:
        assert "ebok make_seal" in seal.trouble(now=NOW)
        assert "\n" not in seal.trouble(now=NOW)
        with pytest.raises(SealUnavailable):
            seal.seal(blank(), now=NOW)
        with pytest.raises(SealUnavailable):
            seal.inspect(sealed())


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\njunk"])
def test_a_file_without_certificates_or_key_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableKey):
        certificates_in(content)
    with pytest.raises(UnreadableKey):
        key_in(content, password="")
