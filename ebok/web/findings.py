"""What checks of invoices found, in a few words, for lists."""

from collections.abc import Mapping
from typing import Final

from ebok.einvoicing.domain.checks import CheckWay, Finding

WAYS: Final[Mapping[CheckWay, str]] = {
    CheckWay.CODE: "kod z faktury",
    CheckWay.TYPED: "konto, numer i kwota",
    CheckWay.FILE: "plik PDF",
}
FOUND: Final[Mapping[Finding, str]] = {
    Finding.KNOWN_CODE: "kod jest nasz, a na fakturze ma stać co innego",
    Finding.UNKNOWN_CODE: "nieznany kod",
    Finding.ALL_AGREE: "dane są nasze, a faktura budzi wątpliwości",
    Finding.NOT_OUR_ACCOUNT: "obce konto",
    Finding.ACCOUNT_DIFFERS: "konto z innej faktury",
    Finding.AMOUNT_DIFFERS: "inna kwota",
    Finding.NUMBER_DIFFERS: "inny numer faktury",
    Finding.CANNOT_CONFIRM: "dane do niczego nie pasują",
    Finding.FILE_UNCHANGED: "plik jest nasz, a faktura budzi wątpliwości",
    Finding.FILE_ALTERED: "plik zmieniony po złożeniu pieczęci",
    Finding.FILE_UNLISTED: "nasza pieczęć na nieznanym pliku",
    Finding.FILE_NOT_OURS: "plik bez naszej pieczęci",
    Finding.FILE_UNCHECKED: "plik, którego nie można było sprawdzić",
}
TYPED: Final[Mapping[str, str]] = {"code": "Kod", "account": "Konto", "number": "Numer faktury", "amount": "Kwota"}
"""The names of what was typed, in the order of the form."""
