"""Notices of mail servers are read as they come; anything else is no notice, and never an exception."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.adapters.mail import DsnReader
from ebok.notifications.domain import Outcome
from ebok.notifications.ports import BounceReader, NotANotice
from tests.notices import ALL, OF_THE_ENVELOPE, POSTFIX, notice

KEY = UUID("3f0c7a44-9c1d-4f5e-8a10-0d4a8f2b6c11")
READER: BounceReader = DsnReader()


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_each_server_says_which_message_to_whom_failed_and_why(name: str, ends: bytes) -> None:
    read = READER.read(notice(ALL[name], key=KEY, recipient="anna@example.com").replace(b"\r\n", ends))
    assert read.key == KEY
    told = read.about("Anna@Example.com")
    assert told is not None
    assert told.outcome is Outcome.BOUNCED
    assert told.words.startswith(("5.", "2."))
    assert read.about("jan@example.com") is None


def test_the_words_are_the_servers_own_on_one_line() -> None:
    told = READER.read(notice(POSTFIX, key=KEY, recipient="anna@example.com")).about("anna@example.com")
    assert told is not None
    said = "5.1.1 550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown"
    assert told.words == said


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("Failed", Outcome.BOUNCED),
        ("delayed", Outcome.DELAYED),
        ("DELIVERED", Outcome.DELIVERED),
        ("relayed", Outcome.RELAYED),
        ("expanded", Outcome.RELAYED),
    ],
)
def test_every_action_has_its_outcome(action: str, outcome: Outcome) -> None:
    read = READER.read(notice(OF_THE_ENVELOPE, key=KEY, recipient="anna@example.com", action=action))
    assert [report.outcome for report in read.reports] == [outcome]


def test_an_address_hidden_as_envelopes_hide_them_is_found() -> None:
    data = notice(POSTFIX, key=KEY, recipient="anna@example.com")
    hidden = data.replace(b"Original-Recipient: rfc822;anna@", b"Original-Recipient: rfc822;anna+2Bdom@")
    assert READER.read(hidden).about("anna+dom@example.com") is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 1000,
        b"Subject: Urlop\r\n\r\nNie ma mnie w biurze.",
        notice(POSTFIX, key=KEY, recipient="a@example.com").replace(b"message/delivery-status", b"text/plain"),
        notice(POSTFIX, key=KEY, recipient="a@example.com").replace(str(KEY).encode(), b"other"),
        notice(POSTFIX, key=KEY, recipient="a@example.com", action="wondered"),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 5000,
    ],
)
def test_what_is_no_notice_of_ours_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NotANotice):
        READER.read(data)


@pytest.mark.parametrize(("deep", "read"), [(5, True), (900, False)])
def test_parts_within_parts_are_looked_into_as_deep_as_servers_put_them(deep: int, read: bool) -> None:
    within = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(deep))
    data = within + notice(POSTFIX, key=KEY, recipient="anna@example.com")
    if read:
        assert READER.read(data).key == KEY
        return
    with pytest.raises(NotANotice):
        READER.read(data)


@given(data=st.binary())
def test_bytes_of_any_kind_are_a_notice_or_none(data: bytes) -> None:
    read_or_refused(data)


@given(
    name=st.sampled_from(sorted(ALL)),
    recipient=st.text(max_size=40),
    action=st.text(max_size=20) | st.sampled_from(["failed", "delivered"]),
    damage=st.tuples(st.integers(0, 3000), st.integers(0, 80), st.binary(max_size=60)),
)
def test_a_notice_that_was_damaged_on_the_way_is_one_or_none(
    name: str, recipient: str, action: str, damage: tuple[int, int, bytes]
) -> None:
    at, cut, junk = damage
    data = notice(ALL[name], key=KEY, recipient=recipient, action=action)
    read_or_refused(data[:at] + junk + data[at + cut :])


def read_or_refused(data: bytes) -> None:
    try:
        read = READER.read(data)
    except NotANotice:
        return
    assert all(report.words.isprintable() or not report.words for report in read.reports)
