"""The demo is booked once, whole, through the same imports as real files."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.test import override_settings

from ebok.access.domain import AccountAction
from ebok.access.queries import demo_logins_exist, grants_of, login_of, staff_member, waiting_requests
from ebok.access.queries import logins as all_logins
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import waiting_data_changes
from ebok.einvoicing.models import InvoiceTransmission
from ebok.einvoicing.queries.printing import paper_waiting
from ebok.einvoicing.queries.runs import runs
from ebok.enrolment.queries import letters_waiting
from ebok.enrolment.queries.applications import applications
from ebok.foundation import clock
from ebok.jobs import loading
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS

ON = date(2026, 11, 22)


def heard(_: str) -> None:
    """Nobody listens."""


@pytest.mark.django_db
def test_the_demo_is_booked_and_a_second_booking_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    call_command("demo", folder, accounts=MINIMUM_ACCOUNTS, months=3, on=ON)
    assert loading.wanted(folder=folder)
    loading.load(folder=folder, tell=heard)
    assert not loading.wanted(folder=folder)
    anna = login_of(username="anna")
    assert anna is not None
    assert anna.is_demo
    assert grants_of(user_id=anna.user_id, today=clock.today()).scope(AccountAction.SEE_ACCOUNT).account_ids
    before = in_the_office()
    assert all(before.values()), before
    assert [run.taken for run in runs()] == [waiting_for_mail()]
    loading.load(folder=folder, tell=heard)
    assert in_the_office() == before
    logins = [login.login for login in loading.demo_logins(folder=folder)]
    assert (logins[:2], logins[-4:]) == (["anna", "zarzad"], ["biuro", "biuro2", "kierownik", "iod"])


def in_the_office() -> dict[str, int]:
    """How much waits for the office of the demo, and how many work there."""
    everybody, now = CustomerScope.for_staff(None, reason="tests"), clock.now()
    return {
        "staff": sum(staff_member(user_id=login.user_id) is not None for login in all_logins()),
        "applications": len(applications()),
        "letters": len(letters_waiting(now=now)),
        "requests": len(waiting_requests(scope=everybody)),
        "changes": len(waiting_data_changes(scope=everybody)),
        "prints": paper_waiting().count,
        "runs": len(runs()),
    }


def waiting_for_mail() -> int:
    """How many of the newest invoices go by e-mail."""
    mailed = Q(channel="email", carried_by="ebok") | Q(copy_by_email=True, sending__run__isnull=False)
    return InvoiceTransmission.objects.filter(mailed).count()


@pytest.mark.django_db
def test_a_booking_that_was_interrupted_is_gone_on_with(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    call_command("demo", folder, accounts=MINIMUM_ACCOUNTS, months=1, on=ON)
    with pytest.raises(SystemExit):
        call_command("import_registry", folder / "registry")
    assert loading.wanted(folder=folder)
    loading.load(folder=folder, tell=heard)
    assert not loading.wanted(folder=folder)


@pytest.mark.django_db
@pytest.mark.parametrize("where", [{"EBOK_PUBLIC_URL": "https://ebok.example"}, {"EBOK_DEMO": False}])
def test_demo_logins_are_never_made_where_strangers_come(where: dict[str, object]) -> None:
    with override_settings(**where), pytest.raises(CommandError, match="tylko w wersji pokazowej"):
        call_command("load_demo")
    assert not demo_logins_exist()
