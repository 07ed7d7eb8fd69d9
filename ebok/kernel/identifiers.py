"""Polish identifiers: NIP, PESEL, bank accounts (NRB), KSeF numbers. Check digits are verified."""

import re
from typing import Final

from stdnum.pl import nip as _nip
from stdnum.pl import pesel as _pesel

NRB_LENGTH: Final = 26
HINT_LENGTH: Final = 4
_ELEVEN_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])", re.ASCII)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[ \u00a0-](?=[0-9])")
_COUNTRY_AS_DIGITS: Final = "2521"
_KSEF: Final = re.compile(r"[1-9][0-9]{9}-20[0-9]{6}-[0-9A-F]{6}-?[0-9A-F]{6}-[0-9A-F]{2}")
_CRC8_POLYNOMIAL: Final = 0x07


def clean(value: str) -> str:
    """Drop the spaces and hyphens people put into long numbers."""
    return "".join(value.split()).replace("-", "")


def nip(value: str) -> str | None:
    """Return the ten digits of a NIP, or None when it is not one."""
    digits = clean(value).removeprefix("PL")
    return digits if digits.isascii() and _nip.is_valid(digits) else None


def pesel(value: str) -> str | None:
    """Return the eleven digits of a PESEL, or None when it is not one."""
    digits = clean(value)
    return digits if digits.isascii() and _pesel.is_valid(digits) else None


def holds_pesel(text: str) -> bool:
    """Say whether somebody wrote a PESEL into a text, blanks and dashes inside or not."""
    return any(pesel(run) for run in _ELEVEN_DIGITS.findall(_BETWEEN_DIGITS.sub("", text)))


def nrb(value: str) -> str | None:
    """Return the 26 digits of a Polish bank account (with or without PL), or None when it is not one."""
    digits = clean(value).upper().removeprefix("PL")
    if len(digits) != NRB_LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if int(digits[2:] + _COUNTRY_AS_DIGITS + digits[:2]) % 97 == 1 else None


def hint(number: str) -> str:
    """The end of a number, for a message that anybody may find: `…0123`; never more than half of it."""
    return f"…{number[-min(HINT_LENGTH, max(1, len(number) // 2)) :]}"


def nrb_check_digits(body: str) -> str:
    """Return the two check digits for the 24 digits of sort code and account (PN-F 01102)."""
    return f"{98 - int(body + '252100') % 97:02d}"


def ksef_number(value: str) -> str | None:
    """Return a KSeF number whose CRC-8 (polynomial 0x07, initial 0x00) holds, or None."""
    text = value.strip()
    if not _KSEF.fullmatch(text):
        return None
    body, check = text.rsplit("-", 1)
    return text if ksef_check_digits(body) == check else None


def ksef_check_digits(body: str) -> str:
    """Return the two hexadecimal check digits (CRC-8) for the part of a KSeF number before its last hyphen."""
    return f"{_crc8(body.encode('ascii')):02X}"


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ _CRC8_POLYNOMIAL) & 0xFF if crc & 0x80 else (crc << 1) & 0xFF
    return crc
