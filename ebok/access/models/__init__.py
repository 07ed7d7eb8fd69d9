"""Logins, what they reach, and the codes by which they prove themselves."""

from ebok.access.models.codes import OneTimeCode
from ebok.access.models.grants import AccessRequest, CustomerVisit, Grant, GrantQuerySet, Invitation, InvitationQuerySet
from ebok.access.models.offers import PasskeyOffer
from ebok.access.models.users import KnownDevice, StaffPost, User

__all__ = [
    "AccessRequest",
    "CustomerVisit",
    "Grant",
    "GrantQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "KnownDevice",
    "OneTimeCode",
    "PasskeyOffer",
    "StaffPost",
    "User",
]
