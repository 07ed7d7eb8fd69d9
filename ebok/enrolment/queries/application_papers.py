"""The form for access as a file: an application printed, or the empty form."""

from collections.abc import Callable, Sequence
from datetime import date

from ebok.billing.queries.documents import office_facts
from ebok.enrolment.domain.application_views import ApplicationForm, Draft, FormText
from ebok.enrolment.domain.applications import ApplicationState
from ebok.enrolment.ports import EnrolmentPapers
from ebok.enrolment.queries.applications import draft
from ebok.foundation.ports import adapter
from ebok.terms.domain import BlockKind, Section, TermsText
from ebok.terms.queries import terms_in_force, terms_version


def application_pdf(
    *, application_id: int | None, clause_of: Callable[[str], Sequence[Section]], site: str, today: date
) -> bytes | None:
    """Return an application as the paper form, or the empty form for None; None when there is no such application.

    One that was sent names the regulations accepted with it and has the information clause shown with it; any
    other those of today. `clause_of` gives the clause of a version, of an empty one that of today.
    """
    found = None if application_id is None else draft(application_id=application_id)
    if application_id is not None and found is None:
        return None
    terms = _terms(found, today)
    form = ApplicationForm(
        number=found.number if found else "",
        answers=found.answers if found else None,
        printed_on=today,
        terms=f"{terms.title}, wersja {terms.version}" if terms else "regulamin eBOK",
        terms_accepted=found is not None and found.state is not ApplicationState.DRAFT,
        clause=tuple(_text(section) for section in clause_of(found.clause_version if found else "")),
        office=office_facts(),
        site=site,
    )
    return adapter(EnrolmentPapers).application_form(form)


def _terms(found: Draft | None, today: date) -> TermsText | None:
    if found is None or found.terms_version_id is None:
        return terms_in_force(today=today)
    return terms_version(version_id=found.terms_version_id)


def _text(section: Section) -> FormText:
    lines: list[str] = []
    for block in section.blocks:
        if block.kind is BlockKind.NUMBERED:
            lines += [f"{at}. {line}" for at, line in enumerate(block.lines, start=block.start)]
        else:
            lines += [f"• {line}" if block.kind is BlockKind.BULLETS else line for line in block.lines]
    return FormText(heading=section.heading, lines=tuple(lines))
