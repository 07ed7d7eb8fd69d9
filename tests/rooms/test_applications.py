"""Applications: one draft a form, steps that are possible and no others, two people for an organization."""

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import Settings

from ebok.access.domain import AccountAction, GrantRole, grouped, plain_long_code
from ebok.access.models import Grant
from ebok.access.queries import grants_of, has_owner
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import pesel_digest
from ebok.enrolment.domain import CODE_LIFETIME
from ebok.enrolment.domain.application_views import StartedApplication
from ebok.enrolment.domain.applications import (
    DRAFT_LIFETIME,
    MOST_ACCOUNTS,
    ApplicantKind,
    ApplicationState,
    FormPage,
    StepKind,
    first_unanswered,
    plain_number,
)
from ebok.enrolment.models import ActivationCode, Application, ApplicationStep
from ebok.enrolment.operations import (
    ApplicationRefusal,
    NewLogin,
    UnableToApply,
    accept_application,
    activate,
    answer_question,
    ask_applicant,
    confirm_application,
    forget_old_drafts,
    mark_printed,
    prove_by_letter,
    refuse_application,
    save_draft,
    start_application,
    withdraw_application,
)
from ebok.enrolment.queries import letters_waiting
from ebok.enrolment.queries.application_checks import asked_accounts
from ebok.enrolment.queries.applications import (
    applicant_view,
    application,
    application_by_code,
    application_state,
    applications,
    draft,
)
from ebok.foundation.digests import keyed_digest
from ebok.notifications.models import OutgoingMessage
from ebok.terms.queries import accepted
from tests.billing import an_account
from tests.enrolment import (
    ANYBODY,
    CLAUSE,
    NIP,
    NOW,
    ORGANIZATION,
    OTHER_PESEL,
    PERSON,
    PESEL,
    TODAY,
    a_draft,
    clerk,
    decide,
    seen,
    sent,
    submit,
    the_terms,
)

pytestmark = pytest.mark.django_db
OFFICE = CustomerScope.for_staff(None, reason="staff:1 applications")


def refused(expected: ApplicationRefusal, operation, /, *args, **more) -> None:
    with pytest.raises(UnableToApply) as refusal, transaction.atomic():
        operation(*args, **more)
    assert refusal.value.reason is expected


def told() -> list[str]:
    return list(OutgoingMessage.objects.order_by("id").values_list("kind", flat=True))


def test_the_same_form_sent_twice_begins_one_draft_with_the_same_number_and_code() -> None:
    client_id = uuid4()
    begun = [
        start_application(client_id=client_id, kind=ApplicantKind.PERSON, acting=ANYBODY, now=NOW) for _ in range(2)
    ]
    assert begun[0] == begun[1]
    assert (begun[0].number, len(begun[0].code)) == ("EB/2026/000001", 20)
    other = start_application(client_id=uuid4(), kind=ApplicantKind.PERSON, acting=ANYBODY, now=NOW)
    assert (other.number, other.code == begun[0].code) == ("EB/2026/000002", False)


def test_neither_the_code_nor_the_form_it_came_from_nor_a_pesel_is_kept() -> None:
    client_id = uuid4()
    started = a_draft(pesel=PESEL, client_id=client_id)
    submit(started)
    row = Application.objects.values().get()
    assert not any(secret in str(row) for secret in (started.code, str(client_id), PESEL))
    assert bytes(row["pesel_hmac"]) == pesel_digest(pesel=PESEL)
    assert bytes(row["code_hmac"]) == keyed_digest(purpose="enrolment.application.code", value=started.code)
    assert PESEL not in str(list(AuditRow.objects.values())) + str(list(OutgoingMessage.objects.values()))


def test_a_draft_keeps_what_was_said_and_comes_back_by_number_and_code() -> None:
    started = a_draft(pesel=PESEL)
    save_draft(application_id=started.application_id, answers=dataclasses.replace(PERSON, city="Józefów"), now=NOW)
    found = application_by_code(number=started.number, code=grouped(started.code).lower())
    assert found == started.application_id
    kept = draft(application_id=found)
    assert kept is not None
    assert kept.answers == dataclasses.replace(PERSON, city="Józefów", pesel_given=True)
    assert application_state(number=started.number, code=started.code) is None


