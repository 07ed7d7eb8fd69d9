"""Answers to whoever asks whether an invoice is genuine. Asking changes nothing, and nothing asked is kept."""

from typing import Any, Final

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ebok.einvoicing.domain.checks import CheckWay, Finding, plain_token
from ebok.einvoicing.operations.reports import report_suspicious
from ebok.einvoicing.queries.checks import check_file, check_token, check_typed
from ebok.foundation import clock
from ebok.foundation.formats import zloty
from ebok.portal.enrolment.ways import by_phone
from ebok.portal.genuine.forms import CodeForm, FileForm, TypedForm
from ebok.portal.genuine.limits import (
    is_first,
    may_check_code,
    may_check_file,
    may_check_typed,
    may_report,
    may_tell,
)
from ebok.portal.genuine.result import reported, show
from ebok.portal.public_checks import TOO_MANY
from ebok.portal.scope import acting_user
from ebok.web.rules import public

READ: Final = ("GET", "HEAD", "POST")
SHOWN_OF_CODE: Final = 64


@public
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Show the three doors, and how the fraud works."""
    return _doors(request)


@public
@require_http_methods(READ)
def by_code(request: HttpRequest) -> HttpResponse:
    """Take the code printed on an invoice."""
    if request.method != "POST":
        return redirect("genuine")
    form = CodeForm(request.POST)
    if not form.is_valid() or _too_many(form, allowed=may_check_code(request)):
        return _doors(request, code=form)
    return _answer_code(request, form.cleaned_data["code"])


@public
@require_http_methods(READ)
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """The address of a printed code: opening it explains, a press of the button checks."""
    if request.method != "POST":
        return render(request, "portal/genuine/token.html", {"token": token})
    if not may_check_code(request):
        return render(request, "portal/genuine/token.html", {"token": token, "fault": f"{TOO_MANY} {by_phone()}"})
    return _answer_code(request, token)


@public
@sensitive_post_parameters()
@require_http_methods(READ)
def by_typed(request: HttpRequest) -> HttpResponse:
    """Take what stands on an invoice; or, from the page of a finding, show it again to be mended."""
    if request.method != "POST":
        return redirect("genuine")
    if "again" in request.POST:
        return _doors(request, typed=TypedForm(initial=request.POST.dict()))
    form = TypedForm(request.POST)
    if not form.is_valid() or _too_many(form, allowed=may_check_typed(request)):
        return _doors(request, typed=form)
    nrb, number, amount = (form.cleaned_data[name] for name in ("account", "number", "amount"))
    checked = check_typed(nrb=nrb, number=number, amount=amount)
    told = checked.finding is Finding.NOT_OUR_ACCOUNT or may_tell(nrb=nrb, number=number)
    if _too_many(form, allowed=told):
        return _doors(request, typed=form)
    typed = {"account": nrb, "number": number, "amount": zloty(amount)}
    return show(request, checked, way=CheckWay.TYPED, typed=typed)


@public
@require_http_methods(READ)
def by_file(request: HttpRequest) -> HttpResponse:
    """Take the file of an invoice, and forget it."""
    if request.method != "POST":
        return redirect("genuine")
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid() or _too_many(form, allowed=may_check_file(request)):
        return _doors(request, file=form)
    content = form.cleaned_data["file"]
    return show(request, check_file(content=content), way=CheckWay.FILE, typed={}, content=content)


@public
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Put what was found on the office's list: one press."""
    sealed = request.POST.get("report", "")
    found = reported(sealed)
    if found is None:
        return redirect("genuine")
    if not may_report(request):
        return render(request, "portal/genuine/reported.html", {"fault": f"{TOO_MANY} {by_phone()}"})
    now = clock.now()
    if is_first(sealed, now=now):
        report_suspicious(**found, acting=acting_user(request), now=now)
    return redirect("genuine_reported")


@public
@require_safe
def report_taken(request: HttpRequest) -> HttpResponse:
    """Thank for a report, and say what happens now."""
    return render(request, "portal/genuine/reported.html")


def _answer_code(request: HttpRequest, code: str) -> HttpResponse:
    shown = plain_token(code) or "".join(filter(str.isprintable, code))[:SHOWN_OF_CODE]
    return show(request, check_token(typed=code), way=CheckWay.CODE, typed={"code": shown})


def _doors(request: HttpRequest, **tried: BaseForm) -> HttpResponse:
    forms: dict[str, Any] = {"code": CodeForm(), "typed": TypedForm(), "file": FileForm(), **tried}
    form = next(iter(tried.values()), None)
    return render(request, "portal/genuine/doors.html", {"form": form, "forms": forms})


def _too_many(form: BaseForm, *, allowed: bool) -> bool:
    if not allowed:
        form.add_error(None, f"{TOO_MANY} {by_phone()}")
    return not allowed
