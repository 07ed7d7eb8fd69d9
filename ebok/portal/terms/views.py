"""Answers for whoever reads the regulations (art. 8 UŚUDE: free, before any contract, to be kept)."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ebok.foundation import clock
from ebok.portal.terms.words import listed, when_words
from ebok.terms.domain import TermsText, version_in_force
from ebok.terms.queries import versions
from ebok.web.rules import public


@public
@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """Show the version in force and name the others."""
    today, every = clock.today(), versions()
    return render(request, "portal/terms/text.html", _page(version_in_force(every, today=today), every, today))


@public
@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show one version, whether it is in force, was, or will be."""
    every = versions()
    return render(request, "portal/terms/text.html", _page(_one(every, version_id), every, clock.today()))


@public
@require_safe
def file(request: HttpRequest, version_id: int) -> HttpResponse:
    """Send the exact text of one version to be saved; its SHA-256 is the one the page names."""
    found = _one(versions(), version_id)
    name = f"regulamin-ebok-{found.valid_from.isoformat()}.txt"
    answer = HttpResponse(found.text.encode(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _one(every: list[TermsText], version_id: int) -> TermsText:
    for one in every:
        if one.id == version_id:
            return one
    raise Http404


def _page(shown: TermsText | None, every: list[TermsText], today: date) -> dict[str, Any]:
    return {
        "terms": shown,
        "when": "" if shown is None else when_words(shown, today=today),
        "now": shown is not None and shown.in_force(today),
        "sha256": "" if shown is None else shown.sha256.hex(),
        "others": [listed(one, today=today) for one in every if shown is None or one.id != shown.id],
    }
