"""Access as people use it: invite, accept, decide, see what was done, take away; and what anybody may type wrongly."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from ebok.access.domain import GrantRole, StaffRole, grouped
from ebok.access.models import AccessRequest, Grant, Invitation, User
from ebok.access.operations import create_user, grant, make_staff, take_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.foundation import clock
from ebok.jobs.regulations import shipped
from ebok.notifications.models import OutgoingMessage
from ebok.portal.access import accepting, inviting
from ebok.portal.access.draft import KEPT
from ebok.portal.access.words import CLOSED, GIVEN_ROLES, OPENS
from ebok.terms.operations import publish_terms
from ebok.terms.queries import accepted
from tests.billing import ACTING
from tests.portal.customers import NRB, PASSWORD, a_customer, an_invoice, freshen, in_days
from tests.system.world import a_meter

ANSWERS = {
    "rola": {"role": "payer"},
    "osoba": {"invitee": "Ewa Zielińska", "why": "accountant", "other": ""},
    "kod": {"channel": "paper"},
    "czas": {"lasts": "open", "last_day": ""},
}
NEW_LOGIN = {"full_name": "Ewa Zielińska", "username": "ewa.zielinska", "new_password": PASSWORD}


@pytest.fixture
def anna(db: None) -> Client:
    """The owner of 100001."""
    return a_customer("anna", "100001")


def user(name: str) -> User:
    return User.objects.get(username=name)


def account(number: str = "100001") -> CustomerAccount:
    return CustomerAccount.objects.get(number=number)


def open_to(name: str, role: GrantRole, number: str = "100001", *, ground: str = "umowa") -> int:
    """Give an existing login a role on an account; return the grant's id."""
    given = grant(
        scope=CustomerScope.whole(acting="tests"), username=name, account_number=number, ground=ground,
        today=clock.today(), acting=ACTING, now=clock.now(), role=role,
    )  # fmt: skip
    return given.grant_id


def a_person(name: str, *, email: str = "", full_name: str = "Ewa Zielińska") -> Client:
    create_user(username=name, password=PASSWORD, email=email, full_name=full_name, acting=ACTING, now=clock.now())
    client = Client()
    client.force_login(user(name))
    freshen(client)
    return client


def answer(client: Client, **others: dict[str, str]) -> None:
    """Answer every question of an invitation, some of them otherwise."""
    for step, form in (ANSWERS | others).items():
        sent = client.post(f"/dostep/zapros/{step}/", form)
        assert sent.status_code == 302, (step, sent.context["form"].errors)


def invited(client: Client, **others: dict[str, str]) -> str:
    """Invite somebody on paper and return the code as it is printed."""
    answer(client, **others)
    text = client.post("/dostep/zapros/sprawdz/").content.decode()
    groups = re.findall(r'<strong class="sum">(\w+)</strong>', text)
    assert len(groups) == 4, text
    return "-".join(groups)


def typed_in(client: Client, code: str):
    return client.post("/dostep/zaproszenie/", {"code": code})


def a_request(name: str = "ewa", number: str = "100001") -> int:
    """Somebody who proved their case asks for an account that has an owner."""
    taken = take_ownership(
        account_id=account(number).pk, user_id=user(name).pk, method="invoice", ground="aktywacja",
        today=clock.today(), acting=Actor(kind=ActorKind.ANONYMOUS, name="portal"), now=clock.now(),
    )  # fmt: skip
    assert taken.request_id is not None
    return taken.request_id


def said_at(answer, field: str) -> str:
    """The sentence at a field; the page is shown again and says so in its title."""
    assert answer.status_code == 200
    assert "<title>Błąd: " in answer.content.decode()
    errors = answer.context["form"].errors
    assert field in errors, errors
    return str(errors[field][0])


def test_every_role_says_what_it_opens_and_every_role_one_can_give_what_not() -> None:
    assert all(OPENS[role] for role in GrantRole)
    assert all(CLOSED[role] for role in GIVEN_ROLES)
    assert GrantRole.OWNER not in GIVEN_ROLES


