"""Every address of the office: how to reach each page, and what is no page."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWorld:
    """The numbers of what the addresses name."""

    account: int = 0


OFFICE_PAGES: dict[str, Callable[[OfficeWorld], str]] = {
    "office": lambda world: "/biuro/",
    "office_keys": lambda world: "/biuro/skroty/",
}
OFFICE_NO_PAGE: dict[str, str] = {}
