"""Answers for the audit trail: rows by account, person and day. Looking at it leaves a row of its own."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import login_of
from ebok.audit.domain import AuditFact, Deed
from ebok.audit.operations import record
from ebok.audit.queries import deeds
from ebok.customers.queries import accounts_by_number
from ebok.foundation import clock
from ebok.office.frame import page
from ebok.office.journal.words import account_numbers_of, deed_lines
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.web.kept import Kept

CHOSEN: Final = Kept(name="office_journal")
ROWS: Final = 50
NUL: Final = {"null_characters_not_allowed": "Wpisz tekst zwykłymi literami."}


class JournalForm(forms.Form):
    """Which rows: of an account, of a person, of a day. Everything may be left empty."""

    account = forms.CharField(
        label="Numer konta", required=False, max_length=256, widget=forms.TextInput(attrs={"class": "w-short"}),
        error_messages={"max_length": "Skróć numer do 256 znaków.", **NUL},
    )  # fmt: skip
    person = forms.CharField(
        label="Login osoby", required=False, max_length=150, widget=forms.TextInput(attrs={"class": "w-short"}),
        error_messages={"max_length": "Skróć login do 150 znaków.", **NUL},
    )  # fmt: skip
    day = forms.DateField(
        label="Dzień", required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short"}),
        error_messages={"invalid": "Wpisz dzień jako 22.11.2026."},
    )  # fmt: skip


@staff_view(StaffAction.SEE_AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Take what to look for, kept in the session and never in an address, and show the rows, newest first."""
    form = JournalForm(request.POST if request.method == "POST" else CHOSEN.get(request.session) or {})
    chosen = dict(form.cleaned_data) if form.is_valid() else {}
    if request.method == "POST" and form.is_valid():
        CHOSEN.put(request.session, {name: str(value or "") for name, value in chosen.items()})
        return redirect("office_journal")
    rows = _rows(staff, chosen, _before(request)) if form.is_valid() else []
    _note(request, chosen)
    shown = rows[:ROWS]
    context = {
        "form": form,
        "deeds": deed_lines(shown, numbers=account_numbers_of(shown)),
        "older": f"?przed={shown[-1].id}" if len(rows) > ROWS else "",
        "newer": "?" if _before(request) else "",
        "chosen": any(chosen.values()),
    }
    return page(request, staff, "office/journal/journal.html", context)


def _rows(staff: StaffMember, chosen: Mapping[str, Any], before: int | None) -> list[Deed]:
    ids, name = None, None
    if number := chosen["account"].strip():
        ids = accounts_by_number(scope=staff_scope(staff, reason="journal"), numbers=[number]).values()
    if login := chosen["person"].strip():
        known = login_of(username=login)
        name = str(known.user_id) if known else login
    since, until = _day(chosen["day"])
    return deeds(account_ids=ids, actor_name=name, limit=ROWS + 1, before_id=before, since=since, until=until)


def _day(day: date | None) -> tuple[datetime | None, datetime | None]:
    """The day in the utility's time zone, from midnight to midnight."""
    if day is None or day.year >= date.max.year:
        return None, None
    first, last = (datetime.combine(one, time()) for one in (day, day + timedelta(days=1)))
    return timezone.make_aware(first), timezone.make_aware(last)


def _before(request: HttpRequest) -> int | None:
    typed = request.GET.get("przed", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None  # noqa: PLR2004 (64 bits)


def _note(request: HttpRequest, chosen: Mapping[str, Any]) -> None:
    by = sorted(name for name, value in chosen.items() if value)
    fact = AuditFact(action="audit.view", subject="audit", details={"by": by})
    record(facts=[fact], acting=acting_staff(request), now=clock.now())
