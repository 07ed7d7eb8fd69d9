"""What the pages about a login share: the person, and the frame that fits customers or staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ebok.web.sessions import STAFF

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CUSTOMER_LAYOUT: Final = "web/signed_in.html"
STAFF_LAYOUT: Final = "web/base.html"


def page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Answer with a page of the signed-in person, in the frame of customers or in the plain one for staff."""
    staff = STAFF in request.session
    frame = {"layout": STAFF_LAYOUT if staff else CUSTOMER_LAYOUT, "staff": staff}
    return render(request, f"portal/security/{template}", frame | dict(context))


def person(request: HttpRequest) -> "AbstractBaseUser":
    """The signed-in person.

    :raises PermissionDenied: when nobody is; the view's rule lets nobody else come so far.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def when_words(moment: datetime) -> str:
    """A moment as people read it: `22.11.2026, 17:05`."""
    return f"{timezone.localtime(moment):%d.%m.%Y, %H:%M}"
