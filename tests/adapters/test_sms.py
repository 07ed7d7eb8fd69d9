"""Every carrier of SMS keeps the same contract."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from ebok.adapters.sms import ConsoleSms, FakeSms, FolderSms, UnknownSmsAddress, sms_transport_for
from ebok.config import sms as sms_setting
from ebok.notifications.domain import RenderedSms, UnfitMessage
from ebok.notifications.ports import DeliveryFailed, FailureKind, SmsTransport

Made = tuple[SmsTransport, Callable[[], str]]


def message(text: str = "OPWiK eBOK: kod 012 345", recipient: str = "+48600700800") -> RenderedSms:
    queued_at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return RenderedSms(key=UUID(int=7), recipient=recipient, text=text, queued_at=queued_at)


def console(tmp_path: Path) -> Made:
    stream = io.StringIO()
    return ConsoleSms(stream=stream), stream.getvalue


def folder(tmp_path: Path) -> Made:
    return FolderSms(folder=tmp_path / "sms"), lambda: "".join(f.read_text() for f in (tmp_path / "sms").iterdir())


def fake(tmp_path: Path) -> Made:
    carrier = FakeSms()
    return carrier, lambda: "".join(f"{sms.recipient} {sms.text}" for sms in carrier.sent)


def broken_console(tmp_path: Path) -> SmsTransport:
    stream = io.StringIO()
    stream.close()
    return ConsoleSms(stream=stream)


def broken_folder(tmp_path: Path) -> SmsTransport:
    (tmp_path / "sms").write_text("a file")
    return FolderSms(folder=tmp_path / "sms")


def broken_fake(tmp_path: Path) -> SmsTransport:
    carrier = FakeSms()
    carrier.failure = DeliveryFailed(FailureKind.TEMPORARY, "busy")
    return carrier


@pytest.mark.parametrize("make", [console, folder, fake])
def test_a_carrier_hands_over_the_number_and_the_text_and_says_so(make: Callable[[Path], Made], tmp_path: Path) -> None:
    carrier, taken = make(tmp_path)
    assert carrier.send(message())
    assert "+48600700800" in taken()
    assert "OPWiK eBOK: kod 012 345" in taken()


@pytest.mark.parametrize("make", [broken_console, broken_folder, broken_fake])
def test_a_carrier_that_cannot_fails_for_now_with_words(make: Callable[[Path], SmsTransport], tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        make(tmp_path).send(message())
    assert failed.value.kind is FailureKind.TEMPORARY
    assert failed.value.words


def test_the_folder_keeps_one_file_of_an_sms_however_often_it_is_sent(tmp_path: Path) -> None:
    carrier = FolderSms(folder=tmp_path)
    carrier.send(message())
    carrier.send(message())
    [file] = tmp_path.iterdir()
    assert file.name == "20261122T120000-00000000-0000-0000-0000-000000000007.txt"
    assert file.read_text() == "+48600700800\nOPWiK eBOK: kod 012 345\n"


@pytest.mark.parametrize("text", ["", "x" * 161, "Zażółć", "a\nb", "a[b]", "a\x00b", " a"])
def test_an_sms_of_more_than_one_part_or_of_other_letters_is_none(text: str) -> None:
    with pytest.raises(UnfitMessage):
        message(text)


@pytest.mark.parametrize("number", ["", "600700800", "+48 600700800", "+4860070080０", "+48600700800\n", "+0600700800"])
def test_a_recipient_is_a_number_as_the_world_writes_it(number: str) -> None:
    with pytest.raises(UnfitMessage):
        message(recipient=number)


def test_addresses_name_their_carriers() -> None:
    assert sms_transport_for("file:///srv/nasze%20sms") == FolderSms(folder=Path("/srv/nasze sms"))
    assert isinstance(sms_transport_for("console:"), ConsoleSms)
    for unknown in ("", "https://sms.example", "file:", "console://x"):
        with pytest.raises(UnknownSmsAddress):
            sms_transport_for(unknown)


@pytest.mark.parametrize(
    "url", ["smsapi://token@host", "https://tajne@sms.example", "file:", "file:///", "file://x/y", "x"]
)
@pytest.mark.parametrize("demo", [True, False])
def test_an_unknown_carrier_is_refused_at_the_start_without_repeating_it(url: str, demo: bool) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EBOK_SMS_URL nie wskazuje") as refusal:
        sms_setting.checked(url=url, demo=demo)
    assert "tajne" not in str(refusal.value)


def test_codes_reach_a_developers_screen_in_the_demo_only() -> None:
    assert sms_setting.checked(url="console:", demo=True) == "console:"
    with pytest.raises(ImproperlyConfigured):
        sms_setting.checked(url="console:", demo=False)
    assert sms_setting.checked(url="", demo=False) == ""
    assert sms_setting.checked(url="file:///srv/sms", demo=False) == "file:///srv/sms"