@pytest.mark.parametrize("typed", ["EB/2026/000001", "eb 2026 000001", "2026000001", "EB/2026/1", " EB-2026-000001 "])
def test_a_number_is_known_however_it_is_typed(typed: str) -> None:
    assert plain_number(typed) == "EB/2026/000001"


@pytest.mark.parametrize("typed", ["", "EB", "x" * 5000, "EB/2026/", "EB/2026/0000001", "ЕВ/2026/1x", "１２３４５６"])
def test_what_is_no_number_finds_nothing(typed: str) -> None:
    started = a_draft()
    assert application_by_code(number=typed, code=started.code) is None


def test_a_code_opens_its_own_application_only() -> None:
    mine, other = a_draft(), a_draft()
    for code in (other.code, "", "0" * 20, "zły\0kod"):
        assert application_by_code(number=mine.number, code=code) is None
    assert application_by_code(number="EB/2026/009999", code=mine.code) is None


@pytest.mark.parametrize("name", ["name", "representative"])
def test_no_draft_keeps_the_address_of_a_page_as_a_name(name: str) -> None:
    started = a_draft(ORGANIZATION)
    changed = dataclasses.replace(ORGANIZATION, **{name: "BOK bok.pl"})
    refused(ApplicationRefusal.WORDS, save_draft, application_id=started.application_id, answers=changed, now=NOW)


def test_an_organization_has_no_pesel_and_a_person_no_nip() -> None:
    started = a_draft(ORGANIZATION, pesel=PESEL)
    assert Application.objects.get().pesel_hmac is None
    changed = dataclasses.replace(ORGANIZATION, kind=ApplicantKind.PERSON)
    save_draft(application_id=started.application_id, answers=changed, now=NOW)
    row = Application.objects.get()
    assert (row.nip, row.representative, row.basis) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"kind": None}, FormPage.WHO),
        ({"name": ""}, FormPage.DETAILS),
        ({"email": "", "phone": ""}, FormPage.CONTACT),
        ({"postal_code": ""}, FormPage.CONTACT),
        ({"account_numbers": ()}, FormPage.ACCOUNTS),
        ({"role": None}, FormPage.WISH),
        ({"role": GrantRole.PAYER, "ground": ""}, FormPage.WISH),
    ],
)
def test_what_is_not_wholly_answered_is_not_sent(changes: dict[str, object], page: FormPage) -> None:
    answers = dataclasses.replace(PERSON, **changes)
    assert first_unanswered(answers) is page
    started = a_draft(dataclasses.replace(answers, kind=answers.kind))
    refused(ApplicationRefusal.UNANSWERED, submit, started)
    assert draft(application_id=started.application_id).state is ApplicationState.DRAFT


@pytest.mark.parametrize("lacking", ["nip", "representative", "basis"])
def test_an_organization_says_who_stands_for_it_and_why(lacking: str) -> None:
    answers = dataclasses.replace(ORGANIZATION, **{lacking: None if lacking == "basis" else ""})
    assert first_unanswered(answers) is FormPage.DETAILS


def test_sending_writes_the_step_the_acceptance_an_audit_row_and_a_message_with_the_code() -> None:
    started = a_draft()
    assert submit(started) == started.number
    assert submit(started) == started.number
    view = seen(started.application_id)
    assert (view.state, view.seen, view.clause_version) == (ApplicationState.RECEIVED, 1, CLAUSE)
    [acceptance] = accepted(who=f"application:{started.application_id}")
    assert acceptance.version_id == view.terms_version_id == the_terms().id
    assert told() == ["application_received"]
    assert OutgoingMessage.objects.get().context == {"number": started.number, "code": grouped(started.code)}
    assert AuditRow.objects.filter(action="application.submitted").count() == 1


