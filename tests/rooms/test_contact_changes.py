"""A holder's change holds at once, outlives imports, and gives way to a later value of the billing system."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from ebok.access.models import User
from ebok.access.operations import create_user, grant
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import (
    WAITING_AT_MOST,
    Account,
    Address,
    ContactChanged,
    ContactField,
    CustomerScope,
    DataChangeDecided,
    DataField,
    LastWord,
    RegistryRow,
    RequestState,
    effective,
    search_terms,
    superseded,
)
from ebok.customers.models import ContactChange, CustomerAccount, DataChangeDecision, DataChangeRequest
from ebok.customers.operations import (
    ContactRefusal,
    DataRefusal,
    UnableToAskForData,
    UnableToChangeContact,
    UnableToDecideData,
    ask_for_data_change,
    change_contact,
    change_correspondence,
    decide_data_change,
    register_accounts,
)
from ebok.customers.queries import account, accounts, data_changes, search, waiting_data_changes
from ebok.foundation import clock
from ebok.jobs.tasks import tell_of_contact_change, tell_of_data_decision
from ebok.notifications.models import OutgoingMessage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = Actor(kind=ActorKind.USER, name="1")
CLERK = Actor(kind=ActorKind.STAFF, name="7")
JOB = Actor(kind=ActorKind.COMMAND, name="import_registry")
WHOLE = CustomerScope.whole(acting="tests")
NOBODY = CustomerScope.for_accounts(frozenset(), reason="tests")
FLAT = Address(street="ul. Kwiatowa", house="7", flat="3", postal_code="05-402", city="Otwock")
MAILS = ("a@example.com", "b@example.com", "c@example.com")
_HOME = {"street": "ul. Polna", "house": "1", "flat": "", "postal_code": "05-400", "city": "Otwock"}


def deliver(number: str = "K1", **values: str) -> int:
    """Import one account with these values; returns its id."""
    whole = {"kind": "person", "name": "Anna Nowak", **_HOME, "email": "", "phone": "", **values}
    register_accounts(rows=[RegistryRow(line=1, key=number, values=whole)], acting=JOB, now=NOW)
    return CustomerAccount.objects.get(number=number).id


def of(account_id: int) -> CustomerScope:
    return CustomerScope.for_accounts(frozenset({account_id}), reason="tests")


def seen(account_id: int) -> Account:
    found = account(scope=of(account_id), account_id=account_id)
    assert found is not None
    assert [found] == accounts(scope=of(account_id))
    return found


def mail(account_id: int, value: str) -> bool:
    return change_contact(
        scope=of(account_id), account_id=account_id, field=ContactField.EMAIL, value=value, acting=ANNA, now=NOW
    )


def move(account_id: int, address: Address | None = FLAT, scope: CustomerScope | None = None) -> bool:
    return change_correspondence(
        scope=scope or of(account_id), account_id=account_id, address=address, acting=ANNA, now=NOW
    )


def ask(account_id: int, **more: Any) -> int:
    values: dict[str, Any] = {
        "scope": of(account_id),
        "account_id": account_id,
        "what": DataField.NAME,
        "wanted": "Anna Kowalska",
        "why": "ślub",
        "asked_by": 1,
        "acting": ANNA,
        "now": NOW,
    }
    return ask_for_data_change(**(values | more))


def decide(request_id: int, *, approve: bool = True, reason: str = "", scope: CustomerScope = WHOLE) -> None:
    decide_data_change(scope=scope, request_id=request_id, approve=approve, reason=reason, acting=CLERK, now=NOW)


@given(st.sampled_from(MAILS), st.sampled_from(MAILS), st.sampled_from(MAILS))
def test_a_change_holds_exactly_while_the_registry_says_what_it_said(registry: str, then: str, new: str) -> None:
    last = LastWord(new=new, registry_value=then)
    assert effective(registry=registry, last=last) == (new if registry == then else registry)
    assert superseded(registry=registry, last=last) == (registry != then)
    assert effective(registry=registry, last=None) == registry


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(MAILS)), max_size=8))
def test_whatever_is_changed_and_delivered_the_later_news_wins_and_nothing_old_comes_back(
    events: list[tuple[bool, str]],
) -> None:
    """The model: a change is laid over the registry, and taken away by the first delivery of another value."""
    with transaction.atomic():
        account_id = deliver(email=MAILS[0])
        registry, laid_over = MAILS[0], ""
        for by_holder, value in events:
            if by_holder:
                mail(account_id, value)
                laid_over = value
            else:
                deliver(email=value)
                laid_over = laid_over if value == registry else ""
                registry = value
            assert seen(account_id).email == (laid_over or registry)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_letters_go_to_the_new_address_at_once_and_still_do_after_an_import_of_the_same() -> None:
    account_id = deliver()
    assert move(account_id) is True
    assert move(account_id) is False
    deliver()
    deliver(email="nowy@example.com")
    assert seen(account_id).correspondence == FLAT
    assert seen(account_id).address.street == "ul. Polna"
    deliver(correspondence_street="ul. Inna", correspondence_house="2", correspondence_flat="",
            correspondence_postal_code="05-402", correspondence_city="Otwock")  # fmt: skip
    assert seen(account_id).correspondence.street == "ul. Inna"


@pytest.mark.django_db
def test_letters_can_go_back_to_the_premises() -> None:
    account_id = deliver(correspondence_street="ul. Inna", correspondence_house="2", correspondence_flat="",
                         correspondence_postal_code="05-402", correspondence_city="Otwock")  # fmt: skip
    assert move(account_id, None)
    assert not seen(account_id).correspondence
    assert seen(account_id).address.house == "1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        Address(street="ul. Polna", house="", flat="", postal_code="05-400", city="Otwock"),
        Address(street="ul. Polna", house="1", flat="", postal_code="05400", city="Otwock"),
        Address(street="ul. Polna", house="1", flat="", postal_code="٠٥-٤٠٠", city="Otwock"),
        Address(street="ul. Polna", house="1", flat="", postal_code="05-400", city=""),
        Address(street="ul. Polna\n", house="1", flat="", postal_code="05-400", city="Otwock"),
        Address(street="u" * 121, house="1", flat="", postal_code="05-400", city="Otwock"),
        Address(street="", house="", flat="", postal_code="", city=""),
    ],
)
def test_an_address_no_letter_reaches_is_refused(address: Address) -> None:
    account_id = deliver()
    with pytest.raises(UnableToChangeContact) as refused:
        move(account_id, address)
    assert refused.value.reason is ContactRefusal.UNFIT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        (ContactField.EMAIL, "anna"),
        (ContactField.EMAIL, "a@b@c"),
        (ContactField.EMAIL, "a\n@example.com"),
        (ContactField.PHONE, "600700800"),
        (ContactField.PHONE, "+48 600 700 800"),
        (ContactField.PHONE, "+48٦00700800"),
        (ContactField.CORRESPONDENCE, "ul. Polna 1"),
    ],
)
def test_what_is_no_contact_is_refused(field: ContactField, value: str) -> None:
    account_id = deliver()
    with pytest.raises(UnableToChangeContact) as refused:
        change_contact(scope=of(account_id), account_id=account_id, field=field, value=value, acting=ANNA, now=NOW)
    assert refused.value.reason is ContactRefusal.UNFIT


@pytest.mark.django_db
def test_nobody_changes_or_asks_or_decides_for_an_account_that_is_not_theirs() -> None:
    account_id = deliver()
    request = ask(account_id)
    with pytest.raises(UnableToChangeContact) as unchanged:
        move(account_id, scope=NOBODY)
    with pytest.raises(UnableToAskForData) as unasked:
        ask(account_id, scope=NOBODY)
    with pytest.raises(UnableToDecideData) as undecided:
        decide(request, scope=NOBODY)
    reasons = [unchanged.value.reason, unasked.value.reason, undecided.value.reason]
    assert reasons == [ContactRefusal.NOT_YOURS, DataRefusal.NOT_YOURS, DataRefusal.NOT_YOURS]
    assert data_changes(scope=NOBODY, limit=9) == []
    assert waiting_data_changes(scope=NOBODY) == []


@pytest.mark.django_db
def test_a_change_is_on_record_and_told_to_every_contact_the_old_one_too() -> None:
    account_id = deliver(email="stara@example.com", phone="+48600700800")
    mail(account_id, "Nowa@example.com")
    job = ProcrastinateJob.objects.get(task_name="customers.contact_changed")
    assert "example.com" not in json.dumps(job.args)
    tell_of_contact_change(ContactChanged(**job.args))
    told = dict(OutgoingMessage.objects.values_list("recipient", "channel"))
    assert told == {"stara@example.com": "email", "nowa@example.com": "email", "+48600700800": "sms"}
    assert set(OutgoingMessage.objects.values_list("kind", "context__what")) == {("details_changed", "adres e-mail")}
    row = AuditRow.objects.get(action="customers.contact_changed")
    assert (row.account_id, row.details, row.actor_name) == (account_id, {"field": "email"}, "1")


@pytest.mark.django_db
def test_the_office_finds_a_customer_by_the_new_contact() -> None:
    account_id = deliver(email="stara@example.com")
    mail(account_id, "nowa@example.com")
    change_contact(
        scope=of(account_id),
        account_id=account_id,
        field=ContactField.PHONE,
        value="+48600700800",
        acting=ANNA,
        now=NOW,
    )
    for typed in ("NOWA@example.com", "600 700 800", "+48 600700800"):
        assert [one.account_id for one in search(scope=WHOLE, terms=search_terms(typed), limit=5)] == [account_id]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ContactChange, DataChangeRequest, DataChangeDecision])
def test_what_was_changed_asked_and_decided_is_never_rewritten(model: Any) -> None:
    account_id = deliver()
    move(account_id)
    decide(ask(account_id))
    for attack in (lambda: model.objects.update(id=9), lambda: model.objects.all()._raw_delete(using="default")):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            attack()


@pytest.mark.django_db
def test_a_request_waits_is_decided_once_and_leaves_the_registry_as_it_is() -> None:
    account_id = deliver()
    request = ask(account_id, wanted="  Anna Kowalska ")
    [waiting] = waiting_data_changes(scope=WHOLE)
    assert (waiting.id, waiting.state, waiting.wanted, waiting.asked_by) == (
        request, RequestState.WAITING, "Anna Kowalska", 1,
    )  # fmt: skip
    decide(request)
    assert waiting_data_changes(scope=WHOLE) == []
    [decided] = data_changes(scope=of(account_id), limit=9)
    assert (decided.state, decided.decided_at) == (RequestState.APPROVED, NOW)
    assert seen(account_id).name == "Anna Nowak"
    with pytest.raises(UnableToDecideData) as again:
        decide(request)
    assert again.value.reason is DataRefusal.DECIDED_ALREADY


@pytest.mark.django_db
def test_a_refusal_needs_a_reason_and_whoever_asked_is_told_it() -> None:
    account_id = deliver()
    user = create_user(
        username="anna", password="zielony traktor liczy gwiazdy", email="anna@example.com", full_name="Anna Nowak",
        acting=ANNA, now=NOW,
    )  # fmt: skip
    grant(scope=WHOLE, username="anna", account_number="K1", ground="umowa", today=clock.today(), acting=ANNA, now=NOW)
    request = ask(account_id, asked_by=User.objects.get(username="anna").id)
    with pytest.raises(UnableToDecideData) as refused:
        decide(request, approve=False, reason="  ")
    assert refused.value.reason is DataRefusal.NO_REASON
    decide(request, approve=False, reason="Brakuje aktu małżeństwa.")
    job = ProcrastinateJob.objects.get(task_name="customers.data_change_decided")
    tell_of_data_decision(DataChangeDecided(**job.args))
    message = OutgoingMessage.objects.get()
    assert (message.recipient, message.context["reason"]) == ("anna@example.com", "Brakuje aktu małżeństwa.")
    assert message.context["decision"] == "Nie zmienimy tych danych."
    User.objects.update(closed_at=NOW)
    tell_of_data_decision(DataChangeDecided(**job.args))
    assert OutgoingMessage.objects.count() == 1
    assert user


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"wanted": " "}, DataRefusal.UNFIT),
        ({"why": ""}, DataRefusal.UNFIT),
        ({"wanted": "x" * 501}, DataRefusal.UNFIT),
        ({"why": "mój PESEL to 44051401359"}, DataRefusal.PESEL),
        ({"wanted": "440514-01 359"}, DataRefusal.PESEL),
    ],
)
def test_a_request_that_says_nothing_too_much_or_a_pesel_is_refused(more: dict[str, str], reason: DataRefusal) -> None:
    account_id = deliver()
    with pytest.raises(UnableToAskForData) as refused:
        ask(account_id, **more)
    assert refused.value.reason is reason
    assert DataChangeRequest.objects.count() == 0


@pytest.mark.django_db
def test_the_same_is_asked_once_and_only_so_much_waits() -> None:
    account_id = deliver()
    ask(account_id)
    with pytest.raises(UnableToAskForData) as again:
        ask(account_id)
    assert again.value.reason is DataRefusal.ASKED_ALREADY
    for _ in range(WAITING_AT_MOST - 1):
        ask(account_id, what=DataField.OTHER)
    with pytest.raises(UnableToAskForData) as much:
        ask(account_id, what=DataField.NIP)
    assert much.value.reason is DataRefusal.TOO_MANY


@pytest.fixture
def exported(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, str]]:
    def run(*arguments: str) -> tuple[str, str]:
        call_command("export_contacts", *arguments)
        said = capsys.readouterr()
        return said.out, said.err

    return run


@pytest.mark.django_db
def test_the_billing_system_pulls_changes_and_approved_requests_once_each(
    exported: Callable[..., tuple[str, str]],
) -> None:
    first, second = deliver(email="stara@example.com"), deliver("K2")
    mail(first, "nowa@example.com")
    move(second)
    decide(ask(first))
    decide(ask(second), approve=False, reason="nie")
    told = json.loads(exported()[0])
    assert [(one["id"], one["account_number"], one["field"], one["value"]) for one in told["changes"]] == [
        (f"contact:{ContactChange.objects.get(field='email').id}", "K1", "email", "nowa@example.com"),
        (f"contact:{ContactChange.objects.get(field='correspondence').id}", "K2", "correspondence", ""),
        (f"data:{DataChangeRequest.objects.get(account_id=first).id}", "K1", "name", "Anna Kowalska"),
    ]
    assert told["changes"][1]["street"] == "ul. Kwiatowa"
    deliver(email="zsystemu@example.com")
    assert json.loads(exported("--cursor", told["cursor"])[0]) == {"changes": [], "cursor": told["cursor"]}
    move(second, None)
    out, cursor = exported("--cursor", told["cursor"], "--format", "csv")
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["account_number"], row["street"], row["city"]) == ("K2", "", "")
    assert json.loads(exported("--cursor", cursor.split()[-1])[0])["changes"] == []
    traces = AuditRow.objects.filter(action="customers.contacts_exported").order_by("id")
    assert [row.details["count"] for row in traces] == [3, 1]


@pytest.mark.django_db
def test_no_cell_of_the_export_runs_as_a_formula(exported: Callable[..., tuple[str, str]]) -> None:
    account_id = deliver()
    change_contact(
        scope=of(account_id),
        account_id=account_id,
        field=ContactField.PHONE,
        value="+48600700800",
        acting=ANNA,
        now=NOW,
    )
    decide(ask(account_id, wanted="=HYPERLINK(1)", why="@x"))
    rows = list(csv.DictReader(io.StringIO(exported("--format", "csv")[0])))
    assert [row["value"] for row in rows] == ["+48600700800", "'=HYPERLINK(1)"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "-1.2", "1.2.3", "1" * 30 + ".1", "١.٢"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(CommandError, match="Tego kursora eBOK nie wydał"):
        call_command("export_contacts", f"--cursor={cursor}")
