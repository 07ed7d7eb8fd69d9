"""The receipt of a consent: tagged, archivable, the same bytes again, and everything its entry says."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ebok.adapters.typst import TypstConsentPapers
from ebok.einvoicing.domain.receipts import ConsentReceipt
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    TermsKind,
    TermsText,
    consent_hash,
    sha256_of,
)
from tests.adapters.test_application_form import OFFICE

TEXT = "Akceptuję e-faktury.\n\n## Co obejmuje\n\n1. Faktury i korekty.\n\n- można ją wycofać\n"
WORDING = TermsText(
    id=1, kind=TermsKind.E_INVOICE, version="2026-1", title="Akceptacja e-faktur", text=TEXT, sha256=sha256_of(TEXT),
    valid_from=date(2026, 1, 1), valid_until=None, published_at=datetime(2026, 1, 1, tzinfo=UTC),
    price_effect="Abonament jest niższy o 1,20 zł.",
)  # fmt: skip
ENTRY = ConsentEntry(
    id=7, account_id=1, number=2, decision=ConsentDecision.E_INVOICE, deed=ConsentDeed.GIVEN, person="user:7",
    channel=ConsentChannel.ONLINE, basis=ConsentBasis.CODE, address="anna@poczta.pl", wording_id=1,
    wording_sha256=WORDING.sha256, price_effect=WORDING.price_effect, evidence="Kod wpisany 22.11.2026, 21:10.",
    evidence_sha256=None, reference="", given_on=date(2026, 11, 20), effective_from=date(2026, 11, 22),
    recorded_at=datetime(2026, 11, 22, 20, 10, tzinfo=UTC), actor_kind="user", actor_name="7",
    previous_sha256=bytes(range(32)), sha256=b"",
)  # fmt: skip
SIGNED = replace(ENTRY, sha256=consent_hash(ENTRY))
RECEIPT = ConsentReceipt(
    entry=SIGNED, who="Anna Nowak", account_number="000012445", holder="Wspólnota Polna", wording=WORDING, office=OFFICE
)


@pytest.fixture(scope="module")
def papers() -> TypstConsentPapers:
    return TypstConsentPapers()


def words(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def hashed(digest: bytes) -> str:
    digits = digest.hex()
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def test_the_receipt_is_tagged_archivable_in_polish_and_the_same_again(papers: TypstConsentPapers) -> None:
    pdf = papers.receipt(RECEIPT)
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("pl")
    metadata = root["/Metadata"].get_object().get_data().decode()
    for mark in ("<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A", "<pdfuaid:part>1</pdfuaid:part>"):
        assert mark in metadata
    assert pdf == papers.receipt(RECEIPT)


def test_it_says_who_what_when_where_on_which_text_and_the_hashes(papers: TypstConsentPapers) -> None:
    said = words(papers.receipt(RECEIPT))
    for part in (
        "Włączone: e-faktury", "000012445", "Wspólnota Polna", "Anna Nowak", "w eBOK", "anna@poczta.pl",
        "20 listopada 2026", "22.11.2026, 21:10", "22 listopada 2026", "Abonament jest niższy o 1,20 zł.",
        "Treść, którą pokazaliśmy", "Akceptacja e-faktur, wersja 2026-1", "Akceptuję e-faktury.", "Co obejmuje",
        "1. Faktury i korekty.",
        hashed(SIGNED.sha256), hashed(WORDING.sha256), hashed(SIGNED.previous_sha256),
    ):  # fmt: skip
        assert part in said


def test_a_withdrawal_and_a_text_kept_elsewhere_are_said_as_such(papers: TypstConsentPapers) -> None:
    withdrawn = replace(
        SIGNED, deed=ConsentDeed.WITHDRAWN, basis=ConsentBasis.NONE, address="", wording_id=None, number=1
    )
    said = words(papers.receipt(replace(RECEIPT, entry=withdrawn, wording=None)))
    for part in ("Wyłączone: e-faktury", "Nie obowiązuje od", "system rozliczeń", "to pierwszy wpis"):
        assert part in said
    assert "którą pokazaliśmy" not in said


@given(st.text(max_size=60), st.text(max_size=120))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_an_entry_is_set_as_words(papers: TypstConsentPapers, who: str, evidence: str) -> None:
    receipt = replace(RECEIPT, who=who, holder=who, entry=replace(SIGNED, evidence=evidence))
    assert papers.receipt(receipt).startswith(b"%PDF")
