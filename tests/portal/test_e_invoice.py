"""Turning e-invoices and notices on, another address, turning them off: confirmed, told, on record, for who may."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.test import Client

from ebok.access.domain import CODE_TRIES, GrantRole
from ebok.access.models import Grant, OneTimeCode, User
from ebok.access.operations import end_ownership
from ebok.audit.models import AuditRow
from ebok.customers.models import CustomerAccount
from ebok.einvoicing.operations.acceptance import withdraw_path
from ebok.foundation import clock
from ebok.kernel.identifiers import hint
from ebok.notifications.models import OutgoingMessage
from ebok.portal.einvoice.link import WRONG
from ebok.portal.einvoice.words import entry_line
from ebok.portal.sign_in import throttles
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry, TermsKind
from ebok.terms.queries import broken_consents, consent_history
from tests.billing import ACTING
from tests.e_invoices import (
    EMAIL,
    PHONE,
    PRICE,
    WHOLE,
    a_wording,
    accepted,
    account_id,
    address_code,
    an_owner,
    the_wordings,
)
from tests.portal.customers import a_customer, an_invoice, freshen, in_days
from tests.portal.test_account_care import a_person

pytestmark = pytest.mark.django_db
HOME, GIVE, ADDRESS, CHECK = "/efaktura/", "/efaktura/zgoda/", "/efaktura/adres/", "/efaktura/sprawdz/"
AGAIN, OFF = "/efaktura/kod/", "/efaktura/wylaczenie/"
OTHER = "ksiegowa@example.com"


@pytest.fixture
def anna() -> Client:
    """The owner of 100001, with all three texts published."""
    client = an_owner()
    the_wordings()
    return client


def said(slug: str = "e-faktury", **more: object) -> dict[str, object]:
    kind = {"e-faktury": TermsKind.E_INVOICE, "e-mail": TermsKind.NOTICES_EMAIL, "sms": TermsKind.NOTICES_SMS}[slug]
    form = {"account": account_id(), "co": slug, "agree": "on", "where": "own", "version": a_wording(kind).id}
    return {name: value for name, value in (form | more).items() if value is not None}


def on_the_page(client: Client) -> str:
    """What the page of the check shows, as its form brings it back."""
    found = re.search(r'name="shown" value="([^"]*)"', client.get(CHECK).content.decode())
    return unescape(found[1]) if found else ""


def confirm(client: Client, slug: str = "e-faktury", **more: object) -> str:
    answer = client.post(CHECK, {"account": account_id(), "co": slug, "shown": on_the_page(client), **more})
    return str(answer.get("Location", "")) or answer.content.decode()


def history() -> list[ConsentEntry]:
    return consent_history(scope=WHOLE, account_id=account_id())


def text(client: Client, path: str) -> str:
    return plain(client.get(path).content.decode())


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def told(kind: str) -> set[str]:
    return set(OutgoingMessage.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_with_the_own_address_it_takes_a_tick_a_look_and_a_press(anna: Client) -> None:
    assert anna.post(GIVE, said())["Location"] == CHECK
    assert PRICE in text(anna, CHECK)
    assert history() == []
    [entry] = [] if confirm(anna) == HOME else history()
    assert (entry.address, entry.basis, entry.effective_from) == (EMAIL, ConsentBasis.LOGIN_ADDRESS, clock.today())
    assert (entry.price_effect, entry.wording_sha256) == (PRICE, a_wording().sha256)
    assert told("e_invoice_accepted") == {EMAIL}
    assert broken_consents() == []
    shown = text(anna, f"/efaktura/wpis/{entry.id}/")
    assert "Pierwszą e-fakturą będzie ta, którą wystawimy" in shown
    assert "Papierowych faktur już nie wyślemy." in shown
    assert anna.get(f"/efaktura/wpis/{entry.id}/potwierdzenie/").content.startswith(b"%PDF")


def test_another_address_counts_only_after_its_code(anna: Client) -> None:
    anna.post(GIVE, said(where="other", email="Ksiegowa@Example.com"))
    assert told("e_invoice_address_code") == {OTHER}
    assert OTHER in text(anna, CHECK)
    assert "Wpisz kod z e-maila." in confirm(anna)
    wrong = f"{(int(address_code()) + 1) % 1_000_000:06d}"
    assert "Ten kod się nie zgadza." in confirm(anna, code=wrong)
    assert history() == []
    confirm(anna, code=address_code())
    [entry] = history()
    assert (entry.address, entry.basis) == (OTHER, ConsentBasis.CODE)
    assert told("e_invoice_accepted") == {OTHER, EMAIL}
    assert not OneTimeCode.objects.filter(used_at__isnull=True).exists()
    results = AuditRow.objects.filter(action__startswith="consent.").order_by("id").values_list("action", "result")
    assert list(results) == [("consent.code_asked", "ok"), ("consent.code", "wrong_code"), ("consent.give", "ok")]


def test_a_code_ends_after_its_tries_and_another_one_can_be_sent(anna: Client) -> None:
    anna.post(GIVE, said(where="other", email=OTHER))
    right = address_code()
    for _ in range(CODE_TRIES):
        confirm(anna, code=f"{(int(right) + 1) % 1_000_000:06d}")
    assert "Ten kod już nie działa." in confirm(anna, code=right)
    form = {"account": account_id(), "co": "e-faktury", "shown": on_the_page(anna)}
    assert anna.post(AGAIN, form)["Location"] == CHECK
    confirm(anna, code=address_code())
    assert [one.address for one in history()] == [OTHER]


def test_nobody_fills_a_strangers_mailbox_with_codes(anna: Client) -> None:
    for _ in range(throttles.IDENTITY_TARGET.times):
        assert anna.post(GIVE, said(where="other", email=OTHER)).status_code == 302
    assert "Za dużo prób" in anna.post(GIVE, said(where="other", email=OTHER)).content.decode()
    assert OutgoingMessage.objects.filter(kind="e_invoice_address_code").count() == throttles.IDENTITY_TARGET.times


def test_nothing_is_ticked_or_chosen_before_the_person_does(anna: Client) -> None:
    for slug in ("e-faktury", "e-mail", "sms"):
        page = anna.get(f"{GIVE}?co={slug}").content.decode()
        assert " checked" not in page
        assert (
            a_wording(
                {"e-faktury": TermsKind.E_INVOICE, "e-mail": TermsKind.NOTICES_EMAIL}.get(slug, TermsKind.NOTICES_SMS)
            ).title
            in page
        )


def test_each_decision_is_apart(anna: Client) -> None:
    anna.post(GIVE, said("e-mail"))
    confirm(anna, "e-mail")
    assert [(one.decision, one.deed) for one in history()] == [(ConsentDecision.NOTICES_EMAIL, ConsentDeed.GIVEN)]
    page = text(anna, HOME)
    assert page.count("Włączone ") >= 1
    assert page.count("Wyłączone ") >= 2


def test_notices_by_sms_go_to_the_phone_of_the_login_only(anna: Client) -> None:
    anna.post(GIVE, said("sms", email=OTHER, where="other", address="+48600999999"))
    confirm(anna, "sms")
    [entry] = history()
    assert (entry.address, entry.basis) == (PHONE, ConsentBasis.LOGIN_ADDRESS)
    User.objects.update(phone="+48600123457")
    assert "600 123 456" in text(anna, HOME).replace("\xa0", " ")
    anna.post(ADDRESS, {"account": account_id(), "co": "sms"})
    confirm(anna, "sms")
    assert history()[-1].address == "+48600123457"


def test_without_a_phone_notices_by_sms_say_what_comes_first(anna: Client) -> None:
    User.objects.update(phone="")
    page = anna.get(f"{GIVE}?co=sms").content.decode()
    assert "Najpierw dodaj numer komórki" in page
    assert anna.post(GIVE, said("sms")).status_code == 200
    assert anna.get(CHECK)["Location"] == HOME


def test_another_address_leaves_the_old_one_until_its_code_and_tells_both(anna: Client) -> None:
    accepted()
    change = {"account": account_id(), "co": "e-faktury", "where": "other", "email": OTHER}
    assert anna.post(ADDRESS, change)["Location"] == CHECK
    assert EMAIL in text(anna, HOME)
    assert OTHER not in text(anna, HOME)
    confirm(anna, code=address_code())
    assert [(one.deed, one.address) for one in history()] == [(ConsentDeed.GIVEN, EMAIL), (ConsentDeed.CHANGED, OTHER)]
    assert told("e_invoice_changed") == {EMAIL, OTHER}


def test_the_same_address_is_no_change(anna: Client) -> None:
    accepted()
    page = anna.post(ADDRESS, {"account": account_id(), "co": "e-faktury", "where": "own"}).content.decode()
    assert "Ten adres jest już zapisany." in page
    assert len(history()) == 1


def test_one_press_turns_it_off_and_says_from_which_invoice_paper_comes(anna: Client) -> None:
    accepted()
    freshen(anna, at=1.0)
    page = anna.get(HOME).content.decode()
    assert f'action="{OFF}"' in page
    answer = anna.post(OFF, {"account": account_id(), "co": "e-faktury"}, follow=True)
    shown = plain(answer.content.decode())
    assert "Na papierze przyjdzie faktura, którą wystawimy" in shown
    assert 'href="/efaktura/zgoda/?co=e-faktury"' in answer.content.decode()
    assert history()[-1].deed is ConsentDeed.WITHDRAWN
    assert told("e_invoice_withdrawn") == {EMAIL}
    again = anna.post(OFF, {"account": account_id(), "co": "e-faktury"}, follow=True)
    assert "To jest już wyłączone." in again.content.decode()
    assert anna.get(OFF).status_code == 405
    assert len(history()) == 2


def test_looking_changes_nothing(anna: Client) -> None:
    entry = accepted()
    anna.post(ADDRESS, {"account": account_id(), "co": "e-faktury", "where": "other", "email": OTHER})
    for path in (
        HOME,
        f"{GIVE}?co=sms",
        f"{ADDRESS}?co=e-faktury",
        CHECK,
        f"/efaktura/wpis/{entry.id}/",
        withdraw_path(entry_id=entry.id),
    ):
        assert anna.get(path).status_code == 200, path
    assert len(history()) == 1


def test_a_text_that_changed_meanwhile_is_shown_anew(anna: Client) -> None:
    old = said()
    CustomerAccount.objects.get()
    newer = a_wording(TermsKind.NOTICES_EMAIL)
    assert "Treść zgody jest już nowsza." in anna.post(GIVE, old | {"version": newer.id}).content.decode()
    for version in ("", "x", "9" * 40, "-1"):
        assert anna.post(GIVE, old | {"version": version}).status_code == 200
    assert anna.get(CHECK)["Location"] == HOME


def test_what_began_in_another_window_is_not_confirmed_here(anna: Client) -> None:
    anna.post(GIVE, said())
    anna.post(GIVE, said("e-mail"))
    assert confirm(anna, "e-faktury") == HOME
    assert history() == []
    confirm(anna, "e-mail")
    assert [one.decision for one in history()] == [ConsentDecision.NOTICES_EMAIL]


def test_no_other_address_is_confirmed_than_the_one_this_window_showed(anna: Client) -> None:
    anna.post(GIVE, said(where="other", email=OTHER))
    shown, code = on_the_page(anna), address_code()
    anna.post(GIVE, said(where="own"))
    assert confirm(anna, shown=shown, code=code) == HOME
    assert history() == []
    confirm(anna)
    assert [one.address for one in history()] == [EMAIL]


def test_an_address_the_login_lost_meanwhile_confirms_nothing(anna: Client) -> None:
    anna.post(GIVE, said())
    User.objects.update(email="inna@example.com")
    assert confirm(anna) == HOME
    assert history() == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"agree": None}, "agree"),
        ({"where": None}, "where"),
        ({"where": "nigdzie"}, "where"),
        ({"where": "other", "email": ""}, "email"),
        ({"where": "other", "email": "anna"}, "email"),
        ({"where": "other", "email": "a\x00b@example.com"}, "email"),
        ({"where": "other", "email": "аnna@example.com"}, "email"),
        ({"where": "other", "email": "x" * 5_000 + "@example.com"}, "email"),
        ({"where": "other", "email": "anna@example.com\nBcc: x@example.com"}, "email"),
        ({"where": ["own", "other"], "email": "x"}, "email"),
    ],
)
def test_what_will_not_do_is_said_at_its_field(anna: Client, more: dict[str, object], field: str) -> None:
    answer = anna.post(GIVE, said(**more))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("code", ["", "12", "x" * 500, "12\x003456", "１２３４５６"])
def test_a_code_that_is_none_is_said_at_its_field(anna: Client, code: str) -> None:
    anna.post(GIVE, said(where="other", email=OTHER))
    assert "id_code_error" in confirm(anna, code=code)


@pytest.mark.parametrize("path", [GIVE, ADDRESS])
def test_what_is_no_decision_is_no_page(anna: Client, path: str) -> None:
    for slug in ("", "wszystko", "E_INVOICE", "\x00"):
        assert anna.get(path, {"co": slug}).status_code == 404
    for account in ("", "0", "x", "9" * 40):
        assert anna.post(path, said(account=account)).status_code == 404


@pytest.mark.parametrize(
    ("role", "sees", "gives"),
    [
        (GrantRole.FULL, 200, 302),
        (GrantRole.PAYER, 403, 403),
        (GrantRole.INVOICES, 403, 403),
        (GrantRole.READINGS, 403, 403),
    ],
)
def test_each_role_sees_and_decides_what_its_row_says(anna: Client, role: GrantRole, sees: int, gives: int) -> None:
    entry = accepted()
    ewa = a_person("ewa", role)
    User.objects.filter(username="ewa").update(email="ewa@example.com")
    assert ewa.get(HOME).status_code == sees
    own = 404 if sees == 403 else 200
    assert ewa.get(f"/efaktura/wpis/{entry.id}/").status_code == own
    assert ewa.get(f"/efaktura/wpis/{entry.id}/potwierdzenie/").status_code == own
    assert ewa.post(GIVE, said("e-mail")).status_code == gives
    assert ewa.post(OFF, {"account": account_id(), "co": "e-faktury"}).status_code == gives
    assert len(history()) == (2 if gives == 302 else 1)
    if gives == 302:
        assert EMAIL in told("e_invoice_withdrawn")


def test_a_stranger_finds_nothing(anna: Client) -> None:
    entry = accepted()
    jan = a_customer("jan", "100002")
    for path in (
        f"/efaktura/wpis/{entry.id}/",
        f"/efaktura/wpis/{entry.id}/potwierdzenie/",
        f"/efaktura/wpis/{10**30}/",
    ):
        assert jan.get(path).status_code == 404
    for path in (GIVE, ADDRESS, OFF):
        assert jan.post(path, said("e-mail")).status_code == 404
    assert EMAIL not in jan.get(HOME).content.decode()
    assert len(history()) == 1


def test_a_former_owner_has_none_of_it(anna: Client) -> None:
    entry = accepted()
    Grant.objects.update(starts_on=in_days(-90))
    end_ownership(
        scope=WHOLE, grant_id=Grant.objects.get().id, ends_on=clock.today(), reason="sprzedaż", today=clock.today(),
        acting=ACTING, now=clock.now(),
    )  # fmt: skip
    assert anna.get(HOME).status_code == 403
    assert anna.get(f"/efaktura/wpis/{entry.id}/").status_code == 404
    assert anna.post(OFF, {"account": account_id(), "co": "e-faktury"}).status_code == 403


def test_giving_asks_who_is_there_and_turning_off_does_not(anna: Client) -> None:
    freshen(anna, at=1.0)
    for path in (f"{GIVE}?co=e-faktury", f"{ADDRESS}?co=e-faktury", CHECK):
        assert anna.get(path)["Location"].startswith("/potwierdz/")


def test_while_off_it_never_sounds_as_if_paper_had_ended(anna: Client) -> None:
    assert "Gdy je włączysz, papierowych faktur już nie wyślemy." in text(anna, HOME)
    assert "Papierowych faktur już nie wyślemy." not in text(anna, HOME)


def test_a_buyer_with_a_nip_reads_that_invoices_are_in_ksef(anna: Client) -> None:
    CustomerAccount.objects.update(nip="5265877635")
    assert "faktury wystawiamy w KSeF" in text(anna, HOME)
    assert "faktury wystawiamy w KSeF" in text(anna, f"{GIVE}?co=e-faktury")
    assert "Papierowych faktur" not in text(anna, f"{GIVE}?co=e-faktury")


def test_the_card_names_the_first_invoice_once_there_is_one(anna: Client) -> None:
    accepted()
    assert "od pierwszej faktury, którą wystawimy" in text(anna, HOME)
    an_invoice("FV/7", issued=clock.today(), due=in_days(14))
    assert "od faktury FV/7" in text(anna, HOME)


def test_of_a_closed_account_it_is_said_before_anything_is_decided(anna: Client) -> None:
    for path in (HOME, f"{GIVE}?co=e-faktury"):
        assert "Konto zamknięte" not in text(anna, path)
    CustomerAccount.objects.update(closed_on=date(2026, 5, 31))
    for path in (HOME, f"{GIVE}?co=e-faktury"):
        assert "Konto zamknięte 31 maja 2026." in text(anna, path).replace("\u00a0", " ")


def test_what_no_person_decided_names_its_source_once(anna: Client) -> None:
    entry = replace(accepted(), channel=ConsentChannel.BILLING)
    assert entry_line(entry, who="system rozliczeń").who == "system rozliczeń"
    handed = replace(entry, channel=ConsentChannel.HANDOVER)
    assert entry_line(handed, who="nikt, bo zmienił się odbiorca").who == "nikt, bo zmienił się odbiorca"
    assert entry_line(replace(entry, channel=ConsentChannel.ONLINE), who="Anna").who == "Anna, w eBOK"


def test_the_panel_offers_it_while_it_is_off(anna: Client) -> None:
    assert "Włącz e-fakturę" in anna.get("/panel/").content.decode()
    accepted()
    assert "Włącz e-fakturę" not in anna.get("/panel/").content.decode()
    assert f'href="{HOME}"' in anna.get("/ja/").content.decode()


def test_the_link_of_a_mail_tells_first_and_ends_it_by_a_press(anna: Client) -> None:
    entry, nobody = accepted(), Client()
    path = withdraw_path(entry_id=entry.id)
    page = plain(nobody.get(path).content.decode())
    assert "Wyłączyć: E-faktury?" in page
    assert hint("100001") in page
    assert "100001" not in page
    assert "Anna" not in page
    assert EMAIL not in page
    assert len(history()) == 1
    assert "Na papierze przyjdzie faktura" in plain(nobody.post(path).content.decode())
    assert (history()[-1].deed, history()[-1].person) == (ConsentDeed.WITHDRAWN, f"link:{entry.id}")
    assert told("e_invoice_withdrawn") == {EMAIL}
    for answer in (nobody.post(path), nobody.get(path)):
        assert "E-faktury są wyłączone" in plain(answer.content.decode())
    assert len(history()) == 2


def test_a_buyer_with_a_nip_is_not_told_of_paper_by_the_link_nor_after_it(anna: Client) -> None:
    CustomerAccount.objects.update(nip="5265877635")
    path = withdraw_path(entry_id=accepted().id)
    for page in (Client().get(path), Client().post(path), anna.get(f"/efaktura/wpis/{history()[-1].id}/")):
        assert "nie przyślemy już e-mailem. Są w KSeF i w eBOK." in plain(page.content.decode())
        assert "papierze" not in plain(page.content.decode())


def test_an_old_link_leaves_a_newer_consent_alone(anna: Client) -> None:
    old = accepted()
    anna.post(OFF, {"account": account_id(), "co": "e-faktury"})
    accepted()
    Client().post(withdraw_path(entry_id=old.id))
    assert [one.deed for one in history()] == [ConsentDeed.GIVEN, ConsentDeed.WITHDRAWN, ConsentDeed.GIVEN]


def test_a_link_of_before_another_address_still_ends_it(anna: Client) -> None:
    old = accepted()
    anna.post(ADDRESS, {"account": account_id(), "co": "e-faktury", "where": "other", "email": OTHER})
    confirm(anna, code=address_code())
    Client().post(withdraw_path(entry_id=old.id))
    assert history()[-1].deed is ConsentDeed.WITHDRAWN
    assert told("e_invoice_withdrawn") == {EMAIL, OTHER}


def test_a_broken_link_says_so_and_how_else_to_turn_it_off_whoever_it_would_be_of(anna: Client) -> None:
    entry = accepted()
    mac, nobody = withdraw_path(entry_id=entry.id).split("/")[-2], Client()
    broken = [f"{entry.id}/{mac[:-2]}", f"{entry.id + 1}/{mac}", f"{10**30}/{mac}", "0/x"]
    answers = [nobody.get(f"/efaktura/rezygnacja/{one}/") for one in broken]
    assert {answer.status_code for answer in answers} == {404}
    main = {answer.text.split("<main")[1].split("</main")[0] for answer in answers}
    assert len(main) == 1
    assert "Ten link jest niepełny" in main.pop()
    assert len(history()) == 1


def test_a_link_that_is_not_ours_is_no_page_and_soon_no_more_tries(anna: Client) -> None:
    entry = accepted()
    right, nobody = withdraw_path(entry_id=entry.id), Client()
    mac = right.split("/")[-2]
    for wrong in (f"/efaktura/rezygnacja/{entry.id + 1}/{mac}/", f"/efaktura/rezygnacja/{entry.id}/{mac[:-1]}/"):
        assert nobody.post(wrong).status_code == 404
    for _ in range(WRONG.times - 2):
        nobody.get(f"/efaktura/rezygnacja/{entry.id}/x/")
    assert nobody.get(f"/efaktura/rezygnacja/{entry.id}/x/").status_code == 429
    assert nobody.get(right).status_code == 200
    assert len(history()) == 1


def test_the_text_of_a_consent_is_read_by_anybody_and_regulations_are_elsewhere(anna: Client) -> None:
    nobody = Client()
    wording = a_wording()
    page = nobody.get(f"/efaktura/tresc/{wording.id}/").content.decode()
    assert wording.sha256.hex() in page
    assert nobody.get(f"/efaktura/tresc/{10**30}/").status_code == 404
    assert nobody.get("/efaktura/tresc/0/").status_code == 404