def test_the_owner_sees_who_has_access_how_much_and_from_whom(anna: Client) -> None:
    a_person("ewa")
    open_to("ewa", GrantRole.READINGS, ground="sąsiadka")
    text = anna.get("/dostep/").content.decode()
    for words in ("Anna Nowak (Ty)", "Ewa Zielińska", "Tylko odczyty", "Nie widzi faktur", "sąsiadka", "jeszcze nie"):
        assert words in text


def test_who_is_not_the_owner_sees_only_their_own_access(anna: Client) -> None:
    ewa = a_person("ewa")
    held = open_to("ewa", GrantRole.PAYER)
    a_person("jan", full_name="Jan Wiśniewski")
    open_to("jan", GrantRole.FULL)
    text = ewa.get("/dostep/").content.decode()
    assert "Płatnik" in text
    assert f"/dostep/{held}/rezygnacja/" in text
    for words in ("Jan Wiśniewski", "Anna Nowak", "Zaproś osobę"):
        assert words not in text


def test_an_invitation_on_paper_is_shown_once_and_opens_as_much_as_it_says(anna: Client) -> None:
    code = invited(anna)
    assert re.fullmatch(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}", code)
    assert code not in anna.get("/dostep/").content.decode()
    assert anna.post("/dostep/zapros/sprawdz/")["Location"] == "/dostep/"
    assert Invitation.objects.count() == 1
    ewa = a_person("ewa")
    assert typed_in(ewa, code.lower().replace("-", " "))["Location"] == "/dostep/zaproszenie/przyjecie/"
    assert Grant.objects.filter(user=user("ewa")).count() == 0
    assert "Anna Nowak daje Ci dostęp" in ewa.get("/dostep/zaproszenie/przyjecie/").content.decode()
    assert ewa.post("/dostep/zaproszenie/przyjecie/")["Location"] == "/panel/"
    held = Grant.objects.get(user=user("ewa"))
    assert (held.role, held.ground, held.given_by_user_id) == ("payer", "księgowość", user("anna").pk)
    assert ewa.get("/faktury/").status_code == 200
    assert ewa.get(f"/dostep/{held.pk}/").status_code == 404


def test_the_code_stands_in_no_address_and_in_no_readable_session(anna: Client) -> None:
    code = invited(anna)
    visitor = Client()
    typed_in(visitor, code)
    page = visitor.get("/dostep/zaproszenie/przyjecie/").content.decode()
    plain = code.replace("-", "")
    assert plain not in str(dict(visitor.session))
    assert code not in page
    assert plain not in page


def test_look_alike_letters_of_a_code_are_forgiven(anna: Client) -> None:
    code = invited(anna)
    typed = code.replace("0", "O").replace("1", "l")
    assert typed_in(Client(), f"  {typed} ").status_code == 302


def test_an_invitation_by_mail_carries_the_code_and_makes_a_login_with_that_address(anna: Client) -> None:
    anna.post("/dostep/zapros/rola/", ANSWERS["rola"])
    answer(anna, kod={"channel": "email"}, adres={"recipient": "Ewa@Example.com"}, czas=ANSWERS["czas"])
    text = anna.post("/dostep/zapros/sprawdz/").content.decode()
    assert "Zaproszenie jest wysłane" in text
    message = OutgoingMessage.objects.get(kind="invitation")
    assert message.recipient == "ewa@example.com"
    code = message.context["code"]
    assert code not in text
    visitor = Client()
    typed_in(visitor, code)
    entered = visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN)
    assert entered.status_code == 302, entered.context["form"].errors
    assert user("ewa.zielinska").email == "ewa@example.com"
    assert visitor.get("/faktury/").status_code == 200
    assert "Płatnik" in visitor.get("/dostep/").content.decode()


def test_a_new_login_from_paper_has_no_address_nobody_has_shown_to_read(anna: Client) -> None:
    code = invited(anna)
    visitor = Client()
    typed_in(visitor, code)
    visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN | {"email": "ofiara@example.com"})
    assert user("ewa.zielinska").email == ""


