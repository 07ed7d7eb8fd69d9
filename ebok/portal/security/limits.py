"""How often people may try to prove themselves."""

from datetime import timedelta
from typing import Final

from ebok.foundation.limits import Limit

HOUR: Final = timedelta(hours=1)

CODE: Final = Limit(name="second_factor.user", times=10, within=HOUR)
"""Wrong codes from an app and wrong recovery codes; a passkey still opens."""
PASSWORD: Final = Limit(name="confirm_password.user", times=10, within=HOUR)
MAIL: Final = Limit(name="confirm_mail.user", times=5, within=HOUR)
PASSKEY: Final = Limit(name="passkey.address", times=60, within=HOUR)
"""Passkeys begun at sign-in from one network address: nothing can be guessed, but each makes a session."""
TOO_MANY: Final = "Za dużo prób. Odczekaj ponad godzinę i spróbuj ponownie albo zadzwoń do nas."
