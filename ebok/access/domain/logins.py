"""What a login is, and what a member of staff is."""

from dataclasses import dataclass

from ebok.access.domain.matrix import STAFF_ALLOWED, StaffAction, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login: who signs in. Not a customer. `phone` is in E.164, empty when none is confirmed."""

    user_id: int
    username: str
    email: str
    phone: str = ""
    full_name: str
    is_active: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A login of the utility's own people (pracownik BOK). Such a login holds no grants."""

    user_id: int
    username: str
    full_name: str
    role: StaffRole
    is_demo: bool

    def may(self, action: StaffAction) -> bool:
        """Say whether the role allows the action."""
        return action in STAFF_ALLOWED[self.role]