def test_sms_is_offered_only_where_it_can_be_sent(anna: Client, settings: Settings) -> None:
    settings.EBOK_SMS_URL = ""
    assert 'value="sms"' not in anna.get("/dostep/zapros/kod/").content.decode()
    said_at(anna.post("/dostep/zapros/kod/", {"channel": "sms"}), "channel")
    settings.EBOK_SMS_URL = "console:"
    answer(anna, kod={"channel": "sms"}, adres={"recipient": "600 700 800"}, czas=ANSWERS["czas"])
    assert anna.post("/dostep/zapros/sprawdz/").status_code == 200
    assert OutgoingMessage.objects.get(kind="invitation").recipient == "+48600700800"


@pytest.mark.parametrize("spoil", ["used", "withdrawn", "expired", "wrong"])
def test_every_code_that_does_not_work_is_told_in_the_same_words(anna: Client, spoil: str) -> None:
    code = invited(anna)
    if spoil == "used":
        Invitation.objects.update(accepted_at=clock.now())
    if spoil == "withdrawn":
        Invitation.objects.update(withdrawn_at=clock.now())
    if spoil == "expired":
        Invitation.objects.update(expires_at=clock.now())
    if spoil == "wrong":
        code = grouped("Z" * 20)
    assert said_at(typed_in(Client(), code), "code") == accepting.NO_SUCH_CODE


def test_an_invitation_withdrawn_while_it_is_looked_at_can_no_longer_be_taken(anna: Client) -> None:
    code, ewa = invited(anna), a_person("ewa")
    typed_in(ewa, code)
    row = Invitation.objects.get()
    assert "Ewa Zielińska" in anna.get(f"/dostep/zaproszenia/{row.pk}/wycofanie/").content.decode()
    assert anna.post(f"/dostep/zaproszenia/{row.pk}/wycofanie/").status_code == 302
    assert anna.post(f"/dostep/zaproszenia/{row.pk}/wycofanie/").status_code == 404
    assert ewa.post("/dostep/zaproszenie/przyjecie/")["Location"] == "/dostep/zaproszenie/"
    assert ewa.post("/dostep/zaproszenie/login/")["Location"] == "/dostep/zaproszenie/"
    assert not Grant.objects.filter(user=user("ewa")).exists()


def test_guessing_codes_is_limited_by_address(db: None, settings: Settings) -> None:
    for _ in range(accepting.BY_ADDRESS.times):
        assert said_at(typed_in(Client(), "Z" * 20), "code") == accepting.NO_SUCH_CODE
    assert said_at(typed_in(Client(), "Z" * 20), "code") == accepting.TOO_MANY


def test_the_owner_cannot_accept_their_own_invitation(anna: Client) -> None:
    typed_in(anna, invited(anna))
    anna.post("/dostep/zaproszenie/przyjecie/")
    assert "Masz już dostęp" in anna.get("/dostep/zaproszenie/").content.decode()
    assert Grant.objects.get().role == "owner"


def test_a_login_of_staff_cannot_accept(anna: Client) -> None:
    code, clerk = invited(anna), a_person("urzednik")
    make_staff(username="urzednik", role=StaffRole.CLERK, acting=ACTING, now=clock.now())
    typed_in(clerk, code)
    clerk.post("/dostep/zaproszenie/przyjecie/")
    assert "Login pracownika" in clerk.get("/dostep/zaproszenie/").content.decode()
    assert not Grant.objects.filter(user=user("urzednik")).exists()


def the_regulations() -> int:
    """Regulations in force since today; the id of their version."""
    terms = publish_terms(
        text=shipped(), title="Regulamin eBOK", version="1", valid_from=clock.today(), today=clock.today(),
        acting=ACTING, now=clock.now(),
    )  # fmt: skip
    return terms.id


