"""People with logins, for tests of who reaches an account and who is told of it."""

from datetime import UTC, date, datetime
from typing import Any

from ebok.access.domain import AccountAction, GrantRole
from ebok.access.models import User
from ebok.access.operations import create_user, grant, invite, take_ownership
from ebok.access.operations.invitations import Invited
from ebok.access.queries import grants_of
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.notifications.models import OutgoingMessage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WHOLE = CustomerScope.whole(acting="tests")
STAFF = Actor(kind=ActorKind.STAFF, name="9")
PASSWORD = "zielony traktor liczy gwiazdy"


def person(username: str, **more: Any) -> int:
    """A login with an e-mail and a name of its own; returns its id."""
    values = {"email": f"{username}@example.com", "full_name": username.capitalize()} | more
    phone = values.pop("phone", "")
    login = create_user(username=username, password=PASSWORD, acting=STAFF, now=NOW, **values)
    User.objects.filter(id=login.user_id).update(phone=phone)
    return login.user_id


def by(user_id: int) -> Actor:
    """The login as an actor."""
    return Actor(kind=ActorKind.USER, name=str(user_id))


def owns(user_id: int, account_id: int, **more: Any) -> Any:
    """Take the ownership as an activation does."""
    values = {"method": "invoice", "ground": "aktywacja", "today": TODAY, "acting": by(user_id), "now": NOW} | more
    return take_ownership(account_id=account_id, user_id=user_id, **values)


def given(username: str, number: str, role: GrantRole, **more: Any) -> int:
    """Give a role as `ebok grant` does; returns the grant's id."""
    values = {"ground": "umowa", "today": TODAY, "acting": STAFF, "now": NOW} | more
    return grant(scope=WHOLE, username=username, account_number=number, role=role, **values).grant_id


def managed(user_id: int, today: date = TODAY) -> CustomerScope:
    """What the login manages access of."""
    return reach(user_id, AccountAction.MANAGE_ACCESS, today)


def reach(user_id: int, action: AccountAction = AccountAction.SEE_ACCOUNT, today: date = TODAY) -> CustomerScope:
    """The accounts on which the login may do this."""
    return grants_of(user_id=user_id, today=today).scope(action)


def invited(owner: int, account_id: int, **more: Any) -> Invited:
    """An invitation by the owner, to paper unless said otherwise."""
    values: dict[str, Any] = {
        "invitee": "Piotr Zięba", "role": GrantRole.PAYER, "channel": "paper", "recipient": "", "ground": "rodzina",
        "until": None, "today": TODAY, "acting": by(owner), "now": NOW,
    }  # fmt: skip
    values |= more
    return invite(scope=managed(owner, values["today"]), account_id=account_id, invited_by=owner, **values)


def messages() -> list[tuple[str, str]]:
    """Every message queued so far: its kind and its recipient, in order."""
    return list(OutgoingMessage.objects.order_by("id").values_list("kind", "recipient"))


def deeds(action: str) -> list[AuditRow]:
    """The rows of audit of this action."""
    return list(AuditRow.objects.filter(action=action).order_by("id"))
