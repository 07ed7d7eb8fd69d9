"""The ledger of consents: what may be said after what, how it stands on a day, and that nothing of it is lost."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from benchmarks.tamper_consents import tamper_consent, unguard, write_ledgers
from ebok.access.domain import GrantRole
from ebok.access.operations import end_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope, DocumentWindow, RegistryRow
from ebok.interchange.operations.registry.holders import change_accounts
from ebok.terms.domain import (
    CONSENT_CHAIN_START,
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    ConsentFault,
    StandingState,
    TermsKind,
    TermsText,
    consent_hash,
    standing_on,
)
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations import (
    ConsentRefusal,
    UnableToRecordConsent,
    change_consent_address,
    end_consents,
    give_consent,
    publish_terms,
    withdraw_consent,
)
from ebok.terms.queries import broken_consents, consent_entry, consent_history, standings, standings_on
from tests.access import given as role_given
from tests.access import person
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = Actor(kind=ActorKind.USER, name="7", address="192.0.2.7")
E_INVOICE, SMS = ConsentDecision.E_INVOICE, ConsentDecision.NOTICES_SMS
DAY = timedelta(days=1)


def only(*accounts: int) -> CustomerScope:
    return CustomerScope.for_accounts(frozenset(accounts), reason="tests")


def wording(decision: ConsentDecision = E_INVOICE, version: str = "1", since: date = TODAY, **more: str) -> TermsText:
    return publish_terms(
        text=f"Akceptuję {version}.", title="Zgoda", version=version, valid_from=since, today=TODAY, acting=ANNA,
        now=NOW, kind=TermsKind(decision.value), **more,
    )  # fmt: skip


def give(account: int, version: TermsText, **more: object) -> ConsentEntry:
    asked = {
        "scope": only(account), "account_id": account, "decision": E_INVOICE, "person": "user:7",
        "version_id": version.id, "channel": ConsentChannel.ONLINE, "basis": ConsentBasis.CODE,
        "address": "Anna@Example.com", "given_on": TODAY, "evidence": "kod z wiadomości", "today": TODAY,
        "acting": ANNA, "now": NOW,
    } | more  # fmt: skip
    return give_consent(**asked)


def change(account: int, address: str, **more: object) -> ConsentEntry:
    asked = {
        "scope": only(account), "account_id": account, "decision": E_INVOICE, "person": "user:7",
        "channel": ConsentChannel.ONLINE, "basis": ConsentBasis.CODE, "address": address, "evidence": "",
        "today": TODAY, "acting": ANNA, "now": NOW,
    } | more  # fmt: skip
    return change_consent_address(**asked)


def withdraw(account: int, **more: object) -> ConsentEntry:
    asked = {
        "scope": only(account), "account_id": account, "decision": E_INVOICE, "person": "user:7",
        "channel": ConsentChannel.ONLINE, "evidence": "", "given_on": TODAY, "today": TODAY, "acting": ANNA, "now": NOW,
    } | more  # fmt: skip
    return withdraw_consent(**asked)


def on_paper(account: int, version: TermsText, given_on: date, **more: object) -> ConsentEntry:
    paper = {"channel": ConsentChannel.PAPER, "basis": ConsentBasis.SIGNED_FORM, "person": "Anna Nowak"}
    return give(account, version, given_on=given_on, **(paper | more))


def refused(reason: ConsentRefusal, call: object, *args: object, **more: object) -> None:
    before = Row.objects.count(), AuditRow.objects.count()
    with pytest.raises(UnableToRecordConsent) as told:
        call(*args, **more)
    assert told.value.reason is reason
    assert (Row.objects.count(), AuditRow.objects.count()) == before


def state(account: int, day: date = TODAY) -> tuple[StandingState, str]:
    standing = standings(scope=only(account), account_id=account, day=day)[E_INVOICE]
    return standing.state, standing.address


@pytest.mark.django_db
def test_what_is_given_is_kept_with_all_that_proves_it_and_told_to_the_audit_trail() -> None:
    account, text = an_account(), wording(price_effect="1,00 zł taniej na miesiąc")
    entry = give(account, text, evidence_sha256=b"s" * 32)
    assert (entry.number, entry.deed, entry.previous_sha256) == (1, ConsentDeed.GIVEN, CONSENT_CHAIN_START)
    assert (entry.address, entry.price_effect) == ("anna@example.com", "1,00 zł taniej na miesiąc")
    assert (entry.wording_id, entry.wording_sha256, entry.evidence_sha256) == (text.id, text.sha256, b"s" * 32)
    assert (entry.given_on, entry.effective_from) == (TODAY, TODAY)
    assert (entry.actor_kind, entry.actor_name, entry.sha256) == ("user", "7", consent_hash(entry))
    assert consent_history(scope=only(account), account_id=account) == [entry]
    assert consent_entry(entry_id=entry.id) == entry
    told = AuditRow.objects.get(action="consent.give")
    assert (told.account_id, told.subject, told.details["sha256"]) == (
        account,
        f"consent:{entry.id}",
        entry.sha256.hex(),
    )
    assert "anna@example.com" not in str(told.details)


@pytest.mark.django_db
def test_a_change_keeps_the_text_and_the_day_it_was_given_and_a_withdrawal_ends_it_that_day() -> None:
    account, text = an_account(), wording()
    first = give(account, text)
    changed = change(account, "nowa@example.com", today=TODAY + DAY, now=NOW + DAY)
    standing = standings(scope=only(account), account_id=account, day=TODAY + DAY)[E_INVOICE]
    assert (standing.address, standing.entry_id, standing.effective_from) == ("nowa@example.com", changed.id, TODAY)
    assert changed.wording_sha256 == first.wording_sha256
    ended = withdraw(account, today=TODAY + 2 * DAY, given_on=TODAY + 2 * DAY, channel=ConsentChannel.LINK)
    assert (ended.basis, ended.address, ended.wording_id) == (ConsentBasis.NONE, "", text.id)
    assert [state(account, TODAY + n * DAY) for n in (-1, 0, 1, 2)] == [
        (StandingState.NEVER, ""),
        (StandingState.IN_FORCE, "nowa@example.com"),
        (StandingState.IN_FORCE, "nowa@example.com"),
        (StandingState.WITHDRAWN, ""),
    ]
    assert [one.number for one in consent_history(scope=only(account), account_id=account)] == [1, 2, 3]
    assert broken_consents() == []


@pytest.mark.django_db
def test_each_decision_of_each_account_stands_alone() -> None:
    anna, jan, text, sms = an_account("1"), an_account("2"), wording(), wording(SMS)
    give(anna, text)
    give(anna, sms, decision=SMS, address="600 123 456")
    stands = standings(scope=only(anna), account_id=anna, day=TODAY)
    assert {one: stands[one].address for one in ConsentDecision} == {
        E_INVOICE: "anna@example.com", ConsentDecision.NOTICES_EMAIL: "", SMS: "+48600123456",
    }  # fmt: skip
    assert state(jan) == (StandingState.NEVER, "")


@pytest.mark.django_db
def test_a_form_of_an_earlier_day_counts_from_the_day_it_is_entered() -> None:
    account, text = an_account(), wording()
    entry = on_paper(account, text, TODAY - 40 * DAY)
    assert (entry.given_on, entry.effective_from) == (TODAY - 40 * DAY, TODAY)
    assert state(account, TODAY - DAY) == (StandingState.LATER, "anna@example.com")
    assert state(account) == (StandingState.IN_FORCE, "anna@example.com")


@pytest.mark.django_db
def test_what_clashes_with_the_ledger_is_refused_and_leaves_no_trace() -> None:
    account, text = an_account(), wording()
    refused(ConsentRefusal.NOT_GIVEN, change, account, "nowa@example.com")
    refused(ConsentRefusal.NOT_GIVEN, withdraw, account)
    give(account, text)
    refused(ConsentRefusal.ALREADY_GIVEN, give, account, text, address="inna@example.com")
    refused(ConsentRefusal.SAME_ADDRESS, change, account, "ANNA@example.com")
    refused(ConsentRefusal.LATER_DECISION, withdraw, account, given_on=TODAY - DAY, channel=ConsentChannel.PAPER)
    withdraw(account)
    refused(ConsentRefusal.NOT_GIVEN, withdraw, account)
    refused(ConsentRefusal.LATER_DECISION, on_paper, account, text, TODAY - DAY)
    give(account, text)
    assert state(account)[0] is StandingState.IN_FORCE


@pytest.mark.django_db
def test_a_form_with_another_address_never_undoes_an_address_confirmed_after_it_was_signed() -> None:
    account, paper = an_account(), {"channel": ConsentChannel.PAPER, "basis": ConsentBasis.SIGNED_FORM}
    on_paper(account, wording(), TODAY - 9 * DAY)
    change(account, "nowa@example.com")
    refused(ConsentRefusal.LATER_DECISION, change, account, "stara@example.com", given_on=TODAY - DAY, **paper)
    assert state(account) == (StandingState.IN_FORCE, "nowa@example.com")
    change(account, "dzisiejsza@example.com", given_on=TODAY, **paper)
    assert state(account) == (StandingState.IN_FORCE, "dzisiejsza@example.com")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "more"),
    [
        (ConsentRefusal.BAD_ADDRESS, {"address": "anna@"}),
        (ConsentRefusal.BAD_ADDRESS, {"address": "аnna@example.com"}),
        (ConsentRefusal.BAD_ADDRESS, {"address": "a@example.com\0"}),
        (ConsentRefusal.BAD_ADDRESS, {"address": "a" * 400 + "@example.com"}),
        (ConsentRefusal.WRONG_BASIS, {"basis": ConsentBasis.SIGNED_FORM}),
        (ConsentRefusal.WRONG_BASIS, {"basis": ConsentBasis.NONE}),
        (ConsentRefusal.WRONG_BASIS, {"channel": ConsentChannel.LINK}),
        (ConsentRefusal.WRONG_BASIS, {"channel": ConsentChannel.PAPER}),
        (ConsentRefusal.BAD_PERSON, {"person": " "}),
        (ConsentRefusal.BAD_PERSON, {"person": "A" * 201}),
        (ConsentRefusal.BAD_EVIDENCE, {"evidence": "a\0b"}),
        (ConsentRefusal.BAD_EVIDENCE, {"evidence": "a" * 501}),
        (ConsentRefusal.IN_THE_FUTURE, {"given_on": TODAY + DAY}),
        (ConsentRefusal.NO_WORDING, {"version_id": 0}),
        (
            ConsentRefusal.PESEL,
            {"evidence": "PESEL 440514 01359", "channel": ConsentChannel.PAPER, "basis": ConsentBasis.SIGNED_FORM},
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_its_reason(reason: ConsentRefusal, more: dict[str, object]) -> None:
    refused(reason, give, an_account(), wording(), **more)


@pytest.mark.django_db
def test_sms_go_to_a_mobile_number_alone() -> None:
    account, text = an_account(), wording(SMS)
    refused(ConsentRefusal.BAD_ADDRESS, give, account, text, decision=SMS, address="22 123 45 67")


@pytest.mark.django_db
def test_online_only_the_wording_in_force_is_accepted_and_on_paper_an_older_one_too() -> None:
    account, old = an_account(), wording(since=TODAY - 30 * DAY)
    new, other = wording(version="2"), wording(SMS)
    refused(ConsentRefusal.NO_WORDING, give, account, old)
    refused(ConsentRefusal.NO_WORDING, give, account, other)
    assert give(account, new).wording_id == new.id
    assert on_paper(an_account("2"), old, TODAY - DAY).wording_id == old.id


@pytest.mark.django_db
def test_nobody_decides_for_an_account_that_is_not_theirs_or_is_theirs_no_more() -> None:
    account, text = an_account(), wording()
    left = CustomerScope.for_accounts(
        frozenset({account}), reason="tests", windows={account: DocumentWindow(until=TODAY)}
    )
    for scope in (only(account + 1), only(), left):
        refused(ConsentRefusal.NOT_IN_SCOPE, give, account, text, scope=scope)
    give(account, text)
    for scope in (only(account + 1), only(), left):
        refused(ConsentRefusal.NOT_IN_SCOPE, change, account, "nowa@example.com", scope=scope)
        refused(ConsentRefusal.NOT_IN_SCOPE, withdraw, account, scope=scope)
    assert consent_history(scope=only(), account_id=account) == []
    assert standings(scope=only(), account_id=account, day=TODAY)[E_INVOICE].state is StandingState.NEVER


@pytest.mark.django_db
def test_of_an_account_that_changed_hands_each_sees_their_own_time() -> None:
    account, text = an_account(), wording()
    give(account, text)
    withdraw(account, now=NOW + 2 * DAY, today=TODAY + 2 * DAY)
    between = TODAY + DAY
    windows = {"former": DocumentWindow(until=between), "later": DocumentWindow(since=between)}
    seen = {
        who: [
            one.deed
            for one in consent_history(
                scope=CustomerScope.for_accounts(frozenset({account}), reason="tests", windows={account: window}),
                account_id=account,
            )
        ]
        for who, window in windows.items()
    }
    assert seen == {"former": [ConsentDeed.GIVEN], "later": [ConsentDeed.WITHDRAWN]}


@pytest.mark.django_db
def test_when_an_ownership_ends_only_what_that_login_said_ends() -> None:
    scope = CustomerScope.whole(acting="tests")
    on_form, online, later = (an_account(name) for name in ("1", "2", "3"))
    anna, text = person("anna"), wording()
    on_paper(on_form, text, TODAY - DAY)
    give(online, text, person=f"user:{anna}")
    give(later, text, person="user:0")
    for number in ("1", "2", "3"):
        held = role_given("anna", number, GrantRole.OWNER)
        end_ownership(
            scope=scope, grant_id=held, ends_on=TODAY, reason="sprzedaż", today=TODAY, acting=ANNA, now=NOW
        )  # fmt: skip
    assert [state(account)[0] for account in (on_form, online, later)] == [
        StandingState.IN_FORCE, StandingState.WITHDRAWN, StandingState.IN_FORCE,
    ]  # fmt: skip
    ended = consent_history(scope=only(online), account_id=online)[-1]
    assert (ended.channel, ended.address) == (ConsentChannel.HANDOVER, "")
    assert broken_consents() == []


@pytest.mark.django_db
def test_when_the_registry_names_another_holder_every_consent_ends_and_a_new_name_of_the_same_ends_none() -> None:
    (sold, married), text = [an_account(name, pesel_hmac=b"p" * 32) for name in ("1", "2")], wording()
    for account in (sold, married):
        on_paper(account, text, TODAY - DAY)
    rows = [
        RegistryRow(line=1, key="1", values={"name": "Ewa Lis", "pesel_hmac": b"e" * 32}),
        RegistryRow(line=2, key="2", values={"name": "Anna Kos", "pesel_hmac": b"p" * 32}),
    ]
    for _ in range(2):
        change_accounts(rows=rows, acting=ANNA, now=NOW)
    assert [state(account)[0] for account in (sold, married)] == [StandingState.WITHDRAWN, StandingState.IN_FORCE]
    assert end_consents(account_ids=[married], recorded_before=NOW, today=TODAY, acting=ANNA, now=NOW) == 0
    assert end_consents(account_ids=[married], today=TODAY, acting=ANNA, now=NOW) == 1
    assert broken_consents() == []


@pytest.mark.django_db
def test_the_ledger_can_neither_be_changed_nor_emptied() -> None:
    give(an_account(), wording())
    for statement in ("UPDATE terms_consententry SET address = ''", "DELETE FROM terms_consententry"):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
def test_a_thousand_accounts_and_days_are_answered_by_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    text = wording()
    accounts = [an_account(str(n)) for n in range(1_000)]
    given_by = set(accounts[::10])
    for account in given_by:
        give(account, text)
    wanted = [(account, TODAY - DAY * (n % 2)) for n, account in enumerate(accounts)]
    with django_assert_num_queries(1):
        found = standings_on(wanted=wanted)
    assert len(found) == len(wanted)
    assert {account for (account, _), one in found.items() if one.in_force} == {
        account for account, day in wanted if account in given_by and day == TODAY
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does_and_the_chain_holds() -> None:
    account, text = an_account(), wording()
    with beside() as start:
        with transaction.atomic():
            give(account, text)
            other = start(lambda: give(account, text, address="inna@example.com"))
            until_it_waits(other)
        error = other.exception()
    assert isinstance(error, UnableToRecordConsent)
    assert error.reason is ConsentRefusal.ALREADY_GIVEN
    assert state(account) == (StandingState.IN_FORCE, "anna@example.com")
    assert broken_consents() == []


@pytest.mark.django_db
def test_of_a_hundred_random_changes_every_one_is_found() -> None:
    unguard()
    entries = write_ledgers(3)
    assert broken_consents() == []

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.randoms(use_true_random=False))
    def found(random: Random) -> None:
        done = tamper_consent(random, entries=entries)
        assert done.found, done.what

    found()


def tampered(statement: str, *values: object) -> list[tuple[int, ConsentFault]]:
    """The entries named, by their place, once the triggers are off and this is done."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values)
        broken = [(one.number, one.fault) for one in broken_consents()]
        transaction.set_rollback(True)
    return broken


