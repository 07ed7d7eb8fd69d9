"""Files made by others are exactly the ones we list."""

import hashlib
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = tomllib.loads((ROOT / "ebok/web/VENDORED.toml").read_text())["file"]


def test_every_listed_file_has_the_listed_bytes():
    for row in LISTED:
        assert hashlib.sha256((ROOT / row["path"]).read_bytes()).hexdigest() == row["sha256"], row["path"]


def test_every_listed_file_stands_beside_its_licence():
    for row in LISTED:
        assert (ROOT / row["licence_file"]).stat().st_size > 0, row["path"]


def test_nothing_in_the_vendor_folders_is_unlisted():
    listed = {ROOT / row[key] for row in LISTED for key in ("path", "licence_file")}
    present = {
        p for folder in ("ebok/web/static/vendor", "tests/vendor") for p in (ROOT / folder).rglob("*") if p.is_file()
    }
    assert {p for p in present - listed if "3RD-PARTY" not in p.name} == set()
