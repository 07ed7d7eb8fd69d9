"""How often anybody may ask without signing in whether what they claim of an account is true.

One limit for every public check of the same data (activation, ordering a letter, telling a genuine invoice),
so that no page is a second set of tries at what another one guards.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from ebok.enrolment.domain import without_zeros
from ebok.foundation.limits import Limit, take_each

HOUR: Final = timedelta(hours=1)
BY_ADDRESS: Final = Limit(name="public_check.address", times=20, within=HOUR)
BY_ACCOUNT: Final = Limit(name="public_check.account", times=5, within=HOUR)
BY_ALL: Final = Limit(name="public_check.all", times=1_000, within=HOUR)
TOO_MANY: Final = "Za dużo prób. Odczekaj ponad godzinę albo zadzwoń do nas."


def may_check(*, account_number: str, address: str, now: datetime) -> bool:
    """Count one check of an account number, typed as it may be, from a network address; say whether it is allowed."""
    plain = without_zeros("".join(account_number.split()).upper())
    return not take_each(uses=[(BY_ADDRESS, address), (BY_ACCOUNT, plain), (BY_ALL, "")], now=now)


def may_ask(*, address: str, now: datetime) -> bool:
    """Count one public check that does not name a customer's account, from a network address."""
    return not take_each(uses=[(BY_ADDRESS, address), (BY_ALL, "")], now=now)


def may_be_told(*, subjects: Sequence[str], now: datetime) -> bool:
    """Count one try at each thing whose data could be guessed, as many as an account has; say whether it is allowed."""
    return not take_each(uses=[(BY_ACCOUNT, subject) for subject in subjects], now=now)