def test_a_login_that_is_there_accepts_the_regulations_with_the_invitation_and_is_asked_once(anna: Client) -> None:
    code, ewa, version = invited(anna), a_person("ewa"), the_regulations()
    who, path = f"user:{user('ewa').pk}", "/dostep/zaproszenie/przyjecie/"
    typed_in(ewa, code)
    text = ewa.get(path).content.decode()
    assert 'name="accepts"' in text
    assert "checked" not in text
    assert "Bez tego nie damy Ci dostępu" in said_at(ewa.post(path, {"version": version}), "accepts")
    assert "się zmienił" in said_at(ewa.post(path, {"accepts": "on", "version": version + 1}), "accepts")
    assert said_at(ewa.post(path, {"accepts": "on", "version": "\x00x"}), "accepts")
    assert (accepted(who=who), Grant.objects.filter(user__username="ewa").count()) == ([], 0)
    assert ewa.post(path, {"accepts": "on", "version": version})["Location"] == "/panel/"
    assert [one.version_id for one in accepted(who=who)] == [version]
    assert Grant.objects.filter(user__username="ewa").count() == 1
    a_customer("jan", "100002")
    jan = Client()
    jan.force_login(user("jan"))
    freshen(jan)
    typed_in(ewa, invited(jan))
    assert 'name="accepts"' not in ewa.get(path).content.decode()
    assert ewa.post(path)["Location"] == "/panel/"


def test_an_invitation_that_cannot_be_accepted_leaves_no_acceptance_of_the_regulations(anna: Client) -> None:
    code, version = invited(anna), the_regulations()
    typed_in(anna, code)
    anna.post("/dostep/zaproszenie/przyjecie/", {"accepts": "on", "version": version})
    assert "Masz już dostęp" in anna.get("/dostep/zaproszenie/").content.decode()
    assert accepted(who=f"user:{user('anna').pk}") == []
    assert Invitation.objects.get().tries == 1


def test_whoever_is_asked_to_accept_the_regulations_accepts_the_ones_shown(anna: Client) -> None:
    code, visitor, version = invited(anna), Client(), the_regulations()
    typed_in(visitor, code)
    assert said_at(visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN | {"version": version}), "accepts")
    stale = NEW_LOGIN | {"accepts": "on", "version": version + 1}
    assert said_at(visitor.post("/dostep/zaproszenie/login/", stale), "accepts")
    assert User.objects.count() == 1
    visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN | {"accepts": "on", "version": version})
    (accepted_terms,) = accepted(who=f"user:{user('ewa.zielinska').pk}")
    assert accepted_terms.version_id == version


@pytest.mark.django_db
def test_somebody_with_many_accounts_sees_first_the_one_looked_at_and_then_those_shared() -> None:
    anna = a_customer("anna", "100001", "100002", "100003")
    a_person("ewa")
    open_to("ewa", GrantRole.FULL, "100002")
    text = anna.get("/dostep/").content.decode()
    assert "konto 100001</h2>" in text
    assert "Ewa Zielińska" not in text
    text = anna.get("/dostep/?lokale=wszystkie").content.decode()
    assert "Ewa Zielińska" in text
    assert "konto 100001</h2>" not in text
    assert "Na innych kontach (2) dostęp masz tylko Ty." in text


def test_invitations_of_a_day_are_limited(anna: Client) -> None:
    for _ in range(inviting.INVITATIONS.times):
        invited(anna)
    answer(anna)
    assert inviting.TOO_MANY in anna.post("/dostep/zapros/sprawdz/").content.decode()
    assert Invitation.objects.count() == inviting.INVITATIONS.times


def test_access_taken_away_is_gone_with_the_next_request_and_its_holder_is_told(anna: Client) -> None:
    ewa, invoice = a_person("ewa", email="ewa@example.com"), an_invoice("FV/1", due=in_days(5), nrb=NRB)
    held = open_to("ewa", GrantRole.FULL)
    assert ewa.get(f"/faktury/{invoice}/").status_code == 200
    page = anna.get(f"/dostep/{held}/odebranie/").content.decode()
    assert "od razu przestanie widzieć" in page
    assert ewa.get(f"/faktury/{invoice}/").status_code == 200
    assert anna.post(f"/dostep/{held}/odebranie/")["Location"] == "/dostep/"
    assert ewa.get(f"/faktury/{invoice}/").status_code == 404
    assert OutgoingMessage.objects.filter(kind="grant_ended", recipient="ewa@example.com").exists()
    assert anna.post(f"/dostep/{held}/odebranie/").status_code == 404


