"""The utility of the demo and its two banks. The sort codes belong to no bank; their check digits hold."""

from typing import Final

from ebok.kernel.identifiers import nrb_check_digits

NIP: Final = "5265877635"
NAME: Final = "Otwockie Przedsiębiorstwo Wodociągów i Kanalizacji Sp. z o.o."
STREET: Final = "ul. Kraszewskiego 1"
POSTAL_CODE: Final = "05-402"
CITY: Final = "Otwock"
KRS: Final = "0000000000"

MT940_SORT_CODE: Final = "99900009"
CAMT_SORT_CODE: Final = "99800006"
OTHER_BANK_SORT_CODE: Final = "99700003"
_OWN_ACCOUNT: Final = "1000000000000001"
_MASS_PAYMENTS: Final = "7777"


def nrb(*, sort_code: str, account: str) -> str:
    """The 26 digits of an account: two check digits, eight of the sort code, sixteen of the account."""
    body = sort_code + account
    return nrb_check_digits(body) + body


def virtual_nrb(*, sort_code: str, payer: int) -> str:
    """The individual account a customer pays to; `payer` is never given to somebody else."""
    return nrb(sort_code=sort_code, account=f"{_MASS_PAYMENTS}{payer:012d}")


MT940_NRB: Final = nrb(sort_code=MT940_SORT_CODE, account=_OWN_ACCOUNT)
CAMT_NRB: Final = nrb(sort_code=CAMT_SORT_CODE, account=_OWN_ACCOUNT)
OWN_NRBS: Final = (MT940_NRB, CAMT_NRB)
