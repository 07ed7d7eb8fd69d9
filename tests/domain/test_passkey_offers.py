"""A passkey is offered after the second good sign-in, a few times at most, and never to whoever declined."""

import pytest

from ebok.access.domain.offers import is_passkey_due


@pytest.mark.parametrize(
    ("sign_ins", "put_off", "due"),
    [(0, 0, False), (1, 0, False), (2, 0, True), (9, 0, True), (3, 1, False), (6, 1, False), (7, 1, True),
     (11, 2, False), (12, 2, True), (17, 3, False), (1_000, 3, False)],
)  # fmt: skip
def test_when_it_is_due(sign_ins: int, put_off: int, due: bool) -> None:
    assert is_passkey_due(sign_ins=sign_ins, put_off=put_off, declined=False) is due


def test_whoever_declined_is_never_asked_again() -> None:
    assert not any(is_passkey_due(sign_ins=n, put_off=0, declined=True) for n in range(100))
