"""Logins, what they reach, and the codes by which they prove themselves."""

from ebok.access.models.codes import OneTimeCode
from ebok.access.models.grants import AccessRequest, CustomerVisit, Grant, Invitation
from ebok.access.models.users import KnownDevice, StaffPost, User

__all__ = [
    "AccessRequest",
    "CustomerVisit",
    "Grant",
    "Invitation",
    "KnownDevice",
    "OneTimeCode",
    "StaffPost",
    "User",
]
