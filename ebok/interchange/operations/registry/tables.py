"""The tables of the registry: their columns, which are required, and what stands in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ebok.customers.domain import CustomerKind
from ebok.interchange.operations.registry import cells
from ebok.interchange.operations.registry.cells import Cell
from ebok.metering.domain.readings import MeterRole, ReadingSource

MAX_DIALS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file of the registry. `columns` give each column's parser; `required` must be there and filled."""

    name: str
    required: frozenset[str]
    columns: Mapping[str, Cell]

    @property
    def known(self) -> frozenset[str]:
        """All columns eBOK reads."""
        return frozenset(self.columns)


_ADDRESS: Final[dict[str, Cell]] = {
    "street": cells.text(longest=256),
    "house": cells.text(longest=32),
    "flat": cells.text(longest=32),
    "postal_code": cells.text(longest=16),
    "city": cells.text(longest=128),
}
ACCOUNTS: Final = Table(
    name="accounts.csv",
    required=frozenset({"account_number", "kind", "name", "postal_code", "city"}),
    columns={
        "account_number": cells.text(longest=256),
        "kind": cells.choice(*(kind.value for kind in CustomerKind)),
        "name": cells.text(longest=512),
        "nip": cells.nip,
        "pesel": cells.pesel,
        "email": cells.email,
        "phone": cells.phone,
        **_ADDRESS,
        **{f"correspondence_{name}": parse for name, parse in _ADDRESS.items()},
        "payment_iban": cells.nrb,
        "collect_id": cells.text(longest=64),
        "tariff_group": cells.text(longest=64),
        "billing_months": cells.whole(lowest=1, highest=cells.MAX_MONTHS),
        "opened_on": cells.day,
        "closed_on": cells.day,
    },
)
POINTS: Final = Table(
    name="service_points.csv",
    required=frozenset({"point_number", "account_number"}),
    columns={
        "point_number": cells.text(longest=64),
        "account_number": cells.text(longest=256),
        **_ADDRESS,
        "zone": cells.text(longest=64),
    },
)
METERS: Final = Table(
    name="meters.csv",
    required=frozenset({"serial_number", "point_number", "role", "dials", "installed_on"}),
    columns={
        "serial_number": cells.text(longest=64),
        "point_number": cells.text(longest=64),
        "role": cells.choice(*(role.value for role in MeterRole)),
        "dials": cells.whole(lowest=1, highest=MAX_DIALS),
        "installed_on": cells.day,
        "initial_value": cells.cubic_metres,
        "removed_on": cells.day,
        "final_value": cells.cubic_metres,
        "verification_valid_until": cells.day,
    },
)
READINGS: Final = Table(
    name="readings.csv",
    required=frozenset({"serial_number", "read_on", "value_m3"}),
    columns={
        "serial_number": cells.text(longest=64),
        "read_on": cells.day,
        "value_m3": cells.cubic_metres,
        "source": cells.choice(*(source.value for source in ReadingSource), otherwise=ReadingSource.READER.value),
    },
)
TABLES: Final = (ACCOUNTS, POINTS, METERS, READINGS)
"""In the order they are taken: what others name comes first."""
