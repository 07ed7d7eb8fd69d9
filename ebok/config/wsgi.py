"""The WSGI application that granian serves."""

import os
from typing import Final

import django
from django.db import connections

from ebok.foundation.processes import SUPERVISOR, die_with_parent
from ebok.web.requests import Utf8Handler

LIMITS_MS: Final = {
    "lock_timeout": 3_000,
    "statement_timeout": 15_000,
    "idle_in_transaction_session_timeout": 30_000,
}
"""How long a web request may wait for a lock, run one statement, or leave a transaction open."""


def limit_queries() -> None:
    """Give every database connection of this process the limits of the web."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS_MS.items())
    options["options"] = f"{options.get('options', '')} {limits}".strip()


if SUPERVISOR in os.environ:
    die_with_parent()
django.setup(set_prefix=False)
application = Utf8Handler()
limit_queries()
