"""Answers for the pages of the form: who, details, contact, accounts, wish, the regulations."""

from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.enrolment.domain.applications import ApplicantKind, ApplicationState, FormPage
from ebok.enrolment.operations import UnableToApply, save_draft, start_application
from ebok.foundation import clock
from ebok.portal.applications.doors import furthest, is_open, switched_on, with_draft
from ebok.portal.applications.forms import PageForm, PersonForm, TermsForm, WhoForm, form_of
from ebok.portal.applications.keeping import Kept, keep, keep_terms, kept
from ebok.portal.applications.limits import may_start
from ebok.portal.applications.words import CHECK, PAGES, TERMS, PageWords, after, before, progress
from ebok.portal.scope import acting_user
from ebok.terms.queries import terms_in_force
from ebok.web.clause import clause

TOO_MANY: Final = "Za dużo wniosków z tego miejsca. Odczekaj ponad godzinę albo zadzwoń do nas."
METHODS: Final = ["GET", "HEAD", "POST"]


@switched_on
@require_http_methods(METHODS)
def who(request: HttpRequest) -> HttpResponse:
    """Begin an application, or change who asks in one begun here."""
    held = kept(request)
    if held is not None and held.draft.state is not ApplicationState.DRAFT:
        held = None
    if request.method != "POST":
        kind = held.draft.answers.kind if held else None
        return _page(request, PAGES[FormPage.WHO], WhoForm(initial={"client_id": uuid4(), "kind": kind}), held)
    form = WhoForm(request.POST)
    if form.is_valid() and (_changed(form, held) if held else _started(request, form)):
        return redirect(_next(request, PAGES[FormPage.WHO]).url)
    return _page(request, PAGES[FormPage.WHO], form, held)


def _started(request: HttpRequest, form: WhoForm) -> bool:
    if not may_start(request):
        form.add_error("kind", TOO_MANY)
        return False
    made = start_application(
        client_id=form.cleaned_data["client_id"],
        kind=ApplicantKind(form.cleaned_data["kind"]),
        acting=acting_user(request),
        now=clock.now(),
    )
    keep(request, application_id=made.application_id, code=made.code)
    return True


def _changed(form: PageForm, held: Kept) -> bool:
    answers = form.answers(held.draft.answers)
    try:
        save_draft(application_id=held.draft.application_id, answers=answers, pesel=form.pesel(), now=clock.now())
    except UnableToApply:
        # Sent meanwhile in another window: the next page says so.
        return True
    return True


@with_draft
@sensitive_post_parameters()
@require_http_methods(METHODS)
def question(request: HttpRequest, page: FormPage, *, held: Kept) -> HttpResponseBase:
    """Ask one page of questions and keep the answers; none can be skipped."""
    words = PAGES[page]
    if not is_open(held, page):
        return redirect(furthest(held).url)
    form = _form(request, page, held)
    if request.method == "POST" and form.is_valid():
        _changed(form, held)
        return redirect(_next(request, words).url)
    return _page(request, words, form, held)


def _next(request: HttpRequest, words: PageWords) -> PageWords:
    """The page that follows; the check page again for whoever came from it to change one answer."""
    held = kept(request)
    return CHECK if held is not None and furthest(held) is CHECK else after(words)


def _form(request: HttpRequest, page: FormPage, held: Kept) -> PageForm:
    answers = held.draft.answers
    made = form_of(page, answers)
    options: dict[str, Any] = {"given": answers.pesel_given} if made is PersonForm else {}
    if request.method == "POST":
        return made(request.POST, **options)
    return made(initial=made.filled_with(answers), **options)


@with_draft
@require_http_methods(METHODS)
def terms(request: HttpRequest, *, held: Kept) -> HttpResponseBase:
    """Show the regulations and the information clause; ask for acceptance, never ticked beforehand."""
    page = furthest(held)
    if page in PAGES.values():
        return redirect(page.url)
    version = terms_in_force(today=clock.today())
    form = TermsForm(request.POST or None)
    if request.method == "POST" and version and form.is_valid():
        if form.cleaned_data["version"] == version.id:
            keep_terms(request, version_id=version.id)
            return redirect(after(TERMS).url)
        form = TermsForm({})
        form.add_error("accepted", "Regulamin właśnie się zmienił. Przeczytaj nowy i zaznacz zgodę jeszcze raz.")
    more = {"terms": version, "clause": clause()}
    return _page(request, TERMS, form, held, template="portal/applications/terms.html", more=more)


def _page(
    request: HttpRequest,
    words: PageWords,
    form: Any,
    held: Kept | None,
    *,
    template: str = "portal/applications/question.html",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "page": words,
        "back": before(words),
        "steps": progress(words),
        "number": held.draft.number if held else "",
        "code": held.code_words if held else "",
        **(more or {}),
    }
    return render(request, template, context)
