"""One rule says what an e-mail address is, wherever one is typed, kept, or written to."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ebok.kernel.emails import LONGEST, email_address
from ebok.notifications.domain import UnfitMessage, check_address
from ebok.web.email_field import BAD, FOREIGN, TOO_LONG, EmailField


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Anna@Poczta.PL", "anna@poczta.pl"),
        ("o'neil+woda@poczta.example.com", "o'neil+woda@poczta.example.com"),
        ("anna@xn--d-tka.pl", "anna@xn--d-tka.pl"),
        (f"{'a' * 64}@poczta.pl", f"{'a' * 64}@poczta.pl"),
    ],
)
def test_addresses_are_kept_in_small_letters(typed: str, address: str) -> None:
    assert email_address(typed) == check_address(address) == EmailField(label="E-mail").clean(typed) == address


NONE_AT_ALL = [
    '"a b"@poczta.pl', '"a"@poczta.pl', "a@[127.0.0.1]", "a@127.0.0.1", "anna@poczta.pl.", "a@localhost", "a@",
    "@poczta.pl", "a,b@poczta.pl", "a;b@poczta.pl", "a(b)@poczta.pl", ".a@poczta.pl", "a..b@poczta.pl", "a@-b.pl",
    "a@b@poczta.pl", "a\x00b@poczta.pl", "a\nb@poczta.pl", f"{'a' * 65}@poczta.pl", f"a@{'b' * 64}.pl",
]  # fmt: skip
ALIKE = ["ż@poczta.pl", "anna@żółw.pl", "ſ@poczta.pl", "\u212aasia@poczta.pl", "аnna@example.com", "a\u202eb@poczta.pl"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [*((one, BAD) for one in NONE_AT_ALL), *((one, FOREIGN) for one in ALIKE), (f"a@{'b.' * 200}pl", TOO_LONG)],
)
def test_what_is_none_has_its_sentence_at_the_field(typed: str, sentence: str) -> None:
    assert email_address(typed) is None
    with pytest.raises(UnfitMessage):
        check_address(typed)
    assert _refusal(typed) == sentence


def _refusal(typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        EmailField(label="E-mail").clean(typed)
    return str(refused.value.messages[0])


@given(st.text(max_size=LONGEST + 20) | st.emails())
def test_whatever_is_typed_an_address_is_plain_and_stays_itself(typed: str) -> None:
    address = email_address(typed)
    assert address is None or (address.isascii() and address.isprintable() and email_address(address) == address)
