"""KSeF receipts: both versions, and what is refused."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.adapters.upo import UpoReceiptReader
from ebok.kernel.refusals import RefusalCode, UnableToTake
from tests.mutators import a_letter_of_ours

DATA = Path(__file__).parent.parent / "data" / "upo"
SESSION = (DATA / "upo-sesja-kontekst-id-nip.xml").read_bytes()


@pytest.mark.parametrize("version", [b"v4-2", b"v4-3"])
def test_a_receipt_gives_each_invoice_its_number(version: bytes) -> None:
    first, second = UpoReceiptReader().read(SESSION.replace(b"v4-3", version)).documents
    assert first.ksef_number == "5265877635-20250916-010040741B3E-46"
    assert (second.invoice_number, len(second.xml_sha256)) == ("FA/XVQUD-9997622510/04/2027", 32)


def test_the_test_environment_of_ksef_may_call_the_office_by_another_name() -> None:
    assert len(UpoReceiptReader().read(SESSION.replace("Ministerstwo Finansów".encode(), b"Inny urzad")).documents) == 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"v4-3", b"v9-9", RefusalCode.SCHEMA_INVALID),
        (b"</Potwierdzenie>", b"", RefusalCode.NOT_XML),
    ],
)
def test_a_receipt_that_cannot_be_true_is_refused(old: bytes, new: bytes, code: RefusalCode) -> None:
    with pytest.raises(UnableToTake) as refused:
        UpoReceiptReader().read(SESSION.replace(old, new))
    assert refused.value.refusal.code is code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"010040741B3E-46", b"010040741B3F-46", RefusalCode.BAD_NUMBER),
        (b"jli86Kp2", b"!!!!!!!!", RefusalCode.SCHEMA_INVALID),
        (b"jli86Kp2", "żółwżółw".encode(), RefusalCode.SCHEMA_INVALID),
        (b"2025-09-16</DataWy", b"2025-19-16</DataWy", RefusalCode.BAD_DATE),
        (b"5265877635</NipSprz", b"5265877636</NipSprz", RefusalCode.BAD_NIP),
    ],
)
def test_a_document_that_cannot_be_true_is_refused_alone(old: bytes, new: bytes, code: RefusalCode) -> None:
    read = UpoReceiptReader().read(SESSION.replace(old, new, 1))
    (refused,) = read.refused
    assert [one.invoice_number for one in read.documents] == ["FA/XVQUD-9997622510/04/2027"]
    assert (refused.code, refused.line) == (code, 20)
    assert refused.reason.startswith("Dokument 1 (faktura FA/SIGTF-3388125147/11/2025): ")


FIELDS = [b"SkrotDokumentu>", b"NumerKSeFDokumentu>", b"DataWystawienia", b""]


@given(random=st.randoms(use_true_random=False), field=st.sampled_from(FIELDS))
def test_a_letter_outside_ascii_anywhere_is_read_or_refused_in_words(random: Random, field: bytes) -> None:
    start = SESSION.index(field)
    piece = a_letter_of_ours(SESSION[start : start + 100], random)
    with suppress(UnableToTake):
        read = UpoReceiptReader().read(SESSION[:start] + piece + SESSION[start + 100 :])
        assert read.documents or read.refused
