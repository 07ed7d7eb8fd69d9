"""Which page an error ends in: 503 while the database is away or too slow, 500 for a fault of ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from ebok.web.errors import server_error, unavailable

RETRY_AFTER_SECONDS = 5


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an error that nothing handled. Django calls it while the error is being handled."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = unavailable(request)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return server_error(request)
