"""How often people may try things that guess at a login."""

from datetime import datetime, timedelta
from typing import Final

from ebok.access.queries import login_typed
from ebok.foundation.limits import Limit, lift

HOUR: Final = timedelta(hours=1)

SIGN_IN: Final = (
    Limit(name="sign_in.login", times=10, within=HOUR),
    Limit(name="sign_in.address", times=100, within=HOUR),
    Limit(name="sign_in.all", times=8_000, within=HOUR),
)
RESET: Final = (
    Limit(name="reset.email", times=5, within=HOUR),
    Limit(name="reset.address", times=20, within=HOUR),
    Limit(name="reset.all", times=1_000, within=HOUR),
)
RESET_CODE: Final = Limit(name="reset_code.address", times=50, within=HOUR)
PASSWORD_CHANGE: Final = Limit(name="password_change.user", times=10, within=HOUR)


def lift_sign_in(*, user_id: int, now: datetime) -> None:
    """Let the owner of a login in again, whatever others have tried at it."""
    lift(limit=SIGN_IN[0], subject=_login(user_id), now=now)


def login_subject(typed: str) -> str:
    """Whose tries are counted: the login's, by whichever of its names it was typed, or the words that are no login."""
    login = login_typed(typed=typed)
    return f"typed:{typed}" if login is None else _login(login.user_id)


def _login(user_id: int) -> str:
    return f"user:{user_id}"
