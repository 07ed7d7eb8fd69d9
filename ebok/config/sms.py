"""Which carrier of SMS an installation may start with."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def checked(*, url: str, demo: bool) -> str:
    """Return the URL: empty for no SMS, `file:///folder`, or in the demo `console:`.

    :raises ImproperlyConfigured: for anything else; the sentence does not repeat it, it may hold a password.
    """
    parts = urlsplit(url)
    known = parts.scheme == "file" and not parts.netloc and parts.path.strip("/") != ""
    if not url or known or (demo and url == "console:"):
        return url
    raise ImproperlyConfigured(
        "EBOK_SMS_URL nie wskazuje, jak wysyłać SMS. Wpisz file:///folder, w wersji demonstracyjnej też console:, "
        "albo usuń, a eBOK nie będzie wysyłać SMS."
    )
