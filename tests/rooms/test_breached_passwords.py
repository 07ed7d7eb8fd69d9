"""Nobody chooses a password that is known from a breach, walks over the keyboard, or is one word again and again."""

import hashlib
import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.access.domain import PASSWORD_MIN_LENGTH, PasswordFault, password_faults
from ebok.access.domain.breached import DIGEST_BYTES, is_listed
from ebok.access.operations import general_faults
from ebok.access.operations.passwords import BREACHED_FILE

SAMPLE = (Path(__file__).parents[1] / "data/passwords/breached_sample.txt").read_text("utf-8").splitlines()
DIGESTS = BREACHED_FILE.read_bytes()
LARGEST_FILE = 2 * 1024 * 1024
RARE = 1e-6


@pytest.mark.parametrize("changed", [str, str.upper, str.title, lambda password: f" {password} "])
def test_every_password_of_the_sample_is_on_the_list_in_any_case(changed) -> None:
    assert len(SAMPLE) >= 200
    assert [password for password in SAMPLE if not is_listed(changed(password), digests=DIGESTS)] == []


def test_every_password_of_the_sample_is_refused() -> None:
    known = {PasswordFault.BREACHED, PasswordFault.COMMON, PasswordFault.PERSONAL}
    assert [password for password in SAMPLE if not known & set(general_faults(password=password))] == []


def test_a_breached_password_is_told_in_words() -> None:
    faults = general_faults(password="bringmetolife")
    assert faults == (PasswordFault.BREACHED,)
    assert "wyciekło" in faults[0].sentence


def test_the_list_is_small_sorted_and_takes_hardly_any_other_for_one_of_its_own() -> None:
    digests = [DIGESTS[at : at + DIGEST_BYTES] for at in range(0, len(DIGESTS), DIGEST_BYTES)]
    assert len(DIGESTS) % DIGEST_BYTES == 0
    assert len(DIGESTS) <= LARGEST_FILE
    assert digests == sorted(set(digests))
    assert len(digests) > 50_000
    assert len(digests) / 256**DIGEST_BYTES < RARE


def test_what_is_written_beside_the_list_is_true() -> None:
    said = (BREACHED_FILE.parent / "README.md").read_text("utf-8")
    assert hashlib.sha256(DIGESTS).hexdigest() in said
    assert f"{len(DIGESTS) // DIGEST_BYTES:,}" in said
    assert "MIT" in (BREACHED_FILE.parent / "LICENSE").read_text("utf-8")


@given(st.integers(min_value=12, max_value=96))
def test_a_random_password_is_never_refused(size: int) -> None:
    password = secrets.token_urlsafe(size)
    assert (
        password_faults(password=password, common=False, breached=is_listed(password, digests=DIGESTS), personal=())
        == ()
    )


@given(st.text(max_size=200))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert is_listed(text, digests=DIGESTS) in {True, False}
    assert not is_listed(text, digests=b"")


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop12!", "1qaz2wsx3edc", "1QAZ2wsx3EDC", "qazwsxedcrfv", "1q2w3e4r5t6y", "123456789012", "abcdefghijkl",
        "0987654321qwerty", "zaqwsxcderfv", "traktortraktor", "traktor traktor traktor", "traktor1traktor2",
        "Traktor-Traktor!", "ananasananasana", "aaaaaaaaaaaa", "abcabcabcabc",
    ],
)  # fmt: skip
def test_walks_over_the_keyboard_and_one_word_again_and_again_are_common(password: str) -> None:
    assert PasswordFault.COMMON in password_faults(password=password, common=False, personal=())


@pytest.mark.parametrize(
    "password", ["wodawodawoda1", "OPWiK-Otwock-1", "wodociagi2026", "Kanalizacja12", "haslo do eBOK"]
)
@pytest.mark.django_db
def test_our_name_and_water_are_refused(password: str) -> None:
    assert {PasswordFault.PERSONAL, PasswordFault.COMMON} & set(general_faults(password=password))


@pytest.mark.parametrize(
    "password",
    [
        "zielony traktor liczy gwiazdy", "mój pies je zupę", "konstantynopolitanczyk", "asdfgh-annik-1",
        "83920a4857103", "zielony traktor zielony traktor", "1939 koza 1945 lipa",
    ],
)  # fmt: skip
def test_what_a_person_can_remember_and_nobody_guesses_is_taken(password: str) -> None:
    assert len(password) >= PASSWORD_MIN_LENGTH
    assert password_faults(password=password, common=False, personal=()) == ()
