"""Answers for the list of meters and readings, and for sending one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import AccountAction
from ebok.billing.domain.readings_named import NamedReading
from ebok.billing.queries.descriptions import readings_on_invoices
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.foundation.formats import cubic_metres, long_date
from ebok.metering import queries as metering
from ebok.metering.domain.readings import InstalledMeter, Reading, ReadingReceipt, StoredReading
from ebok.metering.operations.submission import WHAT_NEXT, UnableToSubmitReading, WhyNot, submit_reading
from ebok.portal.looking import READINGS, looked
from ebok.portal.readings.forms import ReadingForm
from ebok.portal.readings.words import REFUSED, difference, history_line, meter_line, stands_out
from ebok.portal.scope import acting_user, chosen_account, customer_view, held_grants

HISTORY_ROWS = 120
EVERYWHERE = "wszystkie"


@customer_view(AccountAction.SEE_READINGS)
@require_safe
def readings(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show the meters to read and what each earlier reading became."""
    today = clock.today()
    looked_at = _looked_at(request, scope)
    scope = looked_at.pop("scope")
    among = metering.installations(scope=scope)
    open_meters = [one for one in among if one.removed_on is None and one.covers(today)]
    known = metering.known_values(among=open_meters, today=today)
    rows = metering.history(among=among, limit=HISTORY_ROWS, replaced=True)
    looked(request, place=READINGS, account_ids=[one.account_id for one in among])
    used = _used(request, scope, rows)
    lines = [meter_line(one, _last(known[one.installation_id]), expired=_expired(one, today)) for one in open_meters]
    context = looked_at | {
        "meters": lines,
        "rows": [history_line(row, used) for row in rows],
        "cut": HISTORY_ROWS if len(rows) == HISTORY_ROWS else 0,
        "several": len({one.serial_number for one in among}) > 1,
    }
    return render(request, "portal/readings/list.html", context)


def _used(request: HttpRequest, scope: CustomerScope, rows: Sequence[StoredReading]) -> dict[NamedReading, Any]:
    """The invoices that name these readings, as far as the person may see invoices of the same accounts."""
    seen = held_grants(request).scope(AccountAction.SEE_INVOICES)
    billed = replace(seen, account_ids=(seen.account_ids or frozenset()) & (scope.account_ids or frozenset()))
    return dict(readings_on_invoices(scope=billed, since=min(row.read_on for row in rows))) if rows else {}


def _looked_at(request: HttpRequest, scope: CustomerScope) -> dict[str, Any]:
    """The premises to show: the one chosen, or all of them when asked to."""
    places, chosen = customers.premises(scope=scope), chosen_account(request, scope)
    everywhere = chosen is None or request.GET.get("lokale") == EVERYWHERE
    return {
        "scope": scope if everywhere or chosen is None else scope.narrowed(chosen),
        "premises": places,
        "chosen": chosen,
        "place": None if everywhere else next((one for one in places if one.account_id == chosen), None),
        "readings_url": reverse("readings"),
    }


@customer_view(AccountAction.SEND_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, installation_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Take a reading of one meter."""
    today = clock.today()
    meter = _meter_in_scope(installation_id, scope, today)
    previous = _last(metering.known_values(among=[meter], today=today)[installation_id])
    if request.method != "POST":
        form = ReadingForm(meter=meter, today=today, initial={"client_id": uuid4(), "read_on": today})
        return _form_page(request, form, previous)
    form = ReadingForm(request.POST, meter=meter, today=today)
    if not form.is_valid():
        return _form_page(request, form, previous)
    try:
        receipt = _send(request, form, scope)
    except UnableToSubmitReading as unable:
        return _refused(request, form, unable, previous)
    return redirect("reading_submitted", installation_id=installation_id, reading_id=receipt.reading_id)


@customer_view(AccountAction.SEND_READINGS)
@require_safe
def submitted(request: HttpRequest, installation_id: int, reading_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Confirm a reading that was sent: what, when, under which number, and what happens next."""
    meter = _meter_in_scope(installation_id, scope, clock.today())
    rows = metering.history(among=[meter], limit=HISTORY_ROWS, replaced=True)
    sent = next((one for one in rows if one.id == reading_id), None)
    if sent is None:
        raise Http404
    known = metering.known_values(among=[meter], today=sent.read_on)[installation_id]
    before = [reading for reading in known if reading.read_on < sent.read_on]
    context = {
        "meter": meter.serial_number,
        "number": str(sent.id),
        "value": cubic_metres(sent.value_m3),
        "day": long_date(sent.read_on),
        "difference": difference(sent.value_m3, _last(before)),
        "status": WHAT_NEXT[sent.status],
        "kind": "done" if sent.status == "accepted" else "soon",
    }
    return render(request, "portal/readings/submitted.html", context)


def _send(request: HttpRequest, form: ReadingForm, scope: CustomerScope) -> ReadingReceipt:
    return submit_reading(
        scope=scope,
        installation_id=form.meter.installation_id,
        submission=form.submission(),
        today=form.today,
        now=clock.now(),
        acting=acting_user(request),
        confirm_to=getattr(request.user, "email", ""),
    )


def _refused(
    request: HttpRequest, form: ReadingForm, unable: UnableToSubmitReading, previous: Reading | None
) -> HttpResponse:
    """Ask for a reason, or say at the field why the reading was not recorded."""
    if unable.reason is WhyNot.NO_SUCH_METER:
        raise Http404
    if unable.assessment is None:
        form.add_error(*REFUSED[unable.reason])
        return _form_page(request, form, previous)
    value = form.cleaned_data["value"]
    form.fields["reason"].required = True
    form.add_error("reason", "Popraw stan albo wybierz powód. Odczyt przyjmiemy i sprawdzimy.")
    question = stands_out(unable.assessment, value=value, previous=previous)
    return _form_page(request, form, previous, question=question)


def _form_page(
    request: HttpRequest, form: ReadingForm, previous: Reading | None, *, question: str = ""
) -> HttpResponse:
    meter = form.meter
    context = {
        "form": form,
        "meter": meter.serial_number,
        "place": meter.place,
        "dials": str(meter.dials),
        "previous": f"{previous.value_m3:f}" if previous else "",
        "previous_words": cubic_metres(previous.value_m3) if previous else "",
        "previous_on": long_date(previous.read_on) if previous else "",
        "question": question,
        "ask_reason": bool(question) or "reason" in form.data,
        "value_errors": "id_value_error" if "value" in form.errors else "",
    }
    return render(request, "portal/readings/submit.html", context)


def _meter_in_scope(installation_id: int, scope: CustomerScope, today: date) -> InstalledMeter:
    for meter in metering.meters(scope=scope, today=today):
        if meter.installation_id == installation_id:
            return meter
    raise Http404


def _last(known: list[Reading]) -> Reading | None:
    return known[-1] if known else None


def _expired(meter: InstalledMeter, today: date) -> bool:
    return meter.verification_valid_until is not None and meter.verification_valid_until < today
