"""How often people may try things that guess at a login, and how nobody can lock an owner out.

Wrong passwords make the wait grow: a login takes 5 in five minutes, 10 in an hour, 30 in a day, a network
address 100 in an hour. Nothing locks for good. What a stranger uses up at somebody's password leaves the
other ways alone: a passkey, and a code by e-mail, whose asking is counted apart.

A stranger can ask for codes to somebody's address, too. So passwords and asking for codes are counted in two ways.
A browser from which the login was used before (`KnownDevice`) has tries of its own and meets no other limit:
who has neither e-mail nor passkey gets in there by password.
Every other browser shares what the login, the address and the network address have; no network address gets
more than part of the codes. So the owner gets in from their own browser whatever strangers do, from a new one unless
many network addresses work against them, and then after the wait, by a passkey, or with our help by phone.
"""

from datetime import datetime, timedelta
from typing import Final

from ebok.access.queries import login_typed
from ebok.access.queries.devices import is_known_device, knows_browser
from ebok.foundation.formats import waiting_time
from ebok.foundation.limits import Limit, Use, lift, take_each, wait_until

HOUR: Final = timedelta(hours=1)

SIGN_IN: Final = (
    Limit(name="sign_in.login.minutes", times=5, within=timedelta(minutes=5)),
    Limit(name="sign_in.login", times=10, within=HOUR),
    Limit(name="sign_in.login.day", times=30, within=timedelta(days=1)),
)
SIGN_IN_DEVICE: Final = tuple(
    Limit(name=limit.name.replace("login", "device"), times=limit.times, within=limit.within) for limit in SIGN_IN
)
"""Passwords of one login from the browsers it knows."""
SIGN_IN_ADDRESS: Final = Limit(name="sign_in.address", times=100, within=HOUR)
SIGN_IN_ALL: Final = Limit(name="sign_in.all", times=8_000, within=HOUR)

CODE_DEVICE: Final = Limit(name="code.device", times=5, within=HOUR)
"""Asking for a code to one e-mail from the browsers its login knows."""
CODE_EMAIL: Final = Limit(name="code.email", times=6, within=HOUR)
CODE_EMAIL_DAY: Final = Limit(name="code.email.day", times=30, within=timedelta(days=1))
"""Thirty codes of five tries are 150 guesses a day at a million."""
CODE_EMAIL_ADDRESS: Final = Limit(name="code.email_address", times=3, within=HOUR)
"""Asking for codes to one e-mail from one network address."""
CODE_ADDRESS: Final = Limit(name="code.address", times=20, within=HOUR)
CODE_ALL: Final = Limit(name="code.all", times=1_000, within=HOUR)
CODE_TYPED: Final = Limit(name="code_typed.address", times=50, within=HOUR)

PASSWORD_CHANGE: Final = Limit(name="password_change.user", times=10, within=HOUR)

IDENTITY_CHANGE: Final = Limit(name="identity_change.user", times=5, within=HOUR)
IDENTITY_TARGET: Final = Limit(name="identity_change.target", times=3, within=HOUR)
"""Codes to one new e-mail or phone, whoever asks: nobody's phone rings all night."""
SMS_ALL: Final = Limit(name="identity_change.sms", times=200, within=HOUR)
IDENTITY_CODE: Final = Limit(name="identity_code.user", times=20, within=HOUR)

OTHER_WAY: Final = "Jeśli masz w eBOK e-mail albo klucz, zalogujesz się nim od razu. Możesz też zadzwonić."
"""True for everybody, and tells nobody whether the login exists or what it has."""


def sign_in_uses(*, who: str, address: str) -> list[Use]:
    """What one password from an unknown browser counts against: the network address, the login, everybody."""
    return [(SIGN_IN_ADDRESS, address), *((limit, who) for limit in SIGN_IN), (SIGN_IN_ALL, "")]


def password_uses(*, typed: str, address: str, device: str) -> list[Use]:
    """What one password counts against: from a browser its login knows nothing that others can use up."""
    login = login_typed(typed=typed)
    user_id = 0 if login is None else login.user_id
    if knows_browser(user_id=user_id, cookie=device):
        return [(limit, _login(user_id)) for limit in SIGN_IN_DEVICE]
    who = _login(user_id) if user_id else f"typed:{typed.strip().lower()}"
    return sign_in_uses(who=who, address=address)


def refusal_of_code(*, email: str, address: str, device: str, now: datetime) -> str:
    """Count one asking for a code to an e-mail; the sentence that says how long to wait when it is refused."""
    words = email.strip().lower()
    if is_known_device(email=words, cookie=device):
        return refusal(uses=[(CODE_DEVICE, words)], now=now)
    from_there = [(CODE_ADDRESS, address), (CODE_EMAIL_ADDRESS, f"{words}\0{address}")]
    return refusal(uses=[*from_there, (CODE_EMAIL, words), (CODE_EMAIL_DAY, words), (CODE_ALL, "")], now=now)


def refusal(*, uses: list[Use], now: datetime) -> str:
    """Count one use of each; the sentence that says how long to wait when one refuses, empty when none does."""
    refused = take_each(uses=uses, now=now)
    return too_many(refused=refused, now=now) if refused else ""


def too_many(*, refused: list[Use], now: datetime) -> str:
    """Say that there were too many tries, and how long to wait."""
    wait = wait_until(uses=refused, now=now) - now
    return f"Za dużo prób. Spróbuj ponownie za {waiting_time(wait)} albo zadzwoń do nas."


def too_many_passwords(*, refused: list[Use], now: datetime) -> str:
    """Say that there were too many tries at a password, how long to wait, and how to get in at once."""
    wait = wait_until(uses=refused, now=now) - now
    return f"Za dużo prób. Spróbuj ponownie za {waiting_time(wait)}. {OTHER_WAY}"


def lift_sign_in(*, user_id: int, now: datetime) -> None:
    """Let the owner of a login in again, whatever others have tried at it."""
    for limit in (*SIGN_IN, *SIGN_IN_DEVICE):
        lift(limit=limit, subject=_login(user_id), now=now)


def _login(user_id: int) -> str:
    return f"user:{user_id}"
