"""How many files one person may have made and sent in an hour: far more than anybody reads, far fewer than a robot."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest

from ebok.foundation import clock
from ebok.foundation.limits import Limit, take

HOUR: Final = timedelta(hours=1)
FILES: Final = Limit(name="download.file", times=600, within=HOUR)
BUNDLES: Final = Limit(name="download.bundle", times=60, within=HOUR)
STATEMENTS: Final = Limit(name="download.statement", times=60, within=HOUR)


def allowed(request: HttpRequest, limit: Limit) -> bool:
    """Count one download of the signed-in person and say whether it is within the limit."""
    return take(limit=limit, subject=str(request.user.pk), now=clock.now())
