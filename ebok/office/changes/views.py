"""Answers for requests to change data of the agreement: what waits, and deciding one."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import login_names
from ebok.customers.domain import DataChange, DataField, RequestState
from ebok.customers.operations import UnableToDecideData, decide_data_change
from ebok.customers.queries import account, data_change, waiting_data_changes
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.office import looking
from ebok.office.customers.forms import ReasonField
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.office.words import waiting_for

APPROVE, REFUSE = "zgoda", "odmowa"
NO_REASON: Final = "Napisz, dlaczego odmawiasz: co najmniej 3 litery."
ALREADY: Final = "Ktoś już zdecydował o tej zmianie. Nic nie zmieniliśmy."


class ChangeForm(forms.Form):
    """What becomes of a request; a refusal needs a reason."""

    decision = forms.ChoiceField(
        label="Decyzja",
        choices=((APPROVE, "Zgoda: przekaż zmianę do systemu rozliczeń"), (REFUSE, "Odmowa")),
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz decyzję.", "invalid_choice": "Wybierz decyzję z listy."},
    )
    reason = ReasonField(
        label="Powód", help_text="Zobaczy go klient. Przy odmowie jest potrzebny.", ask=NO_REASON, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == REFUSE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", NO_REASON)
        return cleaned


@staff_view(StaffAction.DECIDE_DATA_CHANGES)
@require_safe
def changes(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the requests nobody has decided, the longest waiting first."""
    waiting = waiting_data_changes(scope=staff_scope(staff, reason="data changes"))
    names = login_names(user_ids={one.asked_by for one in waiting})
    looking.listed(request, action=looking.DATA_CHANGES_LISTED, rows=len(waiting))
    return page(request, staff, "office/changes/list.html", {"changes": [_line(one, names) for one in waiting]})


@staff_view(StaffAction.DECIDE_DATA_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, request_id: int, *, staff: StaffMember) -> HttpResponse:
    """Approve one request or refuse it."""
    asked = data_change(scope=staff_scope(staff, reason="data changes"), request_id=request_id)
    if asked is None:
        raise Http404
    if asked.state is not RequestState.WAITING:
        messages.info(request, ALREADY)
        return redirect("office_changes")
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _decide(request, staff, request_id, form)
        return redirect("office_changes")
    subject = f"data_change:{asked.id}"
    looking.opened(request, action=looking.DATA_CHANGE, subject=subject, account_ids=[asked.account_id])
    line = _line(asked, login_names(user_ids={asked.asked_by})) | {"present": _present(staff, asked)}
    return page(request, staff, "office/changes/decide.html", {"form": form, "asked": line})


def _present(staff: StaffMember, asked: DataChange) -> str:
    """What stands on the account now in place of what is wanted; empty for what no one field holds."""
    held = account(scope=staff_scope(staff, reason="data changes"), account_id=asked.account_id)
    if held is None:
        return ""
    fields = {
        DataField.NAME: held.name,
        DataField.HOLDER: held.name,
        DataField.SERVICE_ADDRESS: held.address.words,
        DataField.NIP: held.nip or "brak",
    }
    return fields.get(asked.what, "")


def _decide(request: HttpRequest, staff: StaffMember, request_id: int, form: ChangeForm) -> None:
    approve = form.cleaned_data["decision"] == APPROVE
    try:
        decide_data_change(
            scope=staff_scope(staff, reason="data changes"), request_id=request_id, approve=approve,
            reason=form.cleaned_data["reason"], acting=acting_staff(request), now=clock.now(),
        )  # fmt: skip
    except UnableToDecideData:
        messages.info(request, ALREADY)
        return
    words = "Zmiana pójdzie do systemu rozliczeń." if approve else "Odmowa zapisana."
    messages.success(request, f"{words} Klient dostanie wiadomość.")


def _line(one: DataChange, names: dict[int, str]) -> dict[str, str]:
    return {
        "id": str(one.id),
        "account_id": str(one.account_id),
        "account": one.account_number,
        "what": one.what.word,
        "wanted": one.wanted,
        "why": one.why,
        "who": names.get(one.asked_by, ""),
        "since": moment(one.asked_at),
        "age": waiting_for(clock.now() - one.asked_at),
    }
