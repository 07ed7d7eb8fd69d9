"""One rule says what a name is, wherever one is typed that travels on in our messages."""

import re
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ebok.kernel.names import LONGEST, SHORTEST, person_name
from ebok.web.name_field import BAD, NameField


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Anna Nowak", "Anna Nowak"),
        ("  Anna \u00a0  Nowak ", "Anna Nowak"),
        ("Z\u0307aneta Ło\u0301jek", "Żaneta Łójek"),
        ("J. Kowalski", "J. Kowalski"),
        ("J.Kowalski", "J. Kowalski"),
        ("J.R.R.Tolkien", "J.R.R. Tolkien"),
        ("P.P.H.U. „Woda” Sp. z o.o.", "P.P.H.U. „Woda” Sp. z o.o."),
        ("Nowak & Synowie s.c. (w upadłości)", "Nowak & Synowie s.c. (w upadłości)"),
        ("Anne-Marie O'Neil – de Vries", "Anne-Marie O'Neil – de Vries"),
        ("Wspólnota Polna 1/3", "Wspólnota Polna 1/3"),
        ("Олена Шевченко", "Олена Шевченко"),
        ("Li", "Li"),
    ],
)
def test_names_are_kept_as_people_write_them(typed: str, name: str) -> None:
    assert person_name(typed) == NameField(label="Kto").clean(typed) == name


NONE_AT_ALL = [
    "A", "12345", "- -", "Anna@Nowak", "anna@example.com", "BOK bok.pl", "Bok.Pl", "t.co", "bok.pl/nagroda",
    "https://bok.pl", "www.x", "WWW. bok", "bok.xn--p1ai", "Serwer 127.0.0.1", "Anna\u2060Nowak_", "Anna <b>", "#anna",
    "Anna*Nowak", "Anna; Nowak", "ＡＮＮＡ", "𝐀𝐧𝐧𝐚 Nowak", "bok．pl", "bok。pl", "\u3164\u3164\u3164", "Dopłać 😀",
]  # fmt: skip
UNSEEN = ["Anna\x00", "Anna\nNowak", "Anna\u202eNowak", "An\u200bna", "An\u00adna", "Anna\ufeff", "Anna\u2066Nowak"]
OTHERWISE_REFUSED = [*UNSEEN, "Аnna Nowak", "Anna 44051401359", "Anna" * LONGEST]


@pytest.mark.parametrize("typed", [*NONE_AT_ALL, *OTHERWISE_REFUSED])
def test_what_is_no_name_is_refused_with_a_sentence(typed: str) -> None:
    assert person_name(typed) is None
    with pytest.raises(ValidationError):
        NameField(label="Kto").clean(typed)


@pytest.mark.parametrize("typed", ["BOK bok.pl", "anna@example.com", "A", "12345"])
def test_an_address_is_asked_to_be_left_out(typed: str) -> None:
    with pytest.raises(ValidationError, match=BAD):
        NameField(label="Kto").clean(typed)


@given(st.text(max_size=LONGEST + 20) | st.text(alphabet="AażЖ.@/:- 1\u00a0w\u0301", max_size=20))
def test_whatever_is_typed_a_name_is_readable_and_stays_itself(typed: str) -> None:
    name = person_name(typed)
    if name is None:
        return
    assert SHORTEST <= len(name) <= LONGEST
    assert name.isprintable()
    assert unicodedata.is_normalized("NFC", name)
    assert name == " ".join(name.split())
    assert not any(sign in name.lower() for sign in ("@", "://", "www."))
    assert person_name(name) == name


@given(st.from_regex(r"[a-z0-9-]{1,10}(\.[a-z]{2,6}){1,2}", fullmatch=True), st.sampled_from(["{}", "BOK {}", "({})"]))
def test_no_host_passes_for_a_name(host: str, around: str) -> None:
    assert person_name(around.format(host)) is None
    assert not re.search(r"\.\w\w", person_name(around.format(host.upper())) or "")


@given(st.lists(st.from_regex(r"[A-ZŁŻ][a-ząęłóż]{1,12}", fullmatch=True), min_size=2, max_size=4))
def test_ordinary_names_pass(words: list[str]) -> None:
    name = " ".join(words)
    assert person_name(name) == name
