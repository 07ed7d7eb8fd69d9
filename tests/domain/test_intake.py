import io
import os
import zipfile
from pathlib import Path

import pytest

from ebok.foundation.intake import expand
from ebok.kernel.refusals import RefusalCode, UnableToTake

CONTENT = b"account_number;name\n" * 200


def packed(tmp_path: Path, *, damage: bytes, at: bytes, after: int) -> Path:
    """A ZIP of one table with some bytes written over, `after` the first or last place of `at`."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("accounts.csv", CONTENT)
    data = whole.getvalue()
    start = (data.rindex(at) if at == b"PK\x01\x02" else data.index(at)) + after
    path = tmp_path / "a.zip"
    path.write_bytes(data[:start] + damage + data[start + len(damage) :])
    return path


DAMAGES = {
    "the content's checksum": (b"\x00\x00\x00\x00", b"PK\x01\x02", 16),
    "the packed bytes": (b"\xff" * 12, b"accounts.csv", 14),
    "where the member begins": (b"\xff\xff\xff\x7f", b"PK\x01\x02", 42),
    "how it is packed": (b"\x63\x00", b"PK\x01\x02", 10),
    "a password nobody has": (b"\x01\x00", b"PK\x01\x02", 8),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_member_of_an_archive_is_refused_in_words(tmp_path, damage):
    written, at, after = damage
    path = packed(tmp_path, damage=written, at=at, after=after)
    (file,) = expand([path], suffixes=frozenset({".csv"}))
    with pytest.raises(UnableToTake) as refused:
        file.read()
    assert refused.value.refusal.code in {RefusalCode.BAD_ENCODING, RefusalCode.TOO_LARGE}


def test_a_member_of_an_archive_can_be_read_twice(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("accounts.csv", CONTENT)
    (file,) = expand([path], suffixes=frozenset({".csv"}))
    with file.open() as stream:
        assert stream.read() == CONTENT
        stream.seek(0)
        assert stream.readline() == b"account_number;name\n"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_in_a_way_that_cannot_be_unpacked_bit_by_bit_is_refused(tmp_path, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("accounts.csv", CONTENT)
    (file,) = expand([path], suffixes=frozenset({".csv"}))
    with pytest.raises(UnableToTake, match="Deflate") as refused:
        file.open()
    assert refused.value.refusal.code is RefusalCode.BAD_ENCODING


def test_a_file_the_system_cannot_read_is_refused_in_words(tmp_path):
    # Nothing is mapped at the beginning of a process's memory: reading there is an input/output error.
    (tmp_path / "broken.csv").symlink_to("/proc/self/mem")
    (file,) = expand([tmp_path], suffixes=frozenset({".csv"}))
    for read in (file.read, lambda: file.open().read(10), lambda: file.open().read(), lambda: list(file.open())):
        with pytest.raises(UnableToTake, match="System nie może odczytać pliku"):
            read()


def test_a_file_that_went_away_meanwhile_is_refused_in_words(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    (file,) = expand([path], suffixes=frozenset())
    path.unlink()
    with pytest.raises(UnableToTake, match="System nie może odczytać pliku"):
        file.read()


def test_names_that_are_not_utf_8_can_be_printed_and_told_apart(tmp_path):
    for name in (b"za\xbf\xf3\xb3\xe6.csv", b"za\xe6.csv"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(CONTENT)
    files = list(expand([tmp_path], suffixes=frozenset({".csv"})))
    assert sorted(file.name.encode("utf-8").decode().rpartition("/")[2] for file in files) == [
        "za\\xbf\\xf3\\xb3\\xe6.csv",
        "za\\xe6.csv",
    ]
    assert [file.read() for file in files] == [CONTENT, CONTENT]


def test_an_archive_with_a_nameless_member_is_refused_as_damaged(tmp_path):
    path = packed(tmp_path, damage=b"\x00" * 12, at=b"PK\x01\x02", after=46)
    (file,) = expand([path], suffixes=frozenset({".csv"}))
    with pytest.raises(UnableToTake) as refused:
        file.read()
    assert (file.name, refused.value.refusal.code) == (str(path), RefusalCode.BAD_ENCODING)


def test_a_file_beyond_the_limit_is_refused_with_what_can_be_done_about_any_file(tmp_path):
    (tmp_path / "one.xml").write_bytes(b"x" * 11)
    (file,) = expand([tmp_path], suffixes=frozenset({".xml"}))
    with pytest.raises(UnableToTake) as refused:
        file.read(limit=10)
    assert refused.value.refusal.code is RefusalCode.TOO_LARGE
    assert "Sprawdź, czy to właściwy plik." in str(refused.value)