@pytest.mark.django_db
def test_each_kind_of_damage_is_named_at_its_place() -> None:
    unguard()
    first, *_, last = write_ledgers(1)
    mail = "UPDATE terms_consententry SET address = 'x@example.com' WHERE id = %s"
    endless = "UPDATE terms_consententry SET given_on = 'infinity' WHERE id = %s"
    unknown = "UPDATE terms_consententry SET deed = 'lost' WHERE id = %s"
    gone = "DELETE FROM terms_consententry WHERE id = %s"
    assert tampered(mail, first) == [(1, ConsentFault.CHANGED)]
    assert tampered(endless, first)[0] == (1, ConsentFault.UNREADABLE)
    assert tampered(unknown, first)[0] == (1, ConsentFault.UNREADABLE)
    assert tampered(gone, first) == [(2, ConsentFault.UNLINKED), (1, ConsentFault.MISSING)]
    assert tampered(gone, last) == [(6, ConsentFault.MISSING)]
    assert tampered("DELETE FROM terms_consententry") == [(n, ConsentFault.MISSING) for n in range(1, 7)]
    assert tampered("DELETE FROM audit_auditrow WHERE subject = %s", f"consent:{last}") == [(6, ConsentFault.UNTOLD)]
    assert tampered(
        "UPDATE audit_auditrow SET details = jsonb_set(details, '{sha256}', '[1]') WHERE subject = %s",
        f"consent:{last}",
    ) == [(6, ConsentFault.TOLD_OTHERWISE)]
    assert {fault for _, fault in tampered("UPDATE terms_termsversion SET text = 'Inny.'")} == {
        ConsentFault.OTHER_WORDING
    }
    assert broken_consents() == []


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_one_when_a_ledger_was_touched(capsys: pytest.CaptureFixture[str]) -> None:
    account = an_account()
    give(account, wording())
    with pytest.raises(SystemExit) as ended:
        call_command("check_consents")
    assert (ended.value.code, capsys.readouterr().out) == (0, "zgody ok\n")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE terms_consententry SET address = 'x@example.com'")
    with pytest.raises(SystemExit) as ended:
        call_command("check_consents")
    assert (ended.value.code, "zmieniono jego treść" in capsys.readouterr().out) == (1, True)
    with pytest.raises(SystemExit):
        call_command("check_consents", "--json")
    assert '"fault": "changed"' in capsys.readouterr().out


