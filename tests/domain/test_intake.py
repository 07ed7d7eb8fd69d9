import io
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
