"""The verification code of an invoice in KSeF (KOD I, art. 106gb ust. 5 ustawy o VAT)."""

from base64 import urlsafe_b64encode
from datetime import date
from typing import Final

from ebok.billing.domain.invoices import IssuedInvoice

KSEF_QR: Final = "https://qr.ksef.mf.gov.pl"
OFFLINE_KEY: Final = "tryb ksef"
OFFLINE_VALUES: Final = frozenset({"offline", "offline24"})


def verification_url(*, seller_nip: str, issue_date: date, xml_sha256: bytes, site: str = KSEF_QR) -> str:
    """Return the address that shows in KSeF whether exactly this invoice is there.

    `issue_date` is `P_1`; `xml_sha256` the digest of the exact bytes that were sent. Source: Ministerstwo Finansów,
    „Kody weryfikujące QR”: `/invoice/{NIP}/{DD-MM-RRRR}/{base64url(SHA-256) bez dopełnienia}`.
    """
    digest = urlsafe_b64encode(xml_sha256).rstrip(b"=").decode("ascii")
    return f"{site}/invoice/{seller_nip}/{issue_date:%d-%m-%Y}/{digest}"


def issued_offline(invoice: IssuedInvoice) -> bool:
    """Say whether the invoice says of itself that it was issued in KSeF's offline mode (art. 106nda ustawy o VAT).

    FA(3) has no field for it: a `DodatkowyOpis` of the whole invoice says so, `Tryb KSeF` = `OFFLINE`.
    """
    return any(
        said.line_number is None
        and said.key.strip().casefold() == OFFLINE_KEY
        and said.value.strip().casefold() in OFFLINE_VALUES
        for said in invoice.descriptions
    )
