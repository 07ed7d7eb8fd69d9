"""Who may open a page of the office: the member of staff and their role, asked anew on every request."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import staff_member
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.office.frame import page
from ebok.web.rules import AccessRule, declare
from ebok.web.sign_in_first import network_address, to_sign_in

HOME: Final = "/biuro/"
_STAFF: Final = "ebok.staff"

OfficeView = Callable[..., HttpResponseBase]


def staff_view(action: StaffAction) -> Callable[[OfficeView], OfficeView]:
    """Only for staff whose role allows `action` now; the view is given `staff`.

    Guests are asked to sign in and come back. For customers the office does not exist. Staff of another role
    get 404 for what has a number, and a page that says so for the rest.
    """

    def bind(view: OfficeView) -> OfficeView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request, home=HOME)
            staff = staff_behind(request)
            if not staff.may(action):
                return _another_role(request, staff, numbered=bool(args or kwargs))
            return view(request, *args, staff=staff, **kwargs)

        return declare(guarded, AccessRule.STAFF, action.value)

    return bind


def staff_behind(request: HttpRequest) -> StaffMember:
    """The member of staff who is signed in, asked once a request.

    :raises Http404: for customers and for former staff.
    """
    staff: StaffMember | None = request.META.get(_STAFF)
    if staff is None:
        staff = staff_member(user_id=request.user.pk or 0)
        request.META[_STAFF] = staff
    if staff is None:
        raise Http404
    return staff


def acting_staff(request: HttpRequest) -> Actor:
    """The member of staff behind the request, for the audit trail."""
    staff = staff_behind(request)
    return Actor(kind=ActorKind.STAFF, name=str(staff.user_id), address=network_address(request))


def staff_scope(staff: StaffMember, *, reason: str) -> CustomerScope:
    """All accounts, for the searches and queues of the office; `reason` names which."""
    return CustomerScope.for_staff(None, reason=f"staff:{staff.user_id} {reason}")


def _another_role(request: HttpRequest, staff: StaffMember, *, numbered: bool) -> HttpResponseBase:
    if numbered:
        raise Http404
    return page(request, staff, "office/another_role.html", {}, status=403)
