"""The page of a finding, and what its report will say."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ebok.einvoicing.domain.checks import Checked, CheckWay, Finding
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.portal.genuine.forms import TypedForm
from ebok.portal.genuine.words import ABROAD, FINDINGS, MISSPELLED, compared
from ebok.web.kept import seal, unseal

_PURPOSE: Final = "genuine.report"
_KEPT_HOURS: Final = 24


def show(
    request: HttpRequest, checked: Checked, *, way: CheckWay, typed: Mapping[str, str], content: bytes | None = None
) -> HttpResponse:
    """Answer with what was found; the page carries, sealed, what a press on its button would report."""
    context = {
        "words": FINDINGS[checked.finding],
        "more": ABROAD if checked.abroad else MISSPELLED if checked.misspelled else "",
        "compare": compared(checked),
        "checked_at": moment(clock.now()),
        "again": _again(request) if way is CheckWay.TYPED and FINDINGS[checked.finding].stops else {},
        "report": _sealed(checked.finding, way, typed, content),
    }
    return render(request, "portal/genuine/result.html", context)


def reported(sealed: str) -> dict[str, Any] | None:
    """What to report, from a page shown here within a day; None for anything else."""
    found = unseal(purpose=_PURPOSE, sealed=sealed)
    if found is None or clock.now().timestamp() - found["at"] > _KEPT_HOURS * 3600:
        return None
    return {
        "way": CheckWay(found["way"]),
        "finding": Finding(found["finding"]),
        "typed": found["typed"],
        "file_sha256": bytes.fromhex(found["sha256"]) or None,
    }


def _again(request: HttpRequest) -> dict[str, str]:
    """What was typed, so that one wrong digit does not mean to copy all the others once more."""
    return {name: request.POST.get(name, "") for name in TypedForm.base_fields}


def _sealed(finding: Finding, way: CheckWay, typed: Mapping[str, str], content: bytes | None) -> str:
    said = {
        "at": clock.now().timestamp(),
        "way": way.value,
        "finding": finding.value,
        "typed": dict(typed),
        "sha256": hashlib.sha256(content).hexdigest() if content is not None else "",
    }
    return seal(purpose=_PURPOSE, value=said)
