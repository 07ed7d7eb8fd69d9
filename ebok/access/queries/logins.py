"""Who a login is."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from ebok.access.domain import Login, StaffMember, StaffRole
from ebok.access.models import StaffPost, User
from ebok.foundation.lookups import among


def staff_member(*, user_id: int) -> StaffMember | None:
    """The member of staff this login is now; None for customers and for former staff."""
    post = StaffPost.objects.select_related("user").filter(user_id=user_id, ended_at__isnull=True).first()
    if post is None or not post.user.is_active:
        return None
    return StaffMember(
        user_id=user_id,
        username=post.user.username,
        full_name=post.user.full_name,
        role=StaffRole(post.role),
        is_demo=post.user.is_demo,
    )


def staff_roles(*, user_ids: Iterable[int]) -> dict[int, StaffRole]:
    """What each of these logins works at, or worked at last; customers' logins are left out."""
    posts = StaffPost.objects.filter(user_id__in=list(user_ids)).order_by("user_id", "-started_at", "-id")
    return {user_id: StaffRole(role) for user_id, role in posts.distinct("user_id").values_list("user_id", "role")}


def login_of(*, username: str) -> Login | None:
    """The login of this name, in any case; None when there is none."""
    user = User.objects.filter(username=username.strip().lower()).first()
    return None if user is None else as_login(user)


def login_by_id(*, user_id: int) -> Login | None:
    """The login of this id; None when there is none."""
    user = User.objects.filter(id=user_id).first()
    return None if user is None else as_login(user)


def login_typed(*, typed: str) -> Login | None:
    """The login a person means by a login name or an e-mail, in any case; None when there is none."""
    words = typed.strip().lower()
    users = User.objects.filter(Q(username=words) | Q(email=words) & ~Q(email=""))
    found = {user.username: user for user in users}
    user = found.get(words) or next(iter(found.values()), None)
    return None if user is None else as_login(user)


def logins_by_email(*, emails: Iterable[str]) -> dict[str, Login]:
    """The logins that have these addresses, by address in small letters."""
    wanted = {email.lower() for email in emails if email}
    return {user.email: as_login(user) for user in User.objects.filter(among("email", wanted))}


def login_names(*, user_ids: Iterable[int]) -> dict[int, str]:
    """What the people behind these logins are called, closed ones too, for lists of who did what."""
    return {user.id: user.get_full_name() for user in User.objects.filter(among("id", set(user_ids)))}


def logins() -> list[Login]:
    """Every login, by name, for the operator's lists."""
    return [as_login(user) for user in User.objects.order_by("username")]


def demo_logins_exist() -> bool:
    """Say whether any login of the demo, with its printed password, is here."""
    return User.objects.filter(is_demo=True).exists()


def may_sign_in(*, user_id: int) -> bool:
    """Whether the login is switched on. A demo login works only in a demo on plain http."""
    found = User.objects.filter(id=user_id, is_active=True)
    if not settings.EBOK_DEMO or settings.EBOK_PUBLIC_URL.startswith("https:"):
        found = found.filter(is_demo=False)
    return found.exists()


def as_login(user: User) -> Login:
    """A login without its password."""
    return Login(
        user_id=user.id,
        username=user.username,
        email=user.email,
        phone=user.phone,
        full_name=user.full_name,
        is_active=user.is_active,
        is_demo=user.is_demo,
    )
