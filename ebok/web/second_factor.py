"""Whether this session was opened with a second factor. For both faces."""

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest


def lacks_second_factor(request: HttpRequest, *, is_demo: bool) -> bool:
    """Say whether this member of staff has to set up a second factor, or give it, before anything else.

    Demo logins, which work in a demo only, are let off.
    """
    return not is_demo and not signed_in_with_second_factor(request)


def signed_in_with_second_factor(request: HttpRequest) -> bool:
    """Say whether a code, a recovery code or a passkey was given in this session."""
    records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
    return any(record.get("method") == "mfa" for record in records)
