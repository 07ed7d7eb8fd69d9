"""Which application a browser works on: kept in its session, the code encrypted."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from ebok.access.domain import grouped
from ebok.enrolment.domain.application_views import Draft
from ebok.enrolment.queries.applications import draft
from ebok.web.kept import seal, unseal

KEPT: Final = "application"
PURPOSE: Final = "portal.application_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The application of this browser: as it stands, its code (ungrouped), and the regulations accepted, if any."""

    draft: Draft
    code: str
    terms_version_id: int | None = None

    @property
    def code_words(self) -> str:
        """The code as people copy it."""
        return grouped(self.code)


def keep(request: HttpRequest, *, application_id: int, code: str) -> None:
    """Let this browser go on with an application. The session gets a new key: a planted one is worth nothing."""
    request.session.cycle_key()
    request.session[KEPT] = {"id": application_id, "code": seal(purpose=PURPOSE, value=code), "terms": None}


def kept(request: HttpRequest) -> Kept | None:
    """The application of this browser, None when it has none, or it was forgotten meanwhile."""
    held = request.session.get(KEPT)
    if held is None:
        return None
    found, code = draft(application_id=held["id"]), unseal(purpose=PURPOSE, sealed=held["code"])
    return None if found is None or code is None else Kept(draft=found, code=code, terms_version_id=held["terms"])


def keep_terms(request: HttpRequest, *, version_id: int) -> None:
    """Remember which regulations were accepted, until the application is sent."""
    request.session[KEPT] = {**request.session[KEPT], "terms": version_id}


def leave(request: HttpRequest) -> None:
    """Forget the application on this device; the draft itself stays."""
    request.session.pop(KEPT, None)
