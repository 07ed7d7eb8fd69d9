"""Proofs, activation codes and letters: who gets what, once, and what is left behind."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from ebok.access.domain import CodeRefusal, GrantRole, StaffRole, grouped
from ebok.access.models import AccessRequest, Grant, OneTimeCode, User
from ebok.access.operations import UnableToCreateUser, create_user, end_ownership, grant, make_staff
from ebok.audit.models import AuditRow
from ebok.customers.domain import Address, CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import change_correspondence
from ebok.enrolment.domain import CODE_TRIES, Delivery, ProofTicket
from ebok.enrolment.models import ActivationCode, Proof
from ebok.enrolment.operations import (
    ActivationRefusal,
    LetterRefusal,
    NewLogin,
    UnableToActivate,
    UnableToOrderLetter,
    activate,
    ask_for_data_code,
    forget_past_proofs,
    forget_unprinted,
    make_activation_code,
    mark_printed,
    order_letter,
    order_letter_unseen,
    prove_by_data_code,
    prove_by_invoice,
    prove_by_letter,
)
from ebok.enrolment.queries import PrintRefusal, UnableToPrint, letters_pdf, letters_waiting, proved
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.notifications.models import OutgoingMessage
from ebok.terms.models import TermsAcceptance
from tests.activation import (
    ANYBODY,
    CLERK,
    NEWEST,
    NIP,
    NUMBER,
    PASSWORD,
    PESEL,
    POSTAL_CODE,
    SECOND,
    THIRD,
    Invoiced,
    a_holder,
    account_id,
    an_application,
    codes_sent,
    her_invoices,
    regulations,
)
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits

pytestmark = pytest.mark.django_db


def by_invoice(told: Invoiced, number: str = NUMBER) -> ProofTicket | None:
    return prove_by_invoice(
        account_number=number,
        invoice_number=told.number,
        gross_total=Decimal(told.gross.replace(",", ".")),
        acting=ANYBODY,
        now=clock.now(),
    )


def a_code(*accounts: int, delivery: Delivery = Delivery.EMAIL) -> str:
    ids = accounts or (account_id(),)
    return make_activation_code(account_ids=ids, delivery=delivery, acting=CLERK, now=clock.now()).code


def by_code(code: str, number: str = NUMBER, *, days: int = 0) -> ProofTicket | None:
    return prove_by_letter(account_number=number, code=code, acting=ANYBODY, now=clock.now() + timedelta(days=days))


def ask(identifier: str = PESEL, number: str = NUMBER):
    return ask_for_data_code(account_number=number, identifier=identifier, acting=ANYBODY, now=clock.now())


def opened(ticket: ProofTicket | None, login: NewLogin | int | None = None, terms: int | None = None, minutes: int = 0):
    assert ticket is not None
    made = NewLogin(username="anna", password=PASSWORD, full_name="Anna Nowak") if login is None else login
    now = clock.now() + timedelta(minutes=minutes)
    return activate(ticket=ticket, login=made, terms_version_id=terms, today=clock.today(), acting=ANYBODY, now=now)


def tried() -> list[tuple[str, str, int | None]]:
    rows = AuditRow.objects.filter(action__startswith="activation.").order_by("id")
    return [(row.details["method"], row.result, row.account_id) for row in rows]


# From an invoice


@pytest.mark.parametrize("told", [NEWEST, SECOND])
def test_either_of_the_two_newest_invoices_proves_the_account(told: Invoiced) -> None:
    a_holder()
    her_invoices()
    ticket = by_invoice(told)
    assert ticket is not None
    found = proved(ticket=ticket, now=clock.now())
    assert found is not None
    assert found.account_numbers == (NUMBER,)
    assert tried() == [("invoice", "ok", account_id())]


@pytest.mark.parametrize(
    "told",
    [
        THIRD,
        replace(NEWEST, gross=SECOND.gross),
        replace(NEWEST, number=SECOND.number),
        replace(NEWEST, gross="108,01"),
        Invoiced(number="FK/2026/11/000001", gross="-10,80"),
        Invoiced(number="FV/NONE", gross="108,00"),
    ],
    ids=["an older one", "another's amount", "another's number", "a grosz more", "a correction", "none of ours"],
)
def test_anything_else_proves_nothing_and_leaves_a_trace(told: Invoiced) -> None:
    a_holder()
    her_invoices()
    assert by_invoice(told) is None
    assert tried() == [("invoice", "refused", account_id())]
    assert Proof.objects.count() == 0


def test_an_invoice_proves_its_own_account_only() -> None:
    a_holder()
    a_holder("100002")
    her_invoices()
    assert by_invoice(NEWEST, number="100002") is None
    assert by_invoice(NEWEST, number="999999") is None
    assert [account for _, _, account in tried()] == [account_id("100002"), None]


def test_an_account_number_in_small_letters_on_file_is_found() -> None:
    a_holder("k-17a")
    assert by_code(a_code(account_id("k-17a")), number="K-17A") is not None


def queries_of(function) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        function()
    told = [query["sql"].split(" WHERE")[0][:60] for query in seen.captured_queries]
    return [sql for sql in told if "SAVEPOINT" not in sql]


@pytest.mark.parametrize(
    "claim",
    [
        lambda number: by_invoice(THIRD, number=number),
        lambda number: by_code("0" * 20, number=number),
        lambda number: ask(NIP, number=number),
        lambda number: order_letter_unseen(
            account_number=number, postal_code="00-001", acting=ANYBODY, now=clock.now()
        ),
    ],
    ids=["invoice", "letter", "data", "letter order"],
)
def test_a_known_and_an_unknown_account_cost_the_same_queries(claim) -> None:
    a_holder()
    her_invoices()
    a_code()
    assert queries_of(lambda: claim(NUMBER)) == queries_of(lambda: claim("999999"))


def test_a_right_and_a_wrong_identifier_cost_the_same_queries() -> None:
    a_holder()
    assert queries_of(lambda: ask(PESEL)) == queries_of(lambda: ask(NIP))


def test_a_letter_that_goes_and_one_that_does_not_cost_the_same_queries() -> None:
    a_holder()
    order = {"account_number": NUMBER, "acting": ANYBODY, "now": clock.now()}
    right = queries_of(lambda: order_letter_unseen(postal_code=POSTAL_CODE, **order))
    assert right == queries_of(lambda: order_letter_unseen(postal_code="00-001", **order))


# From a letter


def test_a_code_opens_every_account_it_was_made_for() -> None:
    first, second = a_holder(), a_holder("100002")
    found = proved(ticket=by_code(a_code(first, second), number="100002"), now=clock.now())
    assert found is not None
    assert found.account_numbers == (NUMBER, "100002")


def test_a_code_of_another_account_proves_nothing() -> None:
    a_holder()
    other = a_holder("100002")
    assert by_code(a_code(other)) is None


def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late() -> None:
    a_holder()
    code = a_code()
    for _ in range(CODE_TRIES):
        assert by_code("0" * 20) is None
    assert by_code(code) is None
    assert ActivationCode.objects.get().tries == CODE_TRIES


def test_four_wrong_codes_do_not() -> None:
    a_holder()
    code = a_code()
    for _ in range(CODE_TRIES - 1):
        by_code("0" * 20)
    assert by_code(code) is not None


@pytest.mark.parametrize(("days", "works"), [(29, True), (30, False)])
def test_a_code_works_for_thirty_days(days: int, works: bool) -> None:
    a_holder()
    assert (by_code(a_code(), days=days) is not None) is works


def test_a_code_stays_good_until_a_login_is_made_and_then_never_again() -> None:
    a_holder()
    code = a_code()
    assert by_code(code) is not None
    opened(by_code(code))
    assert by_code(code) is None


def test_the_answer_to_an_application_is_told_apart_from_a_letter() -> None:
    a_holder()
    made = make_activation_code(
        account_ids=[account_id()],
        delivery=Delivery.EMAIL,
        application_id=an_application(),
        acting=CLERK,
        now=clock.now(),
    )
    by_code(made.code)
    assert tried()[-1][0] == "application"


# From data on file


@pytest.mark.parametrize("identifier", [PESEL, NIP])
def test_pesel_or_nip_on_file_sends_a_code_to_the_e_mail_on_file(identifier: str) -> None:
    a_holder(nip=NIP)
    ticket = ask(identifier)
    ((channel, recipient, code),) = codes_sent()
    assert (channel, recipient) == ("email", "anna@example.com")
    proof = prove_by_data_code(ticket=ticket, code=code, acting=ANYBODY, now=clock.now())
    assert isinstance(proof, ProofTicket)
    assert proved(ticket=proof, now=clock.now()) is not None


def test_without_an_e_mail_the_code_goes_by_sms() -> None:
    a_holder(email="")
    ask()
    assert [(channel, recipient) for channel, recipient, _ in codes_sent()] == [("sms", "+48600100200")]


@pytest.mark.parametrize(
    "more",
    [{"pesel_hmac": None}, {"email": "", "phone": ""}, {"email": "not an address", "phone": "12"}],
    ids=["no PESEL on file", "no contact on file", "contacts nobody can be reached at"],
)
def test_nobody_gets_a_code_and_the_asker_gets_a_ticket_all_the_same(more: dict[str, object]) -> None:
    a_holder(**more)
    ticket = ask()
    assert codes_sent() == []
    said = prove_by_data_code(ticket=ticket, code="000000", acting=ANYBODY, now=clock.now())
    assert isinstance(said, CodeRefusal)


def test_a_code_guessed_for_nobodys_account_proves_nothing() -> None:
    ticket = ask(number="999999")
    row = OneTimeCode.objects.get()
    refusals = {
        prove_by_data_code(ticket=replace(ticket, secret="x"), code=f"{n:06d}", acting=ANYBODY, now=clock.now())
        for n in range(5)
    }
    assert refusals == {CodeRefusal.WRONG}
    assert row.subject == ""


def test_the_digits_alone_are_worth_nothing_in_another_session() -> None:
    a_holder()
    ticket = ask()
    code = codes_sent()[0][2]
    said = prove_by_data_code(ticket=replace(ticket, secret="other"), code=code, acting=ANYBODY, now=clock.now())
    assert said is CodeRefusal.WRONG


def test_the_digits_work_once() -> None:
    a_holder()
    ticket, now = ask(), clock.now()
    code = codes_sent()[0][2]
    assert isinstance(prove_by_data_code(ticket=ticket, code=code, acting=ANYBODY, now=now), ProofTicket)
    assert prove_by_data_code(ticket=ticket, code=code, acting=ANYBODY, now=now) is CodeRefusal.EXPIRED


def test_neither_pesel_nor_code_nor_address_is_written_into_the_audit_trail() -> None:
    a_holder()
    prove_by_data_code(ticket=ask(), code="123456", acting=ANYBODY, now=clock.now())
    told = str(list(AuditRow.objects.values_list("action", "subject", "reason", "result", "details")))
    assert PESEL not in told
    assert "anna@example.com" not in told
    assert codes_sent()[0][2] not in told


# What a proof opens


def test_a_proof_makes_a_login_the_owner_and_everybody_on_file_is_told() -> None:
    a_holder()
    made = opened(by_code(a_code()))
    grant = Grant.objects.get()
    assert (made.owned, made.asked_for) == ((NUMBER,), ())
    assert (grant.user.username, grant.role, grant.ground) == ("anna", "owner", "aktywacja: kod z listu")
    assert grant.user.email == ""
    told = OutgoingMessage.objects.filter(kind="access_added").values_list("recipient", flat=True)
    assert set(told) == {"anna@example.com", "+48600100200"}


def test_an_account_that_has_an_owner_is_asked_for_and_the_owner_is_told() -> None:
    a_holder()
    opened(by_code(a_code()))
    made = opened(by_code(a_code()), NewLogin(username="piotr", password=PASSWORD, full_name="Anna Nowak"))
    assert (made.owned, made.asked_for) == ((), (NUMBER,))
    assert Grant.objects.count() == 1
    assert AccessRequest.objects.get().method == "letter"


def test_a_proof_is_used_once() -> None:
    a_holder()
    ticket = by_code(a_code())
    opened(ticket)
    with pytest.raises(UnableToActivate) as refused:
        opened(ticket, NewLogin(username="piotr", password=PASSWORD, full_name="Anna Nowak"))
    assert refused.value.reason is ActivationRefusal.PROOF_GONE
    assert proved(ticket=ticket, now=clock.now()) is None


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
def test_a_proof_is_good_for_half_an_hour(minutes: int, works: bool) -> None:
    a_holder()
    ticket = by_code(a_code())
    assert ticket is not None
    later = clock.now() + timedelta(minutes=minutes)
    assert (proved(ticket=ticket, now=later) is not None) is works
    if not works:
        with pytest.raises(UnableToActivate):
            opened(ticket, minutes=minutes)


def test_a_proof_is_worth_nothing_without_its_sessions_secret() -> None:
    a_holder()
    ticket = by_code(a_code())
    assert ticket is not None
    stolen = replace(ticket, secret="guessed")
    assert proved(ticket=stolen, now=clock.now()) is None
    with pytest.raises(UnableToActivate):
        opened(stolen)


def test_two_proofs_by_one_code_open_one_login() -> None:
    a_holder()
    code = a_code()
    first, second = by_code(code), by_code(code)
    opened(first)
    with pytest.raises(UnableToActivate) as refused:
        opened(second, NewLogin(username="piotr", password=PASSWORD, full_name="Anna Nowak"))
    assert refused.value.reason is ActivationRefusal.CODE_GONE
    assert User.objects.count() == 1


def test_a_login_that_cannot_be_made_leaves_proof_and_code_as_they_were() -> None:
    a_holder()
    ticket = by_code(a_code())
    with pytest.raises(UnableToCreateUser):
        opened(ticket, NewLogin(username="anna", password="short", full_name="Anna Nowak"))
    assert proved(ticket=ticket, now=clock.now()) is not None
    assert opened(ticket).owned == (NUMBER,)


def test_somebody_with_a_login_adds_the_account_to_it() -> None:
    a_holder()
    user = create_user(username="anna", password=PASSWORD, acting=CLERK, now=clock.now()).user_id
    made = opened(by_code(a_code()), user)
    assert (made.user_id, made.owned) == (user, (NUMBER,))
    assert opened(by_code(a_code()), user).owned == (NUMBER,)
    assert Grant.objects.count() == 1


def test_a_smaller_role_becomes_ownership_where_nobody_owns_the_account() -> None:
    a_holder()
    user = create_user(username="anna", password=PASSWORD, acting=CLERK, now=clock.now()).user_id
    grant(
        scope=CustomerScope.whole(acting="tests"), username="anna", account_number=NUMBER, ground="umowa",
        today=clock.today(), acting=CLERK, now=clock.now(), role=GrantRole.READINGS,
    )  # fmt: skip
    assert opened(by_code(a_code()), user).owned == (NUMBER,)
    assert [held.role for held in Grant.objects.filter(revoked_at__isnull=True)] == ["owner"]


def test_somebody_who_was_the_owner_asks_the_office_to_be_it_again() -> None:
    a_holder()
    made = opened(by_code(a_code()))
    held = Grant.objects.get()
    end_ownership(
        scope=CustomerScope.whole(acting="tests"), grant_id=held.id, ends_on=clock.today() + timedelta(days=1),
        reason="sprzedaż", today=clock.today(), acting=CLERK, now=clock.now(),
    )  # fmt: skip
    later = clock.today() + timedelta(days=2)
    again = activate(
        ticket=by_code(a_code()), login=made.user_id, terms_version_id=None, today=later, acting=ANYBODY,
        now=clock.now(),
    )  # fmt: skip
    assert (again.owned, again.asked_for, again.asked_office) == ((), (), (NUMBER,))


def test_a_login_of_staff_gets_no_account_and_the_code_stays_good() -> None:
    a_holder()
    code = a_code()
    user = create_user(username="klerk", password=PASSWORD, acting=CLERK, now=clock.now()).user_id
    make_staff(username="klerk", role=StaffRole.CLERK, acting=CLERK, now=clock.now())
    with pytest.raises(UnableToActivate) as refused:
        opened(by_code(code), user)
    assert refused.value.reason is ActivationRefusal.STAFF_LOGIN
    assert by_code(code) is not None


def test_the_regulations_in_force_are_accepted_with_the_login() -> None:
    a_holder()
    terms = regulations()
    with pytest.raises(UnableToActivate) as refused:
        opened(by_code(a_code()))
    assert refused.value.reason is ActivationRefusal.TERMS
    made = opened(by_code(a_code()), terms=terms.id)
    assert TermsAcceptance.objects.get().who == f"user:{made.user_id}"
    assert opened(by_code(a_code()), made.user_id).owned == (NUMBER,)


def test_regulations_that_changed_meanwhile_are_not_accepted_unread() -> None:
    a_holder()
    old = regulations("1", since=clock.today() - timedelta(days=1))
    regulations("2")
    with pytest.raises(UnableToActivate) as refused:
        opened(by_code(a_code()), terms=old.id)
    assert refused.value.reason is ActivationRefusal.TERMS


# Letters


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(BytesIO(pdf)).pages]


def letter(number: str = NUMBER) -> int:
    scope = CustomerScope.for_staff(frozenset({account_id(number)}), reason="tests")
    return order_letter(scope=scope, account_id=account_id(number), acting=CLERK, now=clock.now())


def unseen(number: str = NUMBER, postal_code: str = POSTAL_CODE, *, days: int = 0) -> None:
    now = clock.now() + timedelta(days=days)
    order_letter_unseen(account_number=number, postal_code=postal_code, acting=ANYBODY, now=now)


def test_a_letter_waits_is_printed_in_postal_order_and_its_code_opens_the_account() -> None:
    a_holder(house="10")
    a_holder("100002", house="2", correspondence_street="ul. Leśna", correspondence_house="9",
             correspondence_postal_code="05-402", correspondence_city="Otwock")  # fmt: skip
    ids = [letter("100002"), letter()]
    assert [one.account_numbers for one in letters_waiting(now=clock.now())] == [(NUMBER,), ("100002",)]
    first, second = pages(letters_pdf(letter_ids=ids, now=clock.now()))
    assert "ul. Polna 10 05-400 Otwock" in first
    assert "ul. Leśna 9 05-402 Otwock" in second
    code = next(word for word in first.split() if len(word) == 23 and word.count("-") == 3)
    assert by_code(code.replace("-", "")) is not None


def test_the_last_day_a_letter_names_is_whole() -> None:
    a_holder()
    (text,) = pages(letters_pdf(letter_ids=[letter()], now=clock.now()))
    ends = timezone.localtime(ActivationCode.objects.get().expires_at)
    last = (ends - timedelta(days=1)).date()
    assert f"Kod działa do {long_date(last)} włącznie".replace("\u00a0", " ") in text.replace("\u00a0", " ")


def test_a_printed_letters_code_can_be_read_nowhere() -> None:
    a_holder()
    one = letter()
    assert mark_printed(letter_ids=[one], acting=CLERK, now=clock.now()) == 1
    row = ActivationCode.objects.get()
    assert (row.code_encrypted, row.printed_by) == (None, CLERK.name)
    assert letters_waiting(now=clock.now()) == []
    with pytest.raises(UnableToPrint):
        letters_pdf(letter_ids=[one], now=clock.now())
    assert mark_printed(letter_ids=[one], acting=CLERK, now=clock.now()) == 0
    assert AuditRow.objects.filter(action="letter.print", account_id=account_id()).count() == 1


def test_without_its_key_a_letter_waits_on_and_says_why(settings) -> None:
    a_holder()
    one = letter()
    settings.EBOK_FIELD_KEYS = {"new": bytes(32)}
    with pytest.raises(UnableToPrint) as refused:
        letters_pdf(letter_ids=[one], now=clock.now())
    assert refused.value.reason is PrintRefusal.KEY_LOST
    assert [waiting.id for waiting in letters_waiting(now=clock.now())] == [one]


def test_until_then_the_code_is_not_in_the_database_in_clear() -> None:
    a_holder()
    code = a_code(delivery=Delivery.LETTER)
    row = ActivationCode.objects.values().get()
    for form in (code, grouped(code)):
        assert form.encode() not in bytes(row["code_encrypted"])
        assert form not in str(row)


def test_the_database_keeps_no_readable_code_that_was_printed_or_mailed() -> None:
    a_holder()
    letter()
    for change in ({"printed_at": clock.now()}, {"delivery": "email"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ActivationCode.objects.update(**change)


def test_a_code_sent_by_e_mail_is_no_letter() -> None:
    a_holder()
    a_code(delivery=Delivery.EMAIL)
    assert letters_waiting(now=clock.now()) == []


def test_staff_order_again_once_the_letter_is_printed_or_ran_out() -> None:
    a_holder()
    first = letter()
    assert letter() == first
    assert ActivationCode.objects.count() == 1
    mark_printed(letter_ids=[first], acting=CLERK, now=clock.now())
    second = letter()
    assert second != first
    ActivationCode.objects.filter(id=second).update(expires_at=clock.now())
    assert letter() not in (first, second)


def test_staff_order_only_what_is_in_scope() -> None:
    a_holder()
    other = a_holder("100002")
    scope = CustomerScope.for_staff(frozenset({account_id()}), reason="tests")
    with pytest.raises(UnableToOrderLetter) as refused:
        order_letter(scope=scope, account_id=other, acting=CLERK, now=clock.now())
    assert refused.value.reason is LetterRefusal.UNKNOWN_ACCOUNT


def test_a_letter_needs_somewhere_to_go() -> None:
    an_account(city="")
    with pytest.raises(UnableToOrderLetter) as refused:
        letter()
    assert refused.value.reason is LetterRefusal.NO_ADDRESS


def test_a_customer_orders_one_letter_in_seven_days_also_after_one_of_the_office() -> None:
    a_holder()
    unseen()
    unseen(days=6)
    assert ActivationCode.objects.count() == 1
    unseen(days=7)
    assert ActivationCode.objects.count() == 2
    assert letters_waiting(now=clock.now())[0].ordered_by_customer


def moved_online(street: str, *, days_ago: int) -> None:
    where = Address(street=street, house="66", flat="", postal_code="00-001", city="Warszawa")
    change_correspondence(
        scope=CustomerScope.whole(acting="tests"), account_id=account_id(), address=where, acting=ANYBODY,
        now=clock.now() - timedelta(days=days_ago),
    )  # fmt: skip


def letter_goes_to() -> str:
    (waiting,) = letters_waiting(now=clock.now())
    return waiting.address.words


def test_a_letter_does_not_follow_an_address_given_online_in_the_last_days() -> None:
    a_holder()
    moved_online("ul. Obca", days_ago=13)
    moved_online("ul. Inna", days_ago=1)
    letter()
    assert letter_goes_to() == "ul. Polna 1, 05-400 Otwock"


def test_it_goes_to_where_the_registry_sent_letters_before() -> None:
    a_holder(correspondence_street="ul. Leśna", correspondence_house="9", correspondence_postal_code="05-402",
             correspondence_city="Otwock")  # fmt: skip
    moved_online("ul. Obca", days_ago=13)
    # The billing system has taken the change over and sends it back.
    CustomerAccount.objects.update(correspondence_street="ul. Obca", correspondence_house="66")
    letter()
    assert letter_goes_to() == "ul. Leśna 9, 05-402 Otwock"


def test_a_letter_follows_an_address_that_stood_for_two_weeks() -> None:
    a_holder()
    moved_online("ul. Nowa", days_ago=14)
    letter()
    assert letter_goes_to() == "ul. Nowa 66, 00-001 Warszawa"


def test_only_the_postal_code_of_the_agreement_orders_a_letter() -> None:
    a_holder()
    moved_online("ul. Nowa", days_ago=100)
    unseen(NUMBER, "00-001")
    assert ActivationCode.objects.count() == 0
    unseen(NUMBER, POSTAL_CODE)
    assert ActivationCode.objects.count() == 1


@pytest.mark.parametrize(("number", "postal_code"), [("999999", POSTAL_CODE), (NUMBER, "00-001"), ("", "")])
def test_no_letter_goes_to_where_nobody_of_that_number_lives(number: str, postal_code: str) -> None:
    a_holder()
    unseen(number, postal_code)
    assert ActivationCode.objects.count() == 0
    assert AuditRow.objects.filter(action="letter.order", result="refused").count() == 1


def test_letters_nobody_printed_in_time_are_forgotten() -> None:
    a_holder()
    letter()
    later = clock.now() + timedelta(days=30)
    assert letters_waiting(now=later) == []
    assert forget_unprinted(now=later) == 1
    assert ActivationCode.objects.get().code_encrypted is None


def test_proofs_nobody_used_are_forgotten_and_used_ones_stay() -> None:
    a_holder()
    opened(by_code(a_code()))
    by_code(a_code())
    assert forget_past_proofs(now=clock.now()) == 0
    assert forget_past_proofs(now=clock.now() + timedelta(minutes=30)) > 0
    assert Proof.objects.get().used_by is not None


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_code_at_once_one_wins() -> None:
    a_holder()
    code = a_code()
    first, second = by_code(code), by_code(code)
    with beside() as run:
        with transaction.atomic():
            opened(first)
            waiting = run(lambda: opened(second, NewLogin(username="piotr", password=PASSWORD, full_name="Anna Nowak")))
            until_it_waits(waiting)
        with pytest.raises(UnableToActivate) as refused:
            waiting.result()
    assert refused.value.reason is ActivationRefusal.CODE_GONE
    assert [user.username for user in User.objects.all()] == ["anna"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_activate_one_account_at_once_one_owns_it_and_the_other_asks() -> None:
    a_holder()
    first, second = by_code(a_code()), by_code(a_code())
    with beside() as run:
        with transaction.atomic():
            opened(first)
            waiting = run(lambda: opened(second, NewLogin(username="piotr", password=PASSWORD, full_name="Anna Nowak")))
            until_it_waits(waiting)
        assert waiting.result().asked_for == (NUMBER,)
    assert (Grant.objects.count(), AccessRequest.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_letters_ordered_at_once_one_goes() -> None:
    a_holder()
    with beside() as run:
        with transaction.atomic():
            unseen()
            waiting = run(unseen)
            until_it_waits(waiting)
        waiting.result()
    assert ActivationCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_letters_staff_order_at_once_one_is_made_and_both_get_it() -> None:
    a_holder()
    with beside() as run:
        with transaction.atomic():
            first = letter()
            waiting = run(letter)
            until_it_waits(waiting)
        assert waiting.result() == first
    assert ActivationCode.objects.count() == 1


def test_a_code_stands_once_in_the_database() -> None:
    a_holder()
    a_code()
    row = ActivationCode.objects.get()
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("days", "letters"), [(None, 1), (364, 1), (366, 0)])
def test_a_letter_goes_to_an_account_that_is_open_or_was_not_long_ago(days: int | None, letters: int) -> None:
    a_holder()
    closed = None if days is None else clock.today() - timedelta(days=days)
    CustomerAccount.objects.update(closed_on=closed)
    order_letter_unseen(account_number=NUMBER, postal_code=POSTAL_CODE, acting=ANYBODY, now=clock.now())
    waiting = [one.id for one in letters_waiting(now=clock.now())]
    assert len(waiting) == letters
    mark_printed(letter_ids=waiting, acting=CLERK, now=clock.now())
    scope = CustomerScope.whole(acting="tests")
    if letters:
        order_letter(scope=scope, account_id=account_id(), acting=CLERK, now=clock.now())
    else:
        with pytest.raises(UnableToOrderLetter) as refused:
            order_letter(scope=scope, account_id=account_id(), acting=CLERK, now=clock.now())
        assert refused.value.reason is LetterRefusal.CLOSED
    assert len(letters_waiting(now=clock.now())) == letters
