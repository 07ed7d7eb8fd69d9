"""What the pages are made of keeps to its budget and to its rules."""

import gzip
import re
from pathlib import Path

import pytest

EBOK = Path(__file__).resolve().parents[2] / "ebok"
STYLE_BYTES = 20 * 1024
SCRIPT_BYTES = 15 * 1024
TEMPLATES = sorted(p for p in EBOK.rglob("templates/**/*.html"))
FORBIDDEN = r"\b(niniejszym|nieprawidłow\w*|prosimy|przepraszamy|ups|w przypadku gdy|błąd formularza)\b"
LEGAL = {"privacy.html"}
PAGES = [p for p in TEMPLATES if "notifications" not in p.parts]
"""Letters by e-mail carry their styles within; pages never do."""


def gzipped(*patterns: str) -> int:
    return sum(len(gzip.compress(p.read_bytes(), 9)) for pattern in patterns for p in EBOK.glob(pattern))


def test_the_style_sheet_fits_its_budget():
    assert 0 < gzipped("web/static/web/*.css") <= STYLE_BYTES


def test_our_scripts_fit_their_budget():
    assert 0 < gzipped("*/static/**/*.js") - gzipped("web/static/vendor/**/*.js") <= SCRIPT_BYTES


@pytest.mark.parametrize("template", PAGES, ids=lambda p: str(p.relative_to(EBOK)))
def test_a_template_keeps_the_content_policy(template):
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", source), "styles belong in the style sheet"
    assert not re.search(r"<script(?![^>]*\ssrc=)", source), "scripts belong in files"
    assert not re.search(r"\son[a-z]+=", source), "handlers belong in files"
    assert "|safe" not in source
    assert "{{ attrs" not in source, "a component names its attributes, so that each is escaped"


@pytest.mark.parametrize(
    "template", [t for t in TEMPLATES if t.name not in LEGAL], ids=lambda p: str(p.relative_to(EBOK))
)
def test_a_template_speaks_plainly(template):
    assert re.findall(FORBIDDEN, template.read_text(encoding="utf-8"), re.IGNORECASE) == []


def test_no_template_asks_for_a_number_field_or_a_placeholder():
    for template in TEMPLATES:
        source = template.read_text(encoding="utf-8")
        assert 'type="number"' not in source, template
        assert "placeholder=" not in source, template
