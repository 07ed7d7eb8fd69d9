"""Whose e-invoices do not arrive is told so on the panel, until an address is confirmed anew."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from ebok.customers.models import CustomerAccount
from ebok.einvoicing.models import Mailing
from ebok.einvoicing.operations.failures import mail_again, take_failure
from ebok.einvoicing.operations.runs import advance_runs, start_run
from tests.billing import ACTING, NOW, TODAY
from tests.einvoicing import accept, carriers, change, invoice
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db
SENTENCE = "Nie dochodzą do Ciebie e-maile z fakturami"


@pytest.fixture(autouse=True)
def _carriers(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY
    with carriers():
        yield


def test_the_panel_tells_of_an_address_that_refuses_mail_until_it_is_another_one() -> None:
    anna, stranger = a_customer("anna", "100001"), a_customer("ewa", "100002")
    account = CustomerAccount.objects.get(number="100001").id
    accept(account)
    invoice()
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=lambda: NOW)
    take_failure(message_key=Mailing.objects.get().message_key, words="550", now=NOW)
    assert SENTENCE not in anna.get("/panel/").content.decode()
    mail_again(now=NOW + timedelta(days=1))
    take_failure(message_key=Mailing.objects.get(number=2).message_key, words="550", now=NOW)
    page = anna.get("/panel/").content.decode()
    assert SENTENCE in page
    assert 'href="/efaktura/"' in page
    assert SENTENCE not in stranger.get("/panel/").content.decode()
    for path in ("/panel/", "/efaktura/"):
        CustomerAccount.objects.filter(pk=account).update(nip="")
        assert "na papierze" in anna.get(path).content.decode()
        CustomerAccount.objects.filter(pk=account).update(nip="5265877635")
        assert "na papierze" not in anna.get(path).content.decode()
        assert "Faktury są w KSeF i w eBOK." in anna.get(path).content.decode()
    change(account, "nowa@poczta.example")
    assert SENTENCE not in anna.get("/panel/").content.decode()