def test_one_gives_up_ones_own_access_and_nobody_elses(anna: Client) -> None:
    ewa, jan = a_person("ewa"), a_person("jan", full_name="Jan Wiśniewski")
    hers, his = open_to("ewa", GrantRole.FULL), open_to("jan", GrantRole.FULL)
    assert ewa.post(f"/dostep/{his}/rezygnacja/").status_code == 404
    assert ewa.post(f"/dostep/{his}/odebranie/").status_code == 404
    assert ewa.get(f"/dostep/{hers}/rezygnacja/").status_code == 200
    assert ewa.post(f"/dostep/{hers}/rezygnacja/").status_code == 302
    assert not Grant.objects.filter(pk=hers, revoked_at=None).exists()
    assert jan.get("/panel/").status_code == 200
    assert Grant.objects.filter(pk=his, revoked_at=None).exists()


def test_an_ownership_is_neither_taken_away_nor_given_up_here(anna: Client) -> None:
    own = Grant.objects.get(user=user("anna"))
    assert anna.post(f"/dostep/{own.pk}/odebranie/").status_code == 404
    assert anna.post(f"/dostep/{own.pk}/rezygnacja/").status_code == 404
    assert anna.get(f"/dostep/{own.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/dostep/zapros/sprawdz/", "/dostep/{held}/odebranie/", "/dostep/prosby/{asked}/"],
)
def test_what_changes_access_asks_again_who_is_there(anna: Client, path: str) -> None:
    a_person("ewa")
    a_person("jan", full_name="Jan Wiśniewski")
    held, asked = open_to("ewa", GrantRole.FULL), a_request("jan")
    answer(anna)
    freshen(anna, at=clock.now().timestamp() - 3_600)
    for method in (anna.get, anna.post):
        assert method(path.format(held=held, asked=asked))["Location"].startswith("/potwierdz/")
    assert Grant.objects.filter(pk=held, revoked_at=None).exists()


def test_a_request_is_granted_as_less_than_asked_and_until_a_day(anna: Client) -> None:
    ewa = a_person("ewa", email="ewa@example.com")
    asked = a_request()
    text = anna.get("/dostep/").content.decode()
    assert "Ewa Zielińska prosi o dostęp" in text
    assert "numerem i kwotą faktury" in text
    last = in_days(30)
    form = {"decision": "invoices", "last_day": last.isoformat(), "reason": ""}
    assert anna.post(f"/dostep/prosby/{asked}/", form)["Location"] == "/dostep/"
    held = Grant.objects.get(user=user("ewa"))
    assert (held.role, held.ends_on) == ("invoices", last + timedelta(days=1))
    assert ewa.get("/faktury/").status_code == 200
    assert OutgoingMessage.objects.filter(kind="access_decided", recipient="ewa@example.com").exists()
    assert anna.post(f"/dostep/prosby/{asked}/", form).status_code == 404


def test_a_request_is_refused_with_a_reason(anna: Client) -> None:
    a_person("ewa", email="ewa@example.com")
    asked = a_request()
    assert said_at(anna.post(f"/dostep/prosby/{asked}/", {"decision": "refuse"}), "reason")
    anna.post(f"/dostep/prosby/{asked}/", {"decision": "refuse", "reason": "Nie znam tej osoby."})
    assert AccessRequest.objects.get().decision == "refused"
    assert OutgoingMessage.objects.get(kind="access_decided").context["reason"] == "Nie znam tej osoby."
    assert not Grant.objects.filter(user=user("ewa")).exists()


