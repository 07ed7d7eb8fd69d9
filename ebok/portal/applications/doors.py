"""Who may open which page of the application: the switch, the draft of this browser, the order of the pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ebok.enrolment.domain.applications import ApplicationState, FormPage, first_unanswered
from ebok.portal.applications.keeping import Kept, kept
from ebok.portal.applications.words import CHECK, PAGES, TERMS, PageWords
from ebok.web.rules import public

View = Callable[..., HttpResponseBase]


def switched_on(view: View) -> View:
    """Anybody may open it while applications are taken online; else it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.EBOK_APPLICATIONS:
            raise Http404
        return view(request, *args, **kwargs)

    return public(guarded)


def with_draft(view: View) -> View:
    """Only for a browser with a draft; the view is given `held`. A sent application leads to its state."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        held = kept(request)
        if held is None:
            return redirect("application_back")
        if held.draft.state is not ApplicationState.DRAFT:
            return redirect("application_state")
        return view(request, *args, held=held, **kwargs)

    return switched_on(guarded)


def furthest(held: Kept) -> PageWords:
    """The furthest page that can be opened: the first one with something unanswered."""
    page = first_unanswered(held.draft.answers)
    if page is not None:
        return PAGES[page]
    return TERMS if held.terms_version_id is None else CHECK


def is_open(held: Kept, page: FormPage) -> bool:
    """Whether every page before this one is answered."""
    missing = first_unanswered(held.draft.answers)
    order = list(FormPage)
    return missing is None or order.index(page) <= order.index(missing)
