"""Writes KSeF receipts (UPO v4-3): one for each day's session, naming the exact bytes it took."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ebok.jobs.demo import utility

NAMESPACE: Final = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An invoice KSeF took: its two numbers and the SHA-256 of its bytes."""

    number: str
    ksef: str
    issue_date: date
    sha256: bytes


def receipt_xml(sent: Sequence[Sent], *, session_on: date) -> bytes:
    """The receipt of one session."""
    documents = "".join(_document(one, session_on) for one in sent)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Potwierdzenie xmlns="{NAMESPACE}">'
        "<NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów</NazwaPodmiotuPrzyjmujacego>"
        f"<NumerReferencyjnySesji>{_reference(sent[0], session_on)}</NumerReferencyjnySesji>"
        f"<Uwierzytelnienie><IdKontekstu><Nip>{utility.NIP}</Nip></IdKontekstu><SkrotDokumentuUwierzytelniajacego>"
        f"{_digest(hashlib.sha256(b'login').digest())}</SkrotDokumentuUwierzytelniajacego></Uwierzytelnienie>\n"
        "<NazwaStrukturyLogicznej>Schemat_FA(3)_v1-0E.xsd</NazwaStrukturyLogicznej>"
        "<KodFormularza>FA (3)</KodFormularza>\n"
        f"{documents}</Potwierdzenie>\n"
    ).encode()


def _document(sent: Sent, day: date) -> str:
    return (
        f"<Dokument><NipSprzedawcy>{utility.NIP}</NipSprzedawcy><NumerKSeFDokumentu>{sent.ksef}</NumerKSeFDokumentu>"
        f"<NumerFaktury>{sent.number}</NumerFaktury><DataWystawieniaFaktury>{sent.issue_date}</DataWystawieniaFaktury>"
        f"<DataPrzeslaniaDokumentu>{day}T09:05:40Z</DataPrzeslaniaDokumentu>"
        f"<DataNadaniaNumeruKSeF>{day}T09:05:41Z</DataNadaniaNumeruKSeF>"
        f"<SkrotDokumentu>{_digest(sent.sha256)}</SkrotDokumentu><TrybWysylki>Online</TrybWysylki></Dokument>\n"
    )


def _digest(sha256: bytes) -> str:
    return base64.b64encode(sha256).decode("ascii")


def _reference(first: Sent, day: date) -> str:
    digits = first.sha256.hex().upper()
    return f"{day:%Y%m%d}-SB-{digits[:10]}-{digits[10:20]}-{digits[20:22]}"