def test_what_somebody_did_is_told_to_the_owner_and_looking_is_told_once_a_session(anna: Client) -> None:
    ewa, invoice = a_person("ewa"), an_invoice("FV/1", due=in_days(5), nrb=NRB)
    meter = a_meter()
    held = open_to("ewa", GrantRole.FULL)
    for _ in range(3):
        ewa.get("/panel/")
        ewa.get(f"/faktury/{invoice}/")
    ewa.get("/faktury/")
    ewa.get(f"/faktury/{invoice}/pdf/")
    ewa.get("/rozliczenia/csv/")
    ewa.get("/odczyty/")
    form = {"client_id": "2a0a8d6e-3f0e-4f6d-9a3c-111111111111", "value": "115", "read_on": clock.today().isoformat()}
    assert ewa.post(f"/odczyty/{meter}/podaj/", form).status_code == 302
    text = anna.get(f"/dostep/{held}/").content.decode()
    for words in ("Otwarta strona: Start", "Otwarta strona: Faktury", "Pobrany plik: FV/1", "Podany odczyt wodomierza"):
        assert text.count(words) == 1, words
    assert "Pobrany plik: Rozliczenia" in text
    assert "jeszcze nie" not in text
    assert not AuditRow.objects.filter(action="account.view", actor_name=str(user("anna").pk)).exists()
    assert AuditRow.objects.filter(action="account.view", details={"place": "invoices"}).count() == 1


def test_an_owner_who_downloads_is_written_down_too(anna: Client) -> None:
    invoice = an_invoice("FV/1", due=in_days(5), nrb=NRB)
    assert anna.get(f"/faktury/{invoice}/xml/").status_code == 200
    assert anna.post(reverse("chosen_invoices"), {"faktura": str(invoice), "co": "zip"}).status_code == 200
    rows = AuditRow.objects.filter(action="document.download", subject=f"invoice:{invoice}")
    assert [row.details for row in rows.order_by("id")] == [{"kind": "xml"}, {"kind": "zip"}]


def test_other_peoples_grants_invitations_and_requests_are_not_there(anna: Client) -> None:
    other = a_customer("obcy", "200002")
    a_person("ewa")
    held, asked = open_to("ewa", GrantRole.FULL), None
    invited(anna)
    a_person("jan")
    asked = a_request("jan")
    paths = [
        f"/dostep/{held}/", f"/dostep/{held}/odebranie/", f"/dostep/{held}/rezygnacja/", f"/dostep/prosby/{asked}/",
        f"/dostep/zaproszenia/{Invitation.objects.get().pk}/wycofanie/",
    ]  # fmt: skip
    for path in paths:
        assert other.get(path).status_code == 404, path
        assert other.post(path).status_code in {404, 405}, path
        assert Client().get(path)["Location"].startswith("/logowanie/"), path
    text = other.get("/dostep/?lokale=wszystkie").content.decode()
    assert "100001" not in text
    assert "Zielińska" not in text


def test_an_account_that_is_not_ones_own_cannot_be_invited_to(anna: Client) -> None:
    a_customer("obcy", "200002")
    said_at(anna.post("/dostep/zapros/", {"account": str(account("200002").pk)}), "account")
    ewa = a_person("ewa")
    open_to("ewa", GrantRole.FULL)
    assert ewa.get("/dostep/zapros/").status_code == 403
    assert ewa.post("/dostep/zapros/sprawdz/").status_code == 403


def test_answers_can_be_changed_before_they_are_sent(anna: Client) -> None:
    answer(anna)
    text = anna.get("/dostep/zapros/sprawdz/").content.decode()
    assert "Płatnik" in text
    assert "bez daty końca" in text
    last = in_days(10)
    assert anna.post("/dostep/zapros/rola/", {"role": "full"})["Location"] == "/dostep/zapros/sprawdz/"
    anna.post("/dostep/zapros/czas/", {"lasts": "until", "last_day": last.isoformat()})
    text = anna.get("/dostep/zapros/sprawdz/").content.decode()
    assert "Pełny dostęp" in text
    anna.post("/dostep/zapros/sprawdz/")
    assert Invitation.objects.get().grant_ends_on == last + timedelta(days=1)


def test_an_answer_that_time_has_overtaken_is_asked_again(anna: Client) -> None:
    answer(anna, czas={"lasts": "until", "last_day": clock.today().isoformat()})
    session = anna.session
    KEPT.put(session, KEPT.get(session) | {"term": {"lasts": "until", "last_day": in_days(-1).isoformat()}})
    session.save()
    assert anna.get("/dostep/zapros/sprawdz/")["Location"] == "/dostep/zapros/czas/"


