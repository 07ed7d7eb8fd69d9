"""Who may open a page of the office: the member of staff and their role, asked anew on every request."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ebok.access.domain import OpenVisit, StaffAction, StaffMember
from ebok.access.queries import staff_member, visit_of
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import account
from ebok.office.frame import page
from ebok.web.rules import AccessRule, declare
from ebok.web.second_factor import lacks_second_factor
from ebok.web.sign_in_first import network_address, to_sign_in

HOME: Final = "/biuro/"
_STAFF: Final = "ebok.staff"

OfficeView = Callable[..., HttpResponseBase]


def staff_view(action: StaffAction) -> Callable[[OfficeView], OfficeView]:
    """Only for staff whose role allows `action` now; the view is given `staff`.

    Guests are asked to sign in and come back. Staff without a second factor set one up first (ASVS 6.3.3); only
    logins of the demo do without, in a demo. For customers the office does not exist. Staff of another role
    get 404 for what has a number, and a page that says so for the rest.
    """

    def bind(view: OfficeView) -> OfficeView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request, home=HOME)
            staff = staff_behind(request)
            if lacks_second_factor(request, is_demo=staff.is_demo and settings.EBOK_DEMO):
                return redirect("set_up_second_factor")
            if not staff.may(action):
                return _another_role(request, staff, numbered=bool(args or kwargs))
            return view(request, *args, staff=staff, **kwargs)

        return declare(guarded, AccessRule.STAFF, action.value)

    return bind


def customer_opened(action: StaffAction) -> Callable[[OfficeView], OfficeView]:
    """Only for staff who may do `action` and have opened the customer `account_id` with a reason in this session.

    The view is given `staff`, and `scope`: this account, for the reason typed. Without a visit one is led to
    the page that asks for the reason.
    """

    def bind(view: OfficeView) -> OfficeView:
        @wraps(view)
        def guarded(
            request: HttpRequest, account_id: int, *args: object, staff: StaffMember, **kwargs: object
        ) -> HttpResponseBase:
            visit = visit_here(request, staff, account_id)
            if visit is None:
                messages.info(request, "Najpierw wpisz, po co otwierasz tego klienta.")
                return redirect("office_customer", account_id=account_id)
            return view(request, account_id, *args, staff=staff, scope=scope_of(visit), **kwargs)

        return staff_view(action)(guarded)

    return bind


def visit_here(request: HttpRequest, staff: StaffMember, account_id: int) -> OpenVisit | None:
    """The visit to this customer that is open in this session, None before its reason was typed.

    :raises Http404: when there is no such account, or the role may not open customers.
    """
    visit = visit_of(session_key=request.session.session_key or "", account_id=account_id)
    known = CustomerScope.for_staff(frozenset({account_id}), reason=f"staff:{staff.user_id} open")
    if not staff.may(StaffAction.OPEN_CUSTOMER) or account(scope=known, account_id=account_id) is None:
        raise Http404
    return visit if visit and visit.staff_id == staff.user_id else None


def scope_of(visit: OpenVisit) -> CustomerScope:
    """The one account of a visit, for its reason."""
    return CustomerScope.for_staff(frozenset({visit.account_id}), reason=visit.reason)


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
