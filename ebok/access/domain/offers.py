"""When a login is offered a passkey."""

from typing import Final

FIRST_OFFER_AT: Final = 2
"""The good sign-in after which a passkey is offered for the first time."""
OFFER_AGAIN_AFTER: Final = 5
"""How many good sign-ins later an offer that was put off comes again."""
OFFERS: Final = 3
"""How often the offer is made at most."""


def is_passkey_due(*, sign_ins: int, put_off: int, declined: bool) -> bool:
    """Say whether to offer a passkey after this good sign-in."""
    return not declined and put_off < OFFERS and sign_ins >= FIRST_OFFER_AT + put_off * OFFER_AGAIN_AFTER
