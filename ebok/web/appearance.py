"""How a person wants the pages to look: theme, contrast and size of text, kept in a cookie that outlives sign-out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

COOKIE = "wyglad"
COOKIE_SECONDS = 400 * 24 * 3600
SEPARATOR = "."


class Theme(StrEnum):
    """Light, dark, or what the device says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Contrast(StrEnum):
    """Ordinary colours or the strongest ones."""

    NORMAL = "normal"
    HIGH = "high"


class TextSize(StrEnum):
    """Base size of text: 18 px or 22 px."""

    NORMAL = "normal"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One person's choice. The names of the values stand in the page as `data-theme`, `data-contrast`, `data-text`."""

    theme: Theme = Theme.SYSTEM
    contrast: Contrast = Contrast.NORMAL
    text: TextSize = TextSize.NORMAL

    @classmethod
    def from_cookies(cls, cookies: Mapping[str, str]) -> Self:
        """Read the choice; a cookie we did not write means the defaults."""
        parts = cookies.get(COOKIE, "").split(SEPARATOR)
        try:
            theme, contrast, text = parts
            return cls(theme=Theme(theme), contrast=Contrast(contrast), text=TextSize(text))
        except ValueError:
            return cls()

    def cookie_value(self) -> str:
        """The choice as a cookie holds it."""
        return SEPARATOR.join((self.theme, self.contrast, self.text))
