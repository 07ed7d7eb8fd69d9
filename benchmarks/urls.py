"""Every address of the product, and beside it what its pages are measured against.

`/bare/…` is the same view, its queries and its context, without a template; `/empty/` answers nothing.
"""

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from ebok.config import urls
from ebok.portal.invoices.views import invoice_list
from ebok.portal.panel.views import panel
from ebok.portal.scope import customer_view
from ebok.web.rules import public


def without_template(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view's own code, with a `render` that draws nothing."""
    drawn = cast("FunctionType", inspect.unwrap(view))
    names = drawn.__globals__ | {"render": lambda request, template, context: HttpResponse()}
    bare = FunctionType(drawn.__code__, names, drawn.__name__, drawn.__defaults__)
    bare.__kwdefaults__ = drawn.__kwdefaults__
    return customer_view(require_safe(bare))


@public
def empty(request: HttpRequest) -> HttpResponse:
    """Answer nothing."""
    return HttpResponse()


urlpatterns = [
    path("", include(urls)),
    path("bare/faktury/", without_template(invoice_list)),
    path("bare/panel/", without_template(panel)),
    path("empty/", empty),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
