"""What people with part of an account see of it, in a browser: their part whole, and kind words about the rest."""

from datetime import timedelta

import pytest

from ebok.access.models import Grant
from ebok.billing.models import Invoice
from ebok.foundation import clock
from tests.system.walk import Walker
from tests.system.world import a_world, carry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("readings", ["/panel/", "/odczyty/", "/ja/"]),
        ("invoices", ["/panel/", "/faktury/"]),
        ("payer", ["/panel/", "/rozliczenia/"]),
    ],
)
def test_each_role_finds_its_own_pages_whole(walker: Walker, role: str, pages: list[str]) -> None:
    # Given somebody who was given a part of the account
    carry(walker, a_world().client)
    Grant.objects.filter(user__username="anna").update(role=role)
    # When they open what is theirs, then every page holds every law of the screens
    walker.expect_good_tour(pages, themes=["light"])


def test_what_a_role_does_not_cover_is_said_kindly(walker: Walker) -> None:
    carry(walker, a_world().client)
    Grant.objects.filter(user__username="anna").update(role="readings")
    walker.expect_good_everywhere("/faktury/", status=403)


def test_a_former_owner_finds_the_papers_of_their_time(walker: Walker) -> None:
    # Given an owner whose time has ended after all their papers were issued
    carry(walker, a_world().client)
    today = clock.today()
    Grant.objects.filter(user__username="anna").update(starts_on=today - timedelta(days=900), ends_on=today)
    # When they open them, then they are there
    oldest = Invoice.objects.order_by("issue_date").first()
    assert oldest is not None
    walker.expect_good_tour(["/faktury/", f"/faktury/{oldest.pk}/"], themes=["light"])