def test_sending_needs_the_code_and_the_regulations_in_force() -> None:
    started = a_draft()
    refused(ApplicationRefusal.NO_SUCH_APPLICATION, submit, started, code="0" * 20)
    refused(ApplicationRefusal.TERMS, submit, started, terms_version_id=the_terms().id + 1)
    refused(ApplicationRefusal.TERMS, submit, started, today=TODAY - timedelta(days=1))
    refused(ApplicationRefusal.NO_SUCH_APPLICATION, submit, started, application_id=0)


def test_a_sent_application_is_no_draft_any_more() -> None:
    started = sent()
    refused(ApplicationRefusal.ALREADY_SENT, save_draft, application_id=started.application_id, answers=PERSON, now=NOW)


def test_twenty_accounts_are_the_most() -> None:
    started = a_draft()
    many = dataclasses.replace(PERSON, account_numbers=tuple(str(n) for n in range(MOST_ACCOUNTS + 1)))
    refused(
        ApplicationRefusal.TOO_MANY_ACCOUNTS, save_draft,
        application_id=started.application_id, answers=many, now=NOW,
    )  # fmt: skip


def test_old_drafts_are_forgotten_and_sent_applications_stay() -> None:
    a_draft()
    sent()
    assert forget_old_drafts(now=NOW + DRAFT_LIFETIME) == 0
    assert forget_old_drafts(now=NOW + DRAFT_LIFETIME + timedelta(seconds=1)) == 1
    assert Application.objects.get().state == "received"


def test_a_person_is_accepted_by_one_clerk_and_gets_a_code_by_e_mail() -> None:
    account = an_account()
    started = sent()
    assert decide(accept_application, started.application_id, account_ids=[account]) is ApplicationState.ACCEPTED
    code = ActivationCode.objects.get()
    assert (code.delivery, code.application_id, list(code.accounts.values_list("id", flat=True))) == (
        "email", started.application_id, [account],
    )  # fmt: skip
    assert code.expires_at == NOW + CODE_LIFETIME
    assert told() == ["application_received", "application_accepted"]
    assert len(OutgoingMessage.objects.latest("id").context["code"]) == 23


def test_without_an_e_mail_the_code_goes_by_letter_to_the_address_on_file() -> None:
    account = an_account()
    started = sent(dataclasses.replace(PERSON, email=""))
    decide(accept_application, started.application_id, account_ids=[account])
    assert ActivationCode.objects.get().delivery == "letter"


def by_phone(phone: str = PERSON.phone) -> StartedApplication:
    return sent(dataclasses.replace(PERSON, email="", phone=phone))


def test_whoever_left_only_a_phone_is_told_every_step_by_sms_and_no_code_that_opens_an_account(
    settings: Settings,
) -> None:
    settings.EBOK_SMS_URL = "file:"
    account = an_account()
    started = by_phone()
    decide(ask_applicant, started.application_id, question="Czyj to podpis?")
    answer_question(application_id=started.application_id, answer="Mój.", acting=ANYBODY, now=NOW)
    decide(accept_application, started.application_id, account_ids=[account])
    refuse = by_phone()
    decide(refuse_application, refuse.application_id, reason="Brak zgody.")
    assert told() == [
        "application_received", "application_question", "application_step", "application_step",
        "application_received", "application_refused",
    ]  # fmt: skip
    ways = OutgoingMessage.objects.values_list("channel", "recipient").distinct()
    assert list(ways) == [("sms", PERSON.phone)]
    accepted_told = OutgoingMessage.objects.order_by("id")[3].context
    assert accepted_told == {"number": started.number, "step": "wniosek jest przyjęty, kod wyślemy listem"}


@pytest.mark.parametrize(("phone", "sms"), [("+48221234567", "file:"), ("+380501234567", "file:"), (PERSON.phone, "")])
def test_no_sms_goes_to_a_landline_abroad_or_from_an_office_that_sends_none(
    phone: str, sms: str, settings: Settings
) -> None:
    settings.EBOK_SMS_URL = sms
    started = by_phone(phone)
    decide(refuse_application, started.application_id, reason="Brak zgody.")
    assert told() == []


