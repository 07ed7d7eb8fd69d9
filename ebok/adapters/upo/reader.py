"""Reads a KSeF receipt (UPO), versions 4-2 and 4-3.

The receipt is not held against its XSD: that one fixes the name of the receiving office, and receipts of the
test environment carry another. What eBOK uses is checked field by field.
"""

from base64 import b64decode
from datetime import date
from typing import Any, Final

from ebok.adapters import xml
from ebok.billing.domain.invoices import OfficialReceipt
from ebok.interchange.ports import ReadReceipt
from ebok.kernel import identifiers
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
NUMBER_LENGTH: Final = 256
NUMBER_SHOWN: Final = 64
_NAMESPACES: Final = tuple(f"{{http://upo.schematy.mf.gov.pl/KSeF/v4-{minor}}}" for minor in (2, 3))
_SHA256_BYTES: Final = 32


class UpoReceiptReader:
    """The `ReceiptReader` for UPO v4-2 and v4-3."""

    def read(self, data: bytes) -> ReadReceipt:
        """Return the documents the receipt names, and why any of them cannot be true.

        :raises UnableToTake: `too_large`, `not_xml`, `doctype`, `schema_invalid`.
        """
        if len(data) > MAX_FILE_BYTES:
            raise UnableToTake(RefusalCode.TOO_LARGE, "Plik UPO ma więcej niż 32 MB.")
        root = xml.parse(data)
        namespace = root.tag.removesuffix("Potwierdzenie")
        if namespace not in _NAMESPACES:
            raise _invalid("To nie jest UPO z KSeF w wersji 4-2 ani 4-3.")
        nodes = list(root.iterchildren(namespace + "Dokument"))
        if not nodes:
            raise _invalid("UPO nie wymienia żadnego dokumentu.")
        read = [_document(node, namespace, place) for place, node in enumerate(nodes, start=1)]
        return ReadReceipt(
            documents=tuple(one for one in read if isinstance(one, OfficialReceipt)),
            refused=tuple(one for one in read if isinstance(one, Refusal)),
        )


def _document(node: Any, namespace: str, place: int) -> OfficialReceipt | Refusal:
    """Read one document; one that cannot be true keeps no other from its invoice."""
    try:
        return _receipt(node, namespace)
    except UnableToTake as unable:
        number = " ".join((node.findtext(namespace + "NumerFaktury") or "").split())[:NUMBER_SHOWN]
        which = f"Dokument {place} (faktura {number})" if number else f"Dokument {place}"
        return Refusal(
            code=unable.refusal.code, reason=f"{which}: {unable.refusal.reason}", line=node.sourceline or None
        )


def _receipt(node: Any, namespace: str) -> OfficialReceipt:
    number = _text(node, namespace, "NumerFaktury")
    if len(number) > NUMBER_LENGTH:
        raise _invalid("Numer faktury w UPO jest za długi.")
    return OfficialReceipt(
        ksef_number=_ksef_number(_text(node, namespace, "NumerKSeFDokumentu")),
        invoice_number=number,
        issue_date=_day(_text(node, namespace, "DataWystawieniaFaktury")),
        seller_nip=_nip(_text(node, namespace, "NipSprzedawcy")),
        xml_sha256=_digest(_text(node, namespace, "SkrotDokumentu")),
    )


def _text(node: Any, namespace: str, name: str) -> str:
    text = " ".join((node.findtext(namespace + name) or "").split())
    if not text:
        raise _invalid(f"W UPO brakuje pola {name}.")
    return text


def _ksef_number(text: str) -> str:
    number = identifiers.ksef_number(text)
    if number is None:
        raise UnableToTake(RefusalCode.BAD_NUMBER, f"Numer KSeF {text[:64]} ma błędną sumę kontrolną.")
    return number


def _nip(text: str) -> str:
    nip = identifiers.nip(text)
    if nip is None:
        raise UnableToTake(RefusalCode.BAD_NIP, f"NIP sprzedawcy {text[:32]} w UPO jest błędny.")
    return nip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnableToTake(RefusalCode.BAD_DATE, f"Data wystawienia {text[:32]} w UPO jest błędna.") from error


def _digest(text: str) -> bytes:
    try:
        digest = b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error is one; so is a letter outside ASCII
        raise _invalid("Skrót dokumentu w UPO nie jest zapisany w base64.") from error
    if len(digest) != _SHA256_BYTES:
        raise _invalid("Skrót dokumentu w UPO nie jest skrótem SHA-256.")
    return digest


def _invalid(reason: str) -> UnableToTake:
    return UnableToTake(RefusalCode.SCHEMA_INVALID, reason)