def entry(number: int, deed: ConsentDeed, since: date, address: str = "") -> ConsentEntry:
    return ConsentEntry(
        id=number, account_id=1, number=number, decision=E_INVOICE, deed=deed, person="user:7",
        channel=ConsentChannel.ONLINE, basis=ConsentBasis.CODE, address=address, wording_id=None,
        wording_sha256=b"w" * 32, price_effect="", evidence="", evidence_sha256=None, reference="", given_on=since,
        effective_from=since, recorded_at=NOW, actor_kind="user", actor_name="7", previous_sha256=b"p" * 32,
        sha256=b"h" * 32,
    )  # fmt: skip


def test_another_address_counts_at_once_also_for_an_invoice_dated_before_it() -> None:
    entries = [
        entry(1, ConsentDeed.GIVEN, TODAY, "a@example.com"),
        entry(2, ConsentDeed.CHANGED, TODAY + 5 * DAY, "b@example.com"),
    ]
    found = standing_on(decision=E_INVOICE, entries=entries, day=TODAY + DAY)
    assert (found.state, found.address, found.effective_from) == (StandingState.IN_FORCE, "b@example.com", TODAY)


def test_an_address_of_a_later_consent_is_not_that_of_an_earlier_one() -> None:
    entries = [
        entry(1, ConsentDeed.GIVEN, TODAY, "a@example.com"),
        entry(2, ConsentDeed.WITHDRAWN, TODAY + 5 * DAY),
        entry(3, ConsentDeed.GIVEN, TODAY + 9 * DAY, "b@example.com"),
        entry(4, ConsentDeed.CHANGED, TODAY + 9 * DAY, "c@example.com"),
    ]
    found = [standing_on(decision=E_INVOICE, entries=entries, day=TODAY + n * DAY) for n in (1, 6, 9)]
    assert [(one.state, one.address) for one in found] == [
        (StandingState.IN_FORCE, "a@example.com"),
        (StandingState.LATER, "c@example.com"),
        (StandingState.IN_FORCE, "c@example.com"),
    ]


@given(st.data())
def test_any_other_content_has_another_hash(data: st.DataObject) -> None:
    one = entry(1, ConsentDeed.GIVEN, TODAY, "a@example.com")
    texts = st.text(st.characters(codec="utf-8"), max_size=5)
    name = data.draw(st.sampled_from(["person", "address", "evidence", "reference", "price_effect", "actor_name"]))
    other = {field: getattr(one, field) for field in ConsentEntry.__slots__} | {name: data.draw(texts)}
    assert (consent_hash(ConsentEntry(**other)) == consent_hash(one)) == (other[name] == getattr(one, name))
