"""The frame around every page of the office: who is signed in, the places of their role, the keys."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ebok.access.domain import StaffAction, StaffMember
from ebok.web.office_places import office_places

KEYS_COOKIE: Final = "skroty"
KEYS_OFF: Final = "nie"
KEYS_ON: Final = "tak"


def page(
    request: HttpRequest, staff: StaffMember, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a page of the office."""
    return render(request, template, frame(request, staff) | dict(context), status=status)


def frame(request: HttpRequest, staff: StaffMember) -> dict[str, Any]:
    """What `web/office.html` needs: `staff_name`, `staff_role`, `office_places`, `may_search`, `keys`."""
    return {
        "staff_name": staff.full_name or staff.username,
        "staff_role": staff.role.word,
        "office_places": office_places(role=staff.role, path=request.path),
        "may_search": staff.may(StaffAction.SEARCH_CUSTOMERS),
        "keys": request.COOKIES.get(KEYS_COOKIE) != KEYS_OFF,
    }
