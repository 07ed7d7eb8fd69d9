"""Answers for entering a form that came on paper, for one entry of the ledger, and for the scan behind it."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import Account, CustomerScope
from ebok.customers.queries import account, accounts_by_number
from ebok.documents.domain import DocumentUnavailable
from ebok.documents.operations import UnableToTakeScan
from ebok.einvoicing.operations.paper_consents import SignedForm, UnableToTakeForm, take_signed_form
from ebok.einvoicing.queries.consents import consent_scan, entry_in_scope, who_decided
from ebok.foundation import clock
from ebok.foundation.encryption import UnableToDecrypt
from ebok.foundation.formats import long_date
from ebok.office import looking
from ebok.office.consents.forms import ConsentForm, ScanForm, kinds
from ebok.office.consents.words import DECISIONS, DEEDS, entry_facts, refused
from ebok.office.frame import page
from ebok.office.scans import NO_SCAN, scan_answer
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.terms.domain import ConsentDeed, ConsentEntry
from ebok.terms.queries import versions
from ebok.web.errors import file_unavailable

LARGEST_ID: Final = 2**63 - 1
NO_ACCOUNT: Final = "Nie ma konta o tym numerze. Sprawdź cyfry."
CHECKED, MENDED = "sprawdzone", "popraw"


@staff_view(StaffAction.ENTER_CONSENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Take what stands on the paper, show it beside what is on file, and record it with its scan."""
    form, scope = _form(request), staff_scope(staff, reason="consents")
    held = _holder(form, scope) if request.method == "POST" and form.is_valid() else None
    if held is None or MENDED in request.POST:
        return page(request, staff, "office/consents/form.html", {"form": form})
    scan = ScanForm(request.POST, request.FILES) if CHECKED in request.POST else ScanForm()
    if scan.is_bound and scan.is_valid():
        entries = _recorded(request, scope, held, form, scan)
        if entries:
            messages.success(request, _said(entries, held))
            return redirect("office_consent", consent_id=entries[0].id)
    if form.errors:
        return page(request, staff, "office/consents/form.html", {"form": form})
    return _checked(request, staff, form, held, scan)


@staff_view(StaffAction.ENTER_CONSENTS)
@require_safe
def one(request: HttpRequest, consent_id: int, *, staff: StaffMember) -> HttpResponse:
    """Show one entry of the ledger: who decided what, when, and what proves it."""
    entry, held = _found(staff, consent_id)
    subject = f"consent:{entry.id}"
    looking.opened(request, action=looking.CONSENT, subject=subject, account_ids=[held.id])
    who = who_decided(entries=[entry])[entry.id]
    context = {
        "facts": entry_facts(entry, number=held.number, who=who),
        "name": held.name,
        "id": str(entry.id),
        "account_id": str(held.id),
        "has_scan": entry.evidence_sha256 is not None,
    }
    return page(request, staff, "office/consents/one.html", context)


@staff_view(StaffAction.ENTER_CONSENTS)
@require_safe
def scan(request: HttpRequest, consent_id: int, *, staff: StaffMember) -> HttpResponse:
    """Give the scan of the form behind an entry; every download is on record."""
    entry, held = _found(staff, consent_id)
    try:
        kept = consent_scan(entry=entry)
    except (DocumentUnavailable, UnableToDecrypt) as fault:
        return file_unavailable(request, fault)
    if kept is None:
        raise Http404
    fact = AuditFact(action="consent.scan", subject=f"consent:{entry.id}", account_id=held.id)
    record(facts=[fact], acting=acting_staff(request), now=clock.now())
    return scan_answer(kept)


def _form(request: HttpRequest) -> ConsentForm:
    today = clock.today()
    texts = {
        decision: [text for text in versions(kind=kind) if text.valid_from <= today]
        for decision, kind in kinds().items()
    }
    data = request.POST if request.method == "POST" else None
    return ConsentForm(data, versions=texts, today=today)


def _holder(form: ConsentForm, scope: CustomerScope) -> Account | None:
    """The account the form names; said at its field when there is none."""
    number = form.cleaned_data["account_number"]
    found = accounts_by_number(scope=scope, numbers=[number]).get(number)
    held = account(scope=scope, account_id=found) if found is not None else None
    if held is None:
        form.add_error("account_number", NO_ACCOUNT)
    return held


def _recorded(
    request: HttpRequest, scope: CustomerScope, held: Account, form: ConsentForm, scan: ScanForm
) -> Sequence[ConsentEntry]:
    said = form.cleaned_data
    signed = SignedForm(
        account_id=held.id,
        signed_by=said["signed_by"],
        signed_on=said["signed_on"],
        decisions=form.signed_decisions(),
    )
    try:
        return take_signed_form(
            scope=scope.narrowed(held.id), form=signed, scan=scan.cleaned_data["scan"], today=clock.today(),
            acting=acting_staff(request), now=clock.now(),
        )  # fmt: skip
    except UnableToTakeScan as unable:
        scan.add_error("scan", NO_SCAN[unable.reason])
    except UnableToTakeForm as unable:
        form.add_error(*refused(unable.reason, unable.decision))
    return ()


def _checked(
    request: HttpRequest, staff: StaffMember, form: ConsentForm, held: Account, scan: ScanForm
) -> HttpResponse:
    """What was typed beside what is on file: whose data this shows is on record."""
    looking.opened(request, action=looking.CONSENT, subject=f"account:{held.id}", account_ids=[held.id])
    said = form.cleaned_data
    deed = ConsentDeed(said["deed"])
    typed = [(name, value) for name in form.fields for value in request.POST.getlist(name) if value]
    context: dict[str, Any] = {
        "form": scan,
        "typed": typed,
        "facts": [
            ("Konto klienta", held.number),
            ("Na koncie jest", f"{held.name}, {held.address.words}"),
            *([("Konto zamknięte", long_date(held.closed_on))] if held.closed_on else []),
            ("Podpisał", said["signed_by"]),
            ("Dzień podpisu", long_date(said["signed_on"])),
            ("Co mówi formularz", DEEDS[deed]),
            *((DECISIONS[one.decision].capitalize(), one.address or "tak") for one in form.signed_decisions()),
        ],
        "differs": said["signed_by"].casefold() != held.name.casefold(),
    }
    return page(request, staff, "office/consents/check.html", context)


def _said(entries: Sequence[ConsentEntry], held: Account) -> str:
    what = ", ".join(DECISIONS[entry.decision] for entry in entries)
    return f"Zapisane przy koncie {held.number}: {what}. Działa od {long_date(entries[0].effective_from)}."


def _found(staff: StaffMember, consent_id: int) -> tuple[ConsentEntry, Account]:
    """An entry and its account.

    :raises Http404: when there is none.
    """
    scope = staff_scope(staff, reason="consents")
    entry = entry_in_scope(scope=scope, entry_id=consent_id) if consent_id <= LARGEST_ID else None
    held = account(scope=scope, account_id=entry.account_id) if entry else None
    if entry is None or held is None:
        raise Http404
    return entry, held
