"""Which address of a database an installation may start with."""

from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

SCHEMES: Final = frozenset({"postgres", "postgresql"})


def checked(url: str) -> str:
    """Return the address, if it names a PostgreSQL database as libpq itself reads it. Connects to nothing.

    :raises ImproperlyConfigured: otherwise; the sentence does not repeat the address, which may hold a password.
    """
    with suppress(ValueError, psycopg.ProgrammingError):
        parts = urlsplit(url)
        # Asking for the port proves it to be one.
        if parts.scheme in SCHEMES and parts.path.strip("/") and (parts.port is None or parts.port):
            conninfo_to_dict(url)
            return url
    raise ImproperlyConfigured(
        "DATABASE_URL nie jest adresem bazy PostgreSQL. Wpisz go jako postgresql://użytkownik:hasło@komputer/baza "
        "albo usuń, a eBOK uruchomi własną bazę."
    )
