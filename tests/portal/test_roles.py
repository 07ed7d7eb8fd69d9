"""Each role sees its own part of an account on every page, links nowhere else, and is told what is not theirs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ebok.access.domain import AccountAction, GrantRole, StaffRole
from ebok.access.models import Grant, User
from ebok.access.operations import create_user, grant, make_staff
from ebok.billing.models import Invoice, LedgerEntry
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.customers.models import CustomerAccount
from ebok.customers.operations import register_accounts
from ebok.foundation import clock
from tests.billing import ACTING, an_account
from tests.households import Household
from tests.portal.customers import PASSWORD, a_customer, an_invoice, book, fa3, in_days

pytestmark = pytest.mark.django_db
WHOLE = CustomerScope.whole(acting="tests")
NEEDS = {
    "/panel/": AccountAction.SEE_ACCOUNT,
    "/faktury/": AccountAction.SEE_INVOICES,
    "/odczyty/": AccountAction.SEE_READINGS,
    "/rozliczenia/": AccountAction.SEE_LEDGER,
    "/rozliczenia/csv/": AccountAction.SEE_LEDGER,
    "/zaplac/": AccountAction.PAY,
    "/lokale/": AccountAction.SEE_ACCOUNT,
    "/ja/": AccountAction.SEE_ACCOUNT,
}
OPEN = {
    GrantRole.OWNER: set(NEEDS),
    GrantRole.FULL: set(NEEDS),
    GrantRole.PAYER: set(NEEDS) - {"/odczyty/"},
    GrantRole.INVOICES: {"/panel/", "/faktury/", "/lokale/", "/ja/"},
    GrantRole.READINGS: {"/panel/", "/odczyty/", "/lokale/", "/ja/"},
}


def somebody(role: GrantRole, *numbers: str, username: str = "jan") -> Client:
    """A browser of somebody with this role on these accounts."""
    client = a_customer(username)
    for number in numbers:
        give(username, number, role)
    return client


def give(username: str, number: str, role: GrantRole) -> None:
    grant(
        scope=WHOLE, username=username, account_number=number, ground="umowa", today=clock.today(), acting=ACTING,
        now=clock.now(), role=role,
    )  # fmt: skip


def ends(username: str, ago: int) -> None:
    """Let the ownership of somebody have run out so many days ago."""
    last = clock.today() - timedelta(days=ago)
    Grant.objects.filter(user__username=username).update(starts_on=last - timedelta(days=900), ends_on=last)


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"[\s\u00a0]+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def links_of(client: Client, address: str) -> set[str]:
    html = client.get(address).content.decode()
    return {link.split("?")[0] for link in re.findall(r'(?:href|action)="(/[^"#]*)"', html)}


@pytest.mark.parametrize("role", GrantRole)
def test_each_place_is_open_to_the_roles_it_is_for_and_kindly_closed_to_others(role: GrantRole) -> None:
    an_account("100001")
    jan = somebody(role, "100001")
    answers = {address: jan.get(address).status_code for address in NEEDS}
    assert answers == {address: 200 if address in OPEN[role] else 403 for address in NEEDS}


@pytest.mark.parametrize("role", GrantRole)
def test_no_page_links_to_one_its_reader_may_not_open(role: GrantRole) -> None:
    an_account("100001")
    an_invoice("FV/1", due=in_days(4))
    jan = somebody(role, "100001")
    pages = set(OPEN[role]) - {"/rozliczenia/csv/"}
    if "/faktury/" in OPEN[role]:
        pages.add(reverse("invoice", args=[Invoice.objects.get().id]))
    linked = set().union(*(links_of(jan, page) for page in pages)) & (set(NEEDS) | {"/rozliczenia/csv/"})
    assert linked - OPEN[role] == set()


def test_what_is_not_covered_is_said_with_whom_to_ask() -> None:
    an_account("100001")
    jan = somebody(GrantRole.READINGS, "100001")
    said = text_of(jan, "/faktury/", status=403)
    assert "Twój dostęp nie obejmuje faktur." in said
    assert "O dostępie decyduje właściciel konta." in said
    assert "Przejdź: Start" in said
    assert jan.post("/faktury/wybrane/").status_code == 403


def test_somebody_without_any_access_sees_empty_places() -> None:
    nobody = a_customer("ewa")
    for address in ("/panel/", "/faktury/", "/odczyty/", "/rozliczenia/", "/zaplac/", "/ja/"):
        assert nobody.get(address).status_code == 200


def test_whoever_only_reads_meters_learns_nothing_of_money() -> None:
    home = Household("nowak")
    book(("a.xml", fa3("FV/SECRET", account=home.account.number, net="123.00", due=in_days(4))))
    Grant.objects.filter(user=home.user).update(role="readings")
    home.post("110")
    said = "".join(text_of(home.client, page) for page in ("/panel/", "/odczyty/", "/ja/", "/lokale/"))
    assert "132,84" not in said
    assert "FV/SECRET" not in said
    assert "Twój dostęp: tylko odczyty." in said


def test_whoever_only_sees_invoices_learns_nothing_of_meters_and_balance() -> None:
    home = Household("nowak")
    book(("a.xml", fa3("FV/1", account=home.account.number, due=in_days(4))))
    Grant.objects.filter(user=home.user).update(role="invoices")
    said = text_of(home.client, "/panel/")
    assert "FV/1" in said
    assert "WM-nowak" not in said
    assert "Do zapłaty" not in said
    invoice = Invoice.objects.get()
    page = home.client.get(reverse("invoice", args=[invoice.id])).content.decode()
    assert "/zaplac/" not in page
    assert home.client.get(reverse("ledger_entry", args=[LedgerEntry.objects.get().id])).status_code == 404
    assert home.client.get(home.url).status_code == 404


def test_the_account_chosen_elsewhere_does_not_open_what_its_role_does_not() -> None:
    first, second = an_account("100001", street="ul. Polna"), an_account("100002", street="ul. Leśna")
    jan = somebody(GrantRole.READINGS, "100001")
    give("jan", "100002", GrantRole.PAYER)
    jan.post("/lokal/", {"account": first})
    assert jan.session["account_id"] == first
    said = text_of(jan, "/rozliczenia/")
    assert "konto 100002" in said
    assert "100001" not in said
    assert jan.get(f"/zaplac/?konto={first}").status_code == 404
    assert jan.get(f"/zaplac/?konto={second}").status_code == 200


def test_a_former_owner_starts_at_their_papers_and_finds_nothing_later() -> None:
    anna = a_customer("anna", "100001")
    book(
        ("a.xml", fa3("FV/OLD", issued=in_days(-100), due=in_days(-80))),
        ("b.xml", fa3("FV/NEW", issued=in_days(-10), due=in_days(10))),
        ("c.xml", fa3("KOR/NEW", net="-10.00", issued=in_days(-5), corrects="FV/OLD", corrected_on=in_days(-100))),
    )
    ends("anna", 30)
    CustomerAccount.objects.update(name="Nowy Lokator", street="ul. Nowa")
    assert anna.get("/panel/").headers["Location"] == "/faktury/"
    old = Invoice.objects.get(number="FV/OLD").id
    said = text_of(anna, "/faktury/") + text_of(anna, reverse("invoice", args=[old])) + text_of(anna, "/ja/")
    for later in ("FV/NEW", "KOR/NEW", "Po terminie", "Zapłacona", "Skorygowana", "Nowy Lokator", "ul. Nowa"):
        assert later not in said
    assert "Z dawnego konta" in said
    assert text_of(anna, "/faktury/?stan=po-terminie").count("FV/OLD") == 0
    assert anna.get(reverse("invoice_pdf", args=[old])).status_code == 200
    assert anna.get(reverse("invoice_xml", args=[old])).status_code == 200
    for number in ("FV/NEW", "KOR/NEW"):
        later = Invoice.objects.get(number=number).id
        for name in ("invoice", "invoice_pdf", "invoice_xml"):
            assert anna.get(reverse(name, args=[later])).status_code == 404
        assert anna.post("/faktury/wybrane/", {"faktura": later, "co": "zip"}).status_code == 404
    for address in ("/rozliczenia/", "/rozliczenia/csv/", "/odczyty/", "/zaplac/"):
        assert anna.get(address).status_code == 403
    # The utility's name leads home, which leads on to the papers.
    assert links_of(anna, "/faktury/") & set(NEEDS) == {"/panel/", "/faktury/", "/ja/"}


def test_the_next_owner_sees_nothing_of_the_one_before() -> None:
    ewa = a_customer("ewa", "100001")
    book(
        ("a.xml", fa3("FV/OLD", issued=in_days(-100), due=in_days(-80))),
        ("b.xml", fa3("FV/NEW", issued=in_days(-10), due=in_days(10))),
    )
    Grant.objects.update(documents_from=in_days(-30))
    pages = ("/panel/", "/faktury/", "/rozliczenia/", "/zaplac/")
    said = "".join(text_of(ewa, page) for page in pages)
    assert "FV/NEW" in said
    assert "FV/OLD" not in said
    assert "216,00" not in said
    body = b"".join(ewa.get("/rozliczenia/csv/").streaming_content).decode()
    assert "FV/NEW" in body
    assert "FV/OLD" not in body


def test_whoever_takes_an_account_over_that_the_registry_gave_to_them_starts_at_zero() -> None:
    an_account("100001")
    book(
        ("a.xml", fa3("FV/OLD", issued=in_days(-100), due=in_days(-80))),
        ("b.xml", fa3("FV/LATE", issued=in_days(-20), due=in_days(-6), period=(in_days(-90), in_days(-31)))),
        ("c.xml", fa3("FV/NEW", issued=in_days(-10), due=in_days(10))),
    )
    hers = RegistryRow(line=1, key="100001", values={"name": "Ewa Lis"})
    register_accounts(rows=[hers], acting=ACTING, now=clock.now() - timedelta(days=30))
    ewa = somebody(GrantRole.OWNER, "100001", username="ewa")
    pages = ("/panel/", "/faktury/", "/rozliczenia/", "/zaplac/")
    said = "".join(text_of(ewa, page) for page in pages)
    body = b"".join(ewa.get("/rozliczenia/csv/").streaming_content).decode()
    for told in (said, body):
        assert ("FV/NEW" in told, "FV/OLD" in told, "FV/LATE" in told) == (True, False, False)
    assert "216,00" not in said
    assert "324,00" not in said
    theirs = [Invoice.objects.get(number=number).id for number in ("FV/OLD", "FV/LATE", "FV/NEW")]
    assert [ewa.get(f"/faktury/{one}/").status_code for one in theirs] == [404, 404, 200]


@pytest.mark.parametrize("role", StaffRole)
def test_staff_find_no_page_of_a_customer(role: StaffRole) -> None:
    create_user(username="ola", password=PASSWORD, acting=ACTING, now=clock.now())
    make_staff(username="ola", role=role, acting=ACTING, now=clock.now())
    ola = Client()
    ola.force_login(User.objects.get(username="ola"))
    for address in ("/panel/", "/faktury/", "/rozliczenia/", "/zaplac/", "/faktury/1/"):
        assert ola.get(address).status_code == 404
