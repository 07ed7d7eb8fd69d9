"""What `ebok check --deploy` says besides Django: what is still to be set before invoices go out."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Info

from ebok.einvoicing.queries.documents import seal_refusal, seal_trouble, seal_warning
from ebok.foundation import clock
from ebok.foundation.utility import utility

NIP_OF_THE_DEMO: Final = "5265877635"
NO_MAIL: Final = "Nie ma EBOK_EMAIL_URL: wiadomości czekają, aż go ustawisz."
DELIVERS_NOTHING: Final = "Nie ma EBOK_DELIVER_SINCE: eBOK nie wysyła ani nie drukuje żadnych faktur."
OF_THE_DEMO: Final = "EBOK_UTILITY_NIP jest numerem przedsiębiorstwa pokazowego. Podaj swój i resztę EBOK_UTILITY_…."


def what_is_still_to_be_set(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """What keeps invoices in, a notice each. The demo brings its own key, and is never asked."""
    return [] if settings.EBOK_DEMO else [Info(words, id="ebok.I001") for words in _missing()]


def _missing() -> Iterator[str]:
    now = clock.now()
    seal = seal_refusal() or seal_trouble(now=now) or seal_warning(now=now)
    if seal:
        yield seal
    if not settings.EBOK_EMAIL_URL:
        yield NO_MAIL
    if settings.EBOK_DELIVER_SINCE is None:
        yield DELIVERS_NOTHING
    if utility().nip == NIP_OF_THE_DEMO:
        yield OF_THE_DEMO
