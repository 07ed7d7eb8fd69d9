"""One calm page of what guards a login."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ebok.portal.scope import signed_in
from ebok.portal.security.frame import page


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show it."""
    return page(request, "overview.html", {})
