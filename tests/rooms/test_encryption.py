"""What is encrypted in the database is read back under its key, for its purpose, and never changed unseen."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ebok.foundation.encryption import DecryptionFault, UnableToDecrypt, decrypt, encrypt


@given(st.binary(max_size=4096))
def test_what_was_encrypted_is_read_back(plain: bytes) -> None:
    assert decrypt(purpose="scan", sealed=encrypt(purpose="scan", plain=plain)) == plain


def test_the_same_thing_never_looks_the_same_twice() -> None:
    assert encrypt(purpose="scan", plain=b"twice") != encrypt(purpose="scan", plain=b"twice")


def test_nothing_of_it_shows() -> None:
    assert b"44051401458" not in encrypt(purpose="scan", plain=b"44051401458")


def test_a_value_moved_to_another_use_is_not_read() -> None:
    with pytest.raises(UnableToDecrypt, match="damaged"):
        decrypt(purpose="letter", sealed=encrypt(purpose="scan", plain=b"x"))


@given(st.data())
def test_one_changed_byte_is_found(data: st.DataObject) -> None:
    sealed = bytearray(encrypt(purpose="scan", plain=b"the scan of a form"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnableToDecrypt):
        decrypt(purpose="scan", sealed=bytes(sealed))


@given(st.binary(max_size=64))
def test_what_is_none_of_ours_is_refused(junk: bytes) -> None:
    with pytest.raises(UnableToDecrypt):
        decrypt(purpose="scan", sealed=junk)


def test_every_cut_is_found() -> None:
    sealed = encrypt(purpose="scan", plain=b"abc")
    for length in range(len(sealed)):
        with pytest.raises(UnableToDecrypt):
            decrypt(purpose="scan", sealed=sealed[:length])


def test_a_new_key_in_front_encrypts_and_the_old_one_still_reads(settings: Settings) -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    settings.EBOK_FIELD_KEYS = {"k1": old}
    before = encrypt(purpose="scan", plain=b"before")
    settings.EBOK_FIELD_KEYS = {"k2": new, "k1": old}
    after = encrypt(purpose="scan", plain=b"after")
    assert (decrypt(purpose="scan", sealed=before), decrypt(purpose="scan", sealed=after)) == (b"before", b"after")
    settings.EBOK_FIELD_KEYS = {"k2": new}
    with pytest.raises(UnableToDecrypt) as refusal:
        decrypt(purpose="scan", sealed=before)
    assert refusal.value.reason is DecryptionFault.UNKNOWN_KEY
