"""Answers for letters: what waits, the file to print, and the note that it is printed."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import login_names
from ebok.audit.queries import deeds
from ebok.enrolment.domain import WaitingLetter
from ebok.enrolment.operations import LETTERS_AT_ONCE, fetch_letters, mark_printed
from ebok.enrolment.queries import PrintRefusal, UnableToPrint, last_day, letters_waiting
from ebok.foundation import clock
from ebok.foundation.formats import moment, short_date
from ebok.office import looking
from ebok.office.frame import page
from ebok.office.journal.words import account_numbers_of, deed_lines
from ebok.office.letters.forms import FetchForm
from ebok.office.scope import acting_staff, staff_view
from ebok.office.words import counted

PRINTED_SHOWN: Final = 30
NONE_CHOSEN: Final = "Zaznacz list, który chcesz wydrukować."
ASK_WHY: Final = "Ktoś pobrał już jeden z tych listów. Wpisz, dlaczego pobierasz go jeszcze raz."
SENTENCES: Final = {
    PrintRefusal.TOO_MANY: f"Zaznacz najwyżej {LETTERS_AT_ONCE} listów.",
    PrintRefusal.KEY_LOST: "Kodu jednego z listów nie da się odczytać. Powiedz o tym administratorowi.",
}
GONE: Final = "Te listy są już wydrukowane albo ich kody wygasły. Odśwież listę."


@staff_view(StaffAction.PRINT_LETTERS)
@require_safe
def letters(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the letters that wait, and the last ones printed."""
    return _list(request, staff, FetchForm(), chosen=None)


@staff_view(StaffAction.PRINT_LETTERS)
@require_POST
def pdf(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Give the chosen letters as one PDF. They wait on until somebody notes that they are printed."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, NONE_CHOSEN)
        return redirect("office_letters")
    form = FetchForm(request.POST)
    if not form.is_valid():
        return _list(request, staff, form, chosen=chosen)
    try:
        content = fetch_letters(
            letter_ids=chosen, reason=form.cleaned_data["why"], acting=acting_staff(request), now=clock.now()
        )
    except UnableToPrint as unable:
        if unable.reason is PrintRefusal.NEEDS_REASON:
            form.add_error("why", ASK_WHY)
            return _list(request, staff, form, chosen=chosen)
        messages.info(request, SENTENCES.get(unable.reason, GONE))
        return redirect("office_letters")
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
        waiting = [_line(one, {}) for one in letters_waiting(now=clock.now()) if one.id in chosen]
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


def _list(request: HttpRequest, staff: StaffMember, form: FetchForm, *, chosen: set[int] | None) -> HttpResponse:
    """The first letters that wait; ticked are those chosen, None for all."""
    waiting = letters_waiting(now=clock.now())
    shown = waiting[:LETTERS_AT_ONCE]
    looking.listed(request, action=looking.LETTERS_LISTED, rows=len(shown))
    names = login_names(user_ids={int(one.fetched_by) for one in shown if one.fetched_by.isdecimal()})
    printed = deeds(account_ids=None, actions=["letter.print"], limit=PRINTED_SHOWN)
    context = {
        "letters": [_line(one, names) | {"ticked": chosen is None or one.id in chosen} for one in shown],
        "form": form,
        "ask_why": any(one.fetched_at for one in shown),
        "more": str(len(waiting) - len(shown)) if len(waiting) > len(shown) else "",
        "deeds": deed_lines(printed, numbers=account_numbers_of(printed)),
    }
    return page(request, staff, "office/letters/list.html", context)


def _fetched(one: WaitingLetter, names: Mapping[int, str]) -> str:
    if one.fetched_at is None:
        return ""
    who = names.get(int(one.fetched_by), "") if one.fetched_by.isdecimal() else ""
    return f"{moment(one.fetched_at)}, {who or one.fetched_by}"


def _line(one: WaitingLetter, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "place": one.address.words,
        "accounts": ", ".join(one.account_numbers),
        "ordered": moment(one.ordered_at),
        "fetched": _fetched(one, names),
        "by": "klient" if one.ordered_by_customer else "biuro",
        "until": short_date(last_day(one.expires_at)),
    }
