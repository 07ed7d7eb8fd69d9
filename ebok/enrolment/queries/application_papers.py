"""The form for access as a file: an application printed, or the empty form."""

from collections.abc import Sequence
from datetime import date

from ebok.billing.domain.visualization import OfficeFacts
from ebok.enrolment.domain.application_views import ApplicationForm, FormText
from ebok.enrolment.domain.applications import ApplicationState
from ebok.enrolment.ports import EnrolmentPapers
from ebok.enrolment.queries.applications import draft
from ebok.foundation.ports import adapter
from ebok.foundation.utility import utility
from ebok.terms.domain import BlockKind, Section, TermsText


def application_pdf(
    *, application_id: int | None, terms: TermsText | None, clause: Sequence[Section], site: str, today: date
) -> bytes | None:
    """Return an application as the paper form, or the empty form for None; None when there is no such application.

    `terms` are the regulations it names, `clause` the information clause printed with it.
    """
    found = None if application_id is None else draft(application_id=application_id)
    if application_id is not None and found is None:
        return None
    form = ApplicationForm(
        number=found.number if found else "",
        answers=found.answers if found else None,
        printed_on=today,
        terms=f"{terms.title}, wersja {terms.version}" if terms else "regulamin eBOK",
        terms_accepted=found is not None and found.state is not ApplicationState.DRAFT,
        clause=tuple(_text(section) for section in clause),
        office=_office(),
        site=site,
    )
    return adapter(EnrolmentPapers).application_form(form)


def _text(section: Section) -> FormText:
    lines: list[str] = []
    for block in section.blocks:
        if block.kind is BlockKind.NUMBERED:
            lines += [f"{at}. {line}" for at, line in enumerate(block.lines, start=block.start)]
        else:
            lines += [f"• {line}" if block.kind is BlockKind.BULLETS else line for line in block.lines]
    return FormText(heading=section.heading, lines=tuple(lines))


def _office() -> OfficeFacts:
    office = utility()
    return OfficeFacts(
        name=office.name,
        short_name=office.short_name,
        address=office.address,
        phone=office.phone,
        alarm_phone=office.alarm_phone,
        office_hours=office.office_hours,
        email=office.email,
        website=office.website,
    )