def test_the_first_question_still_open_comes_next(anna: Client) -> None:
    assert anna.get("/dostep/zapros/sprawdz/")["Location"] == "/dostep/zapros/rola/"
    assert anna.post("/dostep/zapros/osoba/", ANSWERS["osoba"])["Location"] == "/dostep/zapros/rola/"
    assert anna.get("/dostep/zapros/adres/")["Location"] == "/dostep/zapros/rola/"


BAD: dict[str, tuple[str, dict[str, object], str]] = {
    "no role": ("rola", {}, "role"),
    "the owner's role": ("rola", {"role": "owner"}, "role"),
    "a role that is none": ("rola", {"role": "x" * 9_000}, "role"),
    "nobody": ("osoba", {"why": "spouse"}, "invitee"),
    "a name too long": ("osoba", {"invitee": "x" * 101, "why": "spouse"}, "invitee"),
    "a name with NUL": ("osoba", {"invitee": "Ewa\x00", "why": "spouse"}, "invitee"),
    "a name with a line end": ("osoba", {"invitee": "Ewa\nZ", "why": "spouse"}, "invitee"),
    "a name with a mark that turns text": ("osoba", {"invitee": "Ewa\u202eZ", "why": "spouse"}, "invitee"),
    "no ground": ("osoba", {"invitee": "Ewa"}, "why"),
    "another ground left out": ("osoba", {"invitee": "Ewa", "why": "other"}, "other"),
    "another ground too long": ("osoba", {"invitee": "Ewa", "why": "other", "other": "x" * 121}, "other"),
    "no channel": ("kod", {}, "channel"),
    "pigeon": ("kod", {"channel": "pigeon"}, "channel"),
    "no end chosen": ("czas", {}, "lasts"),
    "an end without its day": ("czas", {"lasts": "until"}, "last_day"),
    "a day that is none": ("czas", {"lasts": "until", "last_day": "31.02.2027"}, "last_day"),
    "a day that is past": ("czas", {"lasts": "until", "last_day": "2020-01-01"}, "last_day"),
    "the last day there is": ("czas", {"lasts": "until", "last_day": "9999-12-31"}, "last_day"),
    "words for a day": ("czas", {"lasts": "until", "last_day": "jutro\x00"}, "last_day"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_answer_is_told_at_its_field_and_nothing_typed_is_lost(anna: Client, fault: str) -> None:
    step, form, field = BAD[fault]
    answered = anna.post(f"/dostep/zapros/{step}/", form)
    assert said_at(answered, field)
    assert answered.context["form"].data.dict() == form


@pytest.mark.parametrize(
    "recipient",
    ["", "ewa", "ewa@", "a" * 300 + "@example.com", "ewa@example.com\x00", "ewa\n@example.com", '"e w"@example.com',
     "Ewa <ewa@example.com>", "ewa@example.com,jan@example.com", "ewa@exa mple.com"],
)  # fmt: skip
def test_an_address_no_mail_can_reach_is_told_at_its_field(anna: Client, recipient: str) -> None:
    anna.post("/dostep/zapros/kod/", {"channel": "email"})
    assert said_at(anna.post("/dostep/zapros/adres/", {"recipient": recipient}), "recipient")


@pytest.mark.parametrize(
    "recipient", ["", "123", "22 779 12 34", "+44 7400 123456", "6" * 40, "600700800\x00", "sześćset"]
)
def test_a_number_no_sms_can_reach_is_told_at_its_field(anna: Client, recipient: str, settings: Settings) -> None:
    settings.EBOK_SMS_URL = "console:"
    anna.post("/dostep/zapros/kod/", {"channel": "sms"})
    assert said_at(anna.post("/dostep/zapros/adres/", {"recipient": recipient}), "recipient")


def test_another_channel_forgets_the_address_of_the_one_before(anna: Client, settings: Settings) -> None:
    settings.EBOK_SMS_URL = "console:"
    answer(anna, kod={"channel": "email"}, adres={"recipient": "ewa@example.com"}, czas=ANSWERS["czas"])
    assert anna.post("/dostep/zapros/kod/", {"channel": "sms"})["Location"] == "/dostep/zapros/adres/"
    assert anna.post("/dostep/zapros/kod/", {"channel": "paper"})["Location"] == "/dostep/zapros/sprawdz/"


@pytest.mark.parametrize(
    "code", ["", "ABC", "Z" * 19, "Z" * 21, "Z" * 3_000, "Z" * 19 + "\x00", "ĄĘ" * 10, "💧" * 20, "Ż" * 19 + "!"]
)
def test_a_code_that_cannot_be_one_is_told_at_its_field(db: None, code: str) -> None:
    assert said_at(typed_in(Client(), code), "code")


NEW_LOGIN_FAULTS = {
    "no name": ({"full_name": ""}, "full_name"),
    "a name with NUL": ({"full_name": "Ewa\x00"}, "full_name"),
    "a name too long": ({"full_name": "x" * 101}, "full_name"),
    "no login": ({"username": ""}, "username"),
    "one letter": ({"username": "e"}, "username"),
    "a login too long": ({"username": "e" * 300}, "username"),
    "a login with Polish letters": ({"username": "zielińska"}, "username"),
    "a login with Cyrillic look-alikes": ({"username": "ewа.zielinska"}, "username"),
    "a login with NUL": ({"username": "ewa\x00"}, "username"),
    "somebody's login": ({"username": "ANNA"}, "username"),
    "no password": ({"new_password": ""}, "new_password"),
    "a short password": ({"new_password": "krótkie"}, "new_password"),
    "an endless password": ({"new_password": "x" * 5_000}, "new_password"),
    "their own login as password": ({"new_password": "ewa.zielinska"}, "new_password"),
}


@pytest.mark.parametrize("fault", NEW_LOGIN_FAULTS)
def test_a_login_that_cannot_be_made_is_told_at_its_field_and_the_code_still_works(anna: Client, fault: str) -> None:
    changed, field = NEW_LOGIN_FAULTS[fault]
    code, visitor = invited(anna), Client()
    typed_in(visitor, code)
    assert said_at(visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN | changed), field)
    assert User.objects.count() == 1
    assert visitor.post("/dostep/zaproszenie/login/", NEW_LOGIN).status_code == 302


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "decision"),
        ({"decision": "owner"}, "decision"),
        ({"decision": "full", "last_day": "2020-01-01"}, "last_day"),
        ({"decision": "full", "last_day": "x\x00"}, "last_day"),
        ({"decision": "refuse", "reason": "x" * 301}, "reason"),
        ({"decision": "refuse", "reason": "a\x00b"}, "reason"),
        ({"decision": "refuse", "reason": "   "}, "reason"),
    ],
)
def test_a_bad_decision_is_told_at_its_field(anna: Client, form: dict[str, str], field: str) -> None:
    a_person("ewa")
    asked = a_request()
    assert said_at(anna.post(f"/dostep/prosby/{asked}/", form), field)
    assert AccessRequest.objects.get().decision == ""


@pytest.mark.parametrize("number", ["0", "9" * 30])
@pytest.mark.parametrize("path", ["/dostep/{}/", "/dostep/prosby/{}/", "/dostep/zaproszenia/{}/wycofanie/"])
def test_numbers_of_nothing_are_not_found(anna: Client, path: str, number: str) -> None:
    assert anna.get(path.format(number)).status_code == 404


def test_looking_at_pages_consumes_nothing(anna: Client) -> None:
    code, visitor = invited(anna), Client()
    typed_in(visitor, code)
    before = Invitation.objects.values().get()
    for path in ("/dostep/zaproszenie/", "/dostep/zaproszenie/przyjecie/", "/dostep/zaproszenie/login/"):
        assert visitor.get(path).status_code == 200
        assert visitor.head(path).status_code == 200
    assert visitor.post("/dostep/zaproszenie/przyjecie/").status_code == 200
    assert Invitation.objects.values().get() == before
