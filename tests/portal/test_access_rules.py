"""A view that says nothing of who may open it is never shown."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from ebok.access.domain import AccountAction
from ebok.portal.scope import customer_view, signed_in
from ebok.web.rules import AccessRule, DenyByDefault, demo_only, public, rule_of


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


def checked(view: object, request: HttpRequest) -> None:
    DenyByDefault(plain).process_view(request, view, (), {})  # type: ignore[arg-type]


def test_a_view_without_a_rule_is_refused(rf: RequestFactory) -> None:
    with pytest.raises(PermissionDenied):
        checked(plain, rf.get("/"))


@pytest.mark.parametrize(
    ("decorate", "rule"),
    [
        (public, AccessRule.PUBLIC),
        (demo_only, AccessRule.DEMO_ONLY),
        (signed_in, AccessRule.SIGNED_IN),
        (customer_view(AccountAction.SEE_ACCOUNT), AccessRule.CUSTOMER),
    ],
)
def test_a_declared_rule_lets_the_request_through(decorate, rule: AccessRule, rf: RequestFactory) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("shown")

    decorated = decorate(view)
    assert rule_of(decorated) is rule
    checked(decorated, rf.get("/"))


def test_a_view_of_the_demo_does_not_exist_elsewhere(rf: RequestFactory, settings: Settings) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("shown")

    guarded = demo_only(view)
    settings.EBOK_DEMO = True
    assert guarded(rf.get("/")).status_code == 200
    settings.EBOK_DEMO = False
    with pytest.raises(Http404):
        guarded(rf.get("/"))
