"""Who may open a view. Every view declares its rule; one without a rule is never shown."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TypeVar, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class AccessRule(StrEnum):
    """The rules a view can declare, kept in its attribute `access_rule`."""

    PUBLIC = "public"
    DEMO_ONLY = "demo_only"
    SIGNED_IN = "signed_in"
    CUSTOMER = "customer"
    STAFF = "staff"
    LOOPBACK = "loopback"


def declare(view: View, rule: AccessRule, action: str = "") -> View:
    """Write the rule on the view, and which action it needs. The decorator that enforces it calls this."""
    view.access_rule = rule  # type: ignore[attr-defined]
    view.access_action = action  # type: ignore[attr-defined]
    return view


def rule_of(view: Callable[..., object]) -> AccessRule | None:
    """The rule a view declares, None when it declares none."""
    return cast("AccessRule | None", getattr(view, "access_rule", None))


def action_of(view: Callable[..., object]) -> str:
    """The action of the role matrix a view needs, empty when it needs none."""
    return cast("str", getattr(view, "access_action", ""))


def public(view: View) -> View:
    """Anybody may open it."""
    return declare(view, AccessRule.PUBLIC)


def demo_only(view: View) -> View:
    """Anybody may open it, in a demo; elsewhere it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.EBOK_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return declare(cast(View, guarded), AccessRule.DEMO_ONLY)


class DenyByDefault:
    """Middleware that refuses a view without a declared rule (ASVS 8.2.1)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the check is in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object) -> None:
        """Refuse a view that says nothing of who may open it.

        :raises PermissionDenied: for such a view.
        """
        if rule_of(view) is None:
            raise PermissionDenied