def test_an_email_is_told_instead_of_the_phone_beside_it(settings: Settings) -> None:
    settings.EBOK_SMS_URL = "file:"
    sent()
    assert OutgoingMessage.objects.get().channel == "email"


def test_without_an_email_each_holder_gets_a_letter_of_their_own() -> None:
    hers = [an_account("100001", house="1"), an_account("100002", house="1")]
    other = an_account("100003", name="Jan Obcy", house="7")
    numbers = ("100001", "100002", "100003")
    started = sent(dataclasses.replace(PERSON, email="", account_numbers=numbers))
    decide(accept_application, started.application_id, account_ids=[*hers, other])
    letters = letters_waiting(now=NOW)
    assert [(one.name, one.account_numbers) for one in letters] == [
        ("Anna Nowak", numbers[:2]),
        ("Jan Obcy", ("100003",)),
    ]
    mark_printed(letter_ids=[one.id for one in letters], acting=ANYBODY, now=NOW)
    printed = AuditRow.objects.filter(action="letter.print").order_by("account_id")
    assert [row.account_id for row in printed] == sorted([*hers, other])


def test_an_organization_needs_two_people_and_never_the_same_one_twice() -> None:
    account = an_account()
    started = sent(ORGANIZATION)
    state = decide(accept_application, started.application_id, account_ids=[account])
    assert (state, ActivationCode.objects.count()) == (ApplicationState.HALF_ACCEPTED, 0)
    refused(ApplicationRefusal.SAME_PERSON, decide, confirm_application, started.application_id)
    decide(confirm_application, started.application_id, by="celina")
    assert seen(started.application_id).state is ApplicationState.ACCEPTED
    assert ActivationCode.objects.count() == 1
    assert told() == ["application_received", "application_step", "application_accepted"]


