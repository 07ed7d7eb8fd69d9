"""The icons, inline and always beside a word, hence hidden from those who listen to the page."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = tomllib.loads(Path(__file__).with_name("icons.toml").read_text(encoding="utf-8"))


@cache
def icon(name: str) -> SafeString:
    """Draw one icon.

    :raises KeyError: when there is no icon of that name.
    """
    drawing = mark_safe(PATHS[name])  # noqa: S308 - our own drawings, from the file beside this module
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', drawing)
