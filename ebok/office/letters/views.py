"""Answers for letters: what waits, the file to print, and the note that it is printed."""

from collections.abc import Iterable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.audit.queries import deeds
from ebok.enrolment.domain import WaitingLetter
from ebok.enrolment.operations import mark_printed
from ebok.enrolment.queries import UnableToPrint, letters_pdf, letters_waiting
from ebok.foundation import clock
from ebok.foundation.formats import moment, short_date
from ebok.office.frame import page
from ebok.office.journal.words import account_numbers_of, deed_lines
from ebok.office.scope import acting_staff, staff_view
from ebok.office.words import counted

PRINTED_SHOWN: Final = 30
NONE_CHOSEN: Final = "Zaznacz list, który chcesz wydrukować."
GONE: Final = "Te listy są już wydrukowane albo ich kody wygasły. Odśwież listę."


@staff_view(StaffAction.PRINT_LETTERS)
@require_safe
def letters(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the letters that wait, and the last ones printed."""
    waiting = [_line(one) for one in letters_waiting(now=clock.now())]
    printed = deeds(account_ids=None, actions=["letter.print"], limit=PRINTED_SHOWN)
    context = {"letters": waiting, "deeds": deed_lines(printed, numbers=account_numbers_of(printed))}
    return page(request, staff, "office/letters/list.html", context)


@staff_view(StaffAction.PRINT_LETTERS)
@require_POST
def pdf(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Give the chosen letters as one PDF. They wait on until somebody notes that they are printed."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, NONE_CHOSEN)
        return redirect("office_letters")
    try:
        content = letters_pdf(letter_ids=chosen, now=clock.now())
    except UnableToPrint:
        messages.info(request, GONE)
        return redirect("office_letters")
    _note(request, chosen)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="listy-{clock.today().isoformat()}.pdf"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@staff_view(StaffAction.PRINT_LETTERS)
@require_POST
def printed(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Note that the chosen letters are printed: their codes can never be read again. Asks once before it does."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, NONE_CHOSEN)
        return redirect("office_letters")
    if request.POST.get("sure") != "tak":
        waiting = [_line(one) for one in letters_waiting(now=clock.now()) if one.id in chosen]
        return page(request, staff, "office/letters/sure.html", {"letters": waiting})
    count = mark_printed(letter_ids=chosen, acting=acting_staff(request), now=clock.now())
    if count:
        messages.success(request, f"Wydrukowano: {counted(count, 'list', 'listy', 'listów')}.")
    else:
        messages.info(request, GONE)
    return redirect("office_letters")


def _chosen(request: HttpRequest) -> set[int]:
    """The letters ticked; what is no number of a letter is left out."""
    typed: Iterable[str] = request.POST.getlist("letter")
    return {int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < 18}  # noqa: PLR2004 (64 bits)


def _note(request: HttpRequest, chosen: set[int]) -> None:
    fact = AuditFact(action="letter.pdf", subject="letters", details={"letters": sorted(chosen)})
    record(facts=[fact], acting=acting_staff(request), now=clock.now())


def _line(one: WaitingLetter) -> dict[str, str]:
    return {
        "id": str(one.id),
        "name": one.name,
        "place": one.address.words,
        "accounts": ", ".join(one.account_numbers),
        "ordered": moment(one.ordered_at),
        "by": "klient" if one.ordered_by_customer else "biuro",
        "until": short_date(one.expires_at.date()),
    }
