"""Answers of sign-in, sign-out and the page of the signed-in person."""

from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from ebok.access.domain import AccountAction
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.portal.scope import CHOSEN, acting_user, customer_view, signed_in
from ebok.portal.sign_in.forms import PremisesForm, SignInForm
from ebok.web.rules import public
from ebok.web.sessions import extend

CLEAR_SITE_DATA: Final = '"cache", "storage"'
"""Not the cookies: signing out ends the session itself, and the looks a person chose stay."""


class SignInView(LoginView):  # type: ignore[misc]
    """Sign-in by login name or e-mail and password."""

    form_class = SignInForm
    template_name = "portal/sign_in/sign_in.html"


sign_in = public(SignInView.as_view())


@public
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask once on GET; on POST end the session and tell the browser to forget what it kept."""
    if request.method == "GET":
        return render(request, "portal/sign_in/sign_out.html")
    if request.user.is_authenticated:
        fact = AuditFact(action="sign_out", subject=f"user:{request.user.pk}")
        record(facts=[fact], acting=acting_user(request), now=clock.now())
        get_adapter(request).logout(request)
    logout(request)
    answer = redirect("/")
    answer["Clear-Site-Data"] = CLEAR_SITE_DATA
    return answer


@signed_in
@require_POST
def extend_session(request: HttpRequest) -> JsonResponse:
    """Note that the person is still there and say how many seconds are left."""
    return JsonResponse({"left": extend(request, now=clock.now().timestamp())})


@customer_view(AccountAction.SEE_ACCOUNT)
@require_POST
def choose_premises(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Remember which premises to look at, and go back."""
    form = PremisesForm(request.POST)
    if not form.is_valid() or not scope.allows(form.cleaned_data["account"]):
        raise Http404
    request.session[CHOSEN] = form.cleaned_data["account"]
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    return redirect(back if safe and back.startswith("/") else "/panel/")
