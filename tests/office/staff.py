"""People of the office, signed in."""

from django.test import Client

from ebok.access.domain import StaffRole
from ebok.access.models import StaffPost, User
from ebok.access.operations import create_user
from ebok.foundation import clock
from tests.billing import ACTING
from tests.portal.customers import PASSWORD


def a_clerk(username: str = "barbara", role: StaffRole = StaffRole.CLERK, *, is_demo: bool = True) -> Client:
    """A browser signed in as somebody with a post in the office."""
    now = clock.now()
    login = create_user(
        username=username, password=PASSWORD, full_name=f"{username.title()} Urzędnik", is_demo=is_demo,
        acting=ACTING, now=now,
    )  # fmt: skip
    StaffPost.objects.create(user_id=login.user_id, role=role.value, started_at=now, started_by=ACTING.name)
    client = Client()
    client.force_login(User.objects.get(pk=login.user_id))
    return client
