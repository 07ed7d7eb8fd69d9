"""Who holds an account, as the registry says it: what makes them the same one, and what another."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from ebok.customers.domain import Identity

NAMES = st.sampled_from(["Anna Nowak", "ANNA  nowak", "NOWAK Anna", "Anna Kowalska", "Bartek Nowy", "Spółka Woda"])
NIPS = st.sampled_from(["", "5265877635", "7251801126"])
PESELS = st.sampled_from([b"", b"a" * 32, b"b" * 32])
HOLDERS = st.builds(Identity, name=NAMES, nip=NIPS, pesel_hmac=PESELS)


@given(one=HOLDERS)
def test_a_holder_is_always_the_same_as_themselves(one: Identity) -> None:
    assert one.is_same_holder(one)


@given(one=HOLDERS, other=HOLDERS)
def test_it_does_not_matter_which_came_first(one: Identity, other: Identity) -> None:
    assert one.is_same_holder(other) == other.is_same_holder(one)


@given(one=HOLDERS, name=NAMES)
def test_a_new_name_beside_a_number_both_have_is_the_same_holder(one: Identity, name: str) -> None:
    assume(one.nip or one.pesel_hmac)
    assert one.is_same_holder(replace(one, name=name))


@given(one=HOLDERS, nip=NIPS, pesel=PESELS)
def test_a_number_filled_in_later_is_the_same_holder(one: Identity, nip: str, pesel: bytes) -> None:
    assert one.is_same_holder(replace(one, nip=one.nip or nip, pesel_hmac=one.pesel_hmac or pesel))


@given(one=HOLDERS)
def test_two_persons_with_a_number_each_are_two_whatever_their_names(one: Identity) -> None:
    anna, bartek = replace(one, pesel_hmac=b"a" * 32), replace(one, pesel_hmac=b"b" * 32)
    assert not anna.is_same_holder(bartek)


def test_a_name_turned_round_or_in_capitals_is_the_same_holder_and_another_word_is_not() -> None:
    anna = Identity(name="Anna Nowak-Żak", nip="", pesel_hmac=b"")
    assert anna.is_same_holder(replace(anna, name="NOWAK-Z\u0307AK  ANNA"))
    assert not anna.is_same_holder(replace(anna, name="Anna Nowak"))
    assert not anna.is_same_holder(replace(anna, name="Anna Anna Nowak-Żak"))
