"""The README names every setting and every command there is, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = {
    path.stem
    for path in ROOT.glob("ebok/*/management/commands/*.py")
    if path.stem != "__init__"
} - {"load_demo"}  # fmt: skip
"""What people type; `load_demo` is a part of `serve --demo`."""
DJANGOS = {"help", "check", "migrate"}


def read_by_settings() -> set[str]:
    sources = [(ROOT / "ebok/config" / name).read_text("utf-8") for name in ("settings.py", "environment.py")]
    asked = re.compile(r"""(?:env\.\w+\(|environ\.get\()\s*"(EBOK_\w+|DATABASE_URL)\"""")
    return {name for source in sources for name in asked.findall(source)}


def test_the_table_has_every_setting_and_no_other() -> None:
    rows = set(re.findall(r"^\| `(EBOK_\w+|DATABASE_URL)` \|", README, re.MULTILINE))
    named_by_loop = {"EBOK_SECRET_KEY", "EBOK_HMAC_KEY"}
    assert rows == read_by_settings() | named_by_loop


def test_every_command_is_named_and_no_other() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?ebok (\w+)", README))
    assert named - DJANGOS == COMMANDS
