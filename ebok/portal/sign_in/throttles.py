"""How often people may try things that guess at a login."""

from datetime import datetime, timedelta
from typing import Final

from ebok.foundation.limits import Limit, give_back, take

QUARTER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)

SIGN_IN: Final = (
    Limit(name="sign_in.login", times=10, within=QUARTER),
    Limit(name="sign_in.address", times=50, within=QUARTER),
    Limit(name="sign_in.all", times=2_000, within=QUARTER),
)
RESET: Final = (
    Limit(name="reset.email", times=5, within=HOUR),
    Limit(name="reset.address", times=20, within=HOUR),
    Limit(name="reset.all", times=1_000, within=HOUR),
)
RESET_CODE: Final = Limit(name="reset_code.address", times=50, within=HOUR)
PASSWORD_CHANGE: Final = Limit(name="password_change.user", times=10, within=QUARTER)


def take_all(*, limits: tuple[Limit, Limit, Limit], who: str, address: str, now: datetime) -> bool:
    """Count one try for the person, their network address and everybody, and say whether all three allow it."""
    subjects = (who.strip().lower(), address, "")
    taken = [take(limit=limit, subject=subject, now=now) for limit, subject in zip(limits, subjects, strict=True)]
    return all(taken)


def give_all_back(*, limits: tuple[Limit, Limit, Limit], who: str, address: str, now: datetime) -> None:
    """Undo one try that turned out well, so that only failures use the limits up."""
    for limit, subject in zip(limits, (who.strip().lower(), address, ""), strict=True):
        give_back(limit=limit, subject=subject, now=now)
