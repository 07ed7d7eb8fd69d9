"""Ways to a login, and the rules of activation codes and proofs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

CODE_LIFETIME: Final = timedelta(days=30)
CODE_TRIES: Final = 5
"""Wrong codes typed for an account; after them its codes are worth nothing."""
DAYS_BETWEEN_LETTERS: Final = timedelta(days=7)
"""How long after one letter a customer can order the next themselves."""
LETTERS_AFTER_CLOSING: Final = timedelta(days=365)
"""How long after an account was closed its holder still gets a letter: until the last settlement is surely over."""
INVOICES_THAT_PROVE: Final = 2
"""How many of the newest invoices of an account prove that one gets its post."""
PROOF_LIFETIME: Final = timedelta(minutes=30)


class ActivationMethod(StrEnum):
    """By what somebody showed that an account is theirs."""

    INVOICE = "invoice"
    LETTER = "letter"
    DATA = "data"
    APPLICATION = "application"

    @property
    def ground(self) -> str:
        """The ground of a grant given for it, in Polish."""
        return _GROUNDS[self]


_GROUNDS: Final = {
    ActivationMethod.INVOICE: "aktywacja: dane z faktury",
    ActivationMethod.LETTER: "aktywacja: kod z listu",
    ActivationMethod.DATA: "aktywacja: PESEL lub NIP i kod",
    ActivationMethod.APPLICATION: "aktywacja: przyjęty wniosek",
}


class Delivery(StrEnum):
    """How an activation code reaches its reader: by post, by e-mail, or from hand to hand in the office."""

    LETTER = "letter"
    EMAIL = "email"
    HANDED = "handed"

    @property
    def on_paper(self) -> bool:
        """Whether the code is printed."""
        return self is not Delivery.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCode:
    """A code just made, ungrouped, and until when it works. Shown nowhere but in its message."""

    code_id: int
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTicket:
    """What the session that proved something keeps: which proof, and a secret without which it is worth nothing."""

    proof_id: int
    secret: str


def usable(*, expires_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> bool:
    """Say whether a code can still open its accounts: not used, not too old, not tried too often."""
    return used_at is None and now < expires_at and tries < CODE_TRIES


def may_order_again(*, last_ordered_at: datetime | None, now: datetime) -> bool:
    """Say whether a customer can have another letter."""
    return last_ordered_at is None or now - last_ordered_at >= DAYS_BETWEEN_LETTERS


def may_have_letter(*, closed_on: date | None, today: date) -> bool:
    """Say whether letters still go to the address on file: the account is open, or was not long ago."""
    return closed_on is None or today - closed_on < LETTERS_AFTER_CLOSING
