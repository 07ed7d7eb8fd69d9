"""Going without a password: signing in by passkeys alone."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ebok.access.operations.factors import remove_password as leave_passkeys_only
from ebok.access.queries.factors import may_go_without_password
from ebok.foundation import clock
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security.frame import page, person
from ebok.web.step_up import fresh_sign_in


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def remove_password(request: HttpRequest) -> HttpResponse:
    """Remove the password of somebody with two passkeys, or one and recovery codes. Their other sessions end."""
    user = person(request)
    if not user.has_usable_password() or not request.user.is_authenticated:
        return redirect("security")
    if request.method == "POST":
        if leave_passkeys_only(user_id=user.pk, acting=acting_user(request), now=clock.now()):
            request.user.refresh_from_db()
            update_session_auth_hash(request, request.user)
            messages.success(request, "Hasło jest usunięte. Od teraz logujesz się kluczem.")
        return redirect("security")
    return page(request, "no_password.html", {"may": may_go_without_password(user_id=user.pk)})
