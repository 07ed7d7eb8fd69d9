"""The utility this installation serves: who it is, how to reach it, where to pay."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class UtilityProfile:
    """Facts of the utility, all from configuration. `nip` has 10 digits, `ibans` 26 each."""

    name: str
    short_name: str
    street: str
    postal_code: str
    city: str
    nip: str
    krs: str
    phone: str
    alarm_phone: str
    office_hours: str
    email: str
    data_protection_email: str
    website: str
    ibans: tuple[str, ...]

    @property
    def address(self) -> str:
        """The whole address on one line."""
        return f"{self.street}, {self.postal_code} {self.city}"


def utility() -> UtilityProfile:
    """The profile of this installation."""
    return settings.EBOK_UTILITY