def test_the_database_too_refuses_one_person_for_both_and_an_organization_without_a_second() -> None:
    an_account()
    sent(ORGANIZATION)
    staff = clerk()
    ours = {"accepted_by_id": staff, "accepted_accounts": [1], "steps_taken": 2}
    for fault in ({"state": "accepted"}, {"state": "accepted", "confirmed_by_id": staff}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.update(**ours, **fault)


def test_the_account_of_an_organization_needs_two_people_whatever_the_applicant_says_they_are() -> None:
    account = an_account(name="Wspólnota Polna 1", kind="organization", nip=NIP)
    started = sent(PERSON)
    state = decide(accept_application, started.application_id, account_ids=[account])
    assert (state, ActivationCode.objects.count()) == (ApplicationState.HALF_ACCEPTED, 0)
    refused(ApplicationRefusal.SAME_PERSON, decide, confirm_application, started.application_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(state="accepted")
    decide(ask_applicant, started.application_id, question="Kim Pani tam jest?")
    assert Application.objects.get().needs_two is False
    answer_question(application_id=started.application_id, answer="Zarządcą.", acting=ANYBODY, now=NOW)
    decide(accept_application, started.application_id, account_ids=[account])
    decide(confirm_application, started.application_id, by="celina")
    assert (seen(started.application_id).state, ActivationCode.objects.count()) == (ApplicationState.ACCEPTED, 1)


def test_a_question_takes_the_first_acceptance_back() -> None:
    account = an_account()
    started = sent(ORGANIZATION)
    decide(accept_application, started.application_id, account_ids=[account])
    decide(ask_applicant, started.application_id, by="celina", question="Kto podpisał?")
    view = applicant_view(application_id=started.application_id)
    assert (view.state, view.question) == (ApplicationState.ASKED, "Kto podpisał?")
    answer_question(application_id=started.application_id, answer="Zarząd.", acting=ANYBODY, now=NOW)
    decide(accept_application, started.application_id, by="celina", account_ids=[account])
    refused(ApplicationRefusal.SAME_PERSON, decide, confirm_application, started.application_id, by="celina")
    decide(confirm_application, started.application_id)
    assert seen(started.application_id).state is ApplicationState.ACCEPTED


def test_only_accounts_that_were_asked_for_can_be_accepted() -> None:
    asked, other = an_account("100001"), an_account("100002")
    started = sent()
    for chosen in ([], [other], [asked, other]):
        refused(ApplicationRefusal.NO_ACCOUNTS, decide, accept_application, started.application_id, account_ids=chosen)
    assert ActivationCode.objects.count() == 0


def test_of_two_clerks_who_saw_the_same_the_second_is_told_to_look_again() -> None:
    account = an_account()
    started = sent()
    before = seen(started.application_id).seen
    decide(refuse_application, started.application_id, reason="Dane się nie zgadzają.")
    refused(
        ApplicationRefusal.STALE, decide, accept_application, started.application_id,
        by="celina", account_ids=[account], seen=before,
    )  # fmt: skip
    assert (ActivationCode.objects.count(), told()) == (0, ["application_received", "application_refused"])


def test_whoever_is_no_staff_decides_nothing() -> None:
    account = an_account()
    started = sent()
    for operation, more in (
        (accept_application, {"account_ids": [account]}), (ask_applicant, {"question": "?"}),
        (refuse_application, {"reason": "x"}), (confirm_application, {}),
    ):  # fmt: skip
        refused(ApplicationRefusal.NOT_STAFF, decide, operation, started.application_id, staff_id=0, **more)


def test_a_draft_does_not_exist_for_the_office() -> None:
    started = a_draft()
    assert application(application_id=started.application_id) is None
    assert applications() == []
    assert asked_accounts(scope=OFFICE, application_id=started.application_id, today=TODAY) == []
    refused(
        ApplicationRefusal.NO_SUCH_APPLICATION, refuse_application, application_id=started.application_id, seen=0,
        reason="x", staff_id=clerk(), acting=ANYBODY, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["", "  \n ", "a\0b", "a\u202eb", "x" * 2001])
def test_words_for_people_are_some_readable_and_not_too_many(words: str) -> None:
    started = sent()
    refused(ApplicationRefusal.WORDS, decide, ask_applicant, started.application_id, question=words)
    refused(ApplicationRefusal.WORDS, decide, refuse_application, started.application_id, reason=words)
    if words:
        refused(ApplicationRefusal.WORDS, decide, refuse_application, started.application_id, reason="x", note=words)
    assert seen(started.application_id).seen == 1


def test_the_applicant_never_sees_an_inner_note_or_who_decided() -> None:
    started = sent()
    decide(refuse_application, started.application_id, reason="Nie ma takiej umowy.", note="Dzwonił już dwa razy.")
    view = application_state(number=started.number, code=started.code)
    assert (view.state, view.reason) == (ApplicationState.REFUSED, "Nie ma takiej umowy.")
    assert "Dzwonił" not in repr(view)
    assert seen(started.application_id).steps[-1].note == "Dzwonił już dwa razy."
    assert "Dzwonił" not in str(list(OutgoingMessage.objects.values_list("context", flat=True)))


def test_a_withdrawn_application_is_decided_no_more() -> None:
    started = sent()
    withdraw_application(application_id=started.application_id, acting=ANYBODY, now=NOW)
    refused(ApplicationRefusal.IMPOSSIBLE_STEP, decide, refuse_application, started.application_id, reason="x")
    refused(
        ApplicationRefusal.IMPOSSIBLE_STEP, withdraw_application,
        application_id=started.application_id, acting=ANYBODY, now=NOW,
    )  # fmt: skip
    assert told() == ["application_received", "application_step"]


def test_the_office_lists_what_waits_the_oldest_first() -> None:
    first, second = sent(), sent(ORGANIZATION)
    decide(ask_applicant, first.application_id, question="?")
    assert [line.application_id for line in applications()] == [second.application_id]
    [asked] = applications(state=ApplicationState.ASKED)
    assert (asked.application_id, asked.name, asked.accounts) == (first.application_id, "Anna Nowak", 1)


def test_a_clerk_sees_each_number_beside_what_is_on_file() -> None:
    kept = pesel_digest(pesel=PESEL)
    an_account("100001", pesel_hmac=kept, email="Anna@example.com", phone="600 100 200")
    an_account("100002", pesel_hmac=pesel_digest(pesel=OTHER_PESEL), name="Jan Kowalski", closed_on=TODAY)
    an_account("100003")
    numbers = ("100001", "100002", "100003", "999999")
    started = sent(dataclasses.replace(PERSON, account_numbers=numbers))
    fits, other, bare, none = asked_accounts(scope=OFFICE, application_id=started.application_id, today=TODAY)
    assert (fits.identity_fits, fits.email_fits, fits.phone_fits, fits.closed) == (True, True, True, False)
    assert (other.holder_name, other.identity_fits, other.closed, other.email_fits) == (
        "Jan Kowalski", False, True, None,
    )  # fmt: skip
    assert (bare.identity_fits, bare.has_owner) == (None, False)
    assert (none.number, none.account_id) == ("999999", None)


def test_an_organization_is_compared_by_nip() -> None:
    an_account("100001", kind="organization", nip=NIP)
    started = sent(ORGANIZATION)
    [one] = asked_accounts(scope=OFFICE, application_id=started.application_id, today=TODAY)
    assert one.identity_fits is True
    CustomerAccount.objects.update(nip="1111111111")
    [one] = asked_accounts(scope=OFFICE, application_id=started.application_id, today=TODAY)
    assert one.identity_fits is False


def test_a_decided_application_and_its_steps_never_change() -> None:
    started = sent()
    decide(refuse_application, started.application_id, reason="x")
    for change in (
        lambda: Application.objects.update(name="x"),
        lambda: Application.objects.update(state="received", steps_taken=3),
        lambda: ApplicationStep.objects.update(words="x"),
        lambda: ApplicationStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_state_never_changes_without_a_step() -> None:
    sent()
    with pytest.raises(DatabaseError, match="one step"), transaction.atomic():
        Application.objects.update(state="asked")


def test_every_step_stands_in_order_with_who_and_when() -> None:
    started = sent()
    decide(ask_applicant, started.application_id, question="Który adres?")
    answer_question(application_id=started.application_id, answer="Polna 1", acting=ANYBODY, now=NOW)
    steps = seen(started.application_id).steps
    assert [(step.kind, step.actor_kind) for step in steps] == [
        (StepKind.SUBMITTED, "anonymous"), (StepKind.ASKED, "staff"), (StepKind.ANSWERED, "anonymous"),
    ]  # fmt: skip


def activated(code: str, username: str = "anna"):
    """Use an activation code as its reader does, with a new login."""
    ticket = prove_by_letter(account_number="100001", code=code, acting=ANYBODY, now=NOW)
    assert ticket is not None
    login = NewLogin(username=username, password="zielony traktor liczy gwiazdy", full_name="Anna Nowak")
    return activate(
        ticket=ticket, login=login, terms_version_id=the_terms().id, today=TODAY, acting=ANYBODY, now=NOW
    )  # fmt: skip


def code_told() -> str:
    return plain_long_code(OutgoingMessage.objects.get(kind="application_accepted").context["code"])


def test_the_code_of_an_accepted_application_makes_its_reader_the_owner() -> None:
    account = an_account()
    started = sent()
    decide(accept_application, started.application_id, account_ids=[account])
    made = activated(code_told())
    assert (made.owned, made.opened) == (("100001",), ())


def test_the_code_opens_no_more_than_the_role_that_was_asked_for() -> None:
    account = an_account()
    started = sent(dataclasses.replace(PERSON, role=GrantRole.PAYER, ground="najem lokalu"))
    decide(accept_application, started.application_id, account_ids=[account])
    made = activated(code_told())
    assert (made.owned, made.opened, made.opened_as) == ((), ("100001",), "płatnik")
    held = grants_of(user_id=made.user_id, today=TODAY)
    assert held.may(AccountAction.PAY, account)
    assert not held.may(AccountAction.MANAGE_ACCESS, account)
    assert not has_owner(account_id=account, today=TODAY)
    assert Grant.objects.get().ground == f"wniosek {started.number}: najem lokalu"
