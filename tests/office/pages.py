"""Every address of the office: how to reach each page, and what is no page."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWorld:
    """The numbers of what the addresses name."""

    account: int
    unopened: int
    grant: int


OFFICE_PAGES: dict[str, Callable[[OfficeWorld], str]] = {
    "office": lambda world: "/biuro/",
    "office_keys": lambda world: "/biuro/skroty/",
    "office_customers": lambda world: "/biuro/klienci/",
    "office_customer": lambda world: f"/biuro/klienci/{world.account}/",
    "office_customer_letter": lambda world: f"/biuro/klienci/{world.account}/list/",
    "office_end_owner": lambda world: f"/biuro/klienci/{world.account}/wlasciciel/{world.grant}/koniec/",
}
OFFICE_NO_PAGE: dict[str, str] = {
    "office_customer_leave": "ends a visit and leads back",
}
