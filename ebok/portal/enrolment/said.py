"""What became of accounts, in words: one account by its number, five hundred by their count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The titles of the last page; empty where there is nothing to say. `opened_as` is the role of those opened."""

    owned: str
    asked_for: str
    opened: str = ""
    opened_as: str = ""
    asked_office: str = ""


def named(numbers: Sequence[str]) -> str:
    """The first numbers, and how many there are besides."""
    words, left = ", ".join(numbers[:MOST_NAMED]), len(numbers) - MOST_NAMED
    return f"{words} i jeszcze {left}" if left > 0 else words


def said_of(made: Mapping[str, Any]) -> Said:
    """Say of which accounts the login is the owner now, which have one already, which it may see in part, and
    which it owned before."""
    owned, asked_for = made["owned"], made["asked_for"]
    is_yours = "Konta {} są Twoje" if len(owned) > 1 else "Konto {} jest Twoje"
    has_owner = "Konta {} mają już właścicieli" if len(asked_for) > 1 else "Konto {} ma już właściciela"
    return Said(
        owned=is_yours.format(named(owned)) if owned else "",
        asked_for=has_owner.format(named(asked_for)) if asked_for else "",
        opened=f"Masz dostęp: {named(made['opened'])}" if made.get("opened") else "",
        opened_as=made.get("opened_as", ""),
        asked_office=f"O to zapytaliśmy biuro: {named(made['asked_office'])}" if made.get("asked_office") else "",
    )
