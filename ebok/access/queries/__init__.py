"""What access knows: who a login is, what it reaches, and who reaches an account."""

from ebok.access.queries.grants import (
    grants_of,
    had_access,
    has_owner,
    owned_before,
    owners,
    owners_left,
    people_with_access,
    within,
)
from ebok.access.queries.invitations import (
    account_numbers,
    invitation_by_code,
    invitation_digest,
    open_invitations,
    waiting_requests,
)
from ebok.access.queries.logins import (
    as_login,
    demo_logins_exist,
    login_by_id,
    login_names,
    login_of,
    login_typed,
    logins,
    logins_by_email,
    may_sign_in,
    staff_member,
    staff_roles,
)
from ebok.access.queries.visits import session_digest, visit_of

__all__ = [
    "account_numbers",
    "as_login",
    "demo_logins_exist",
    "grants_of",
    "had_access",
    "has_owner",
    "invitation_by_code",
    "invitation_digest",
    "login_by_id",
    "login_names",
    "login_of",
    "login_typed",
    "logins",
    "logins_by_email",
    "may_sign_in",
    "open_invitations",
    "owned_before",
    "owners",
    "owners_left",
    "people_with_access",
    "session_digest",
    "staff_member",
    "staff_roles",
    "visit_of",
    "waiting_requests",
    "within",
]
