"""How often anybody may check an invoice, or report one. What is typed shares the tries of every public check."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from ebok.einvoicing.domain.checks import counted_number
from ebok.foundation import clock
from ebok.foundation.limits import Limit, take, take_each
from ebok.foundation.utility import utility
from ebok.portal.public_checks import may_ask, may_be_told
from ebok.web.sign_in_first import network_address

HOUR: Final = timedelta(hours=1)
CODES: Final = (
    Limit(name="genuine.code.address", times=60, within=HOUR),
    Limit(name="genuine.code.all", times=5_000, within=HOUR),
)
"""Nobody finds one of 2**130 codes by trying: this only spares the server."""
FILES: Final = (
    Limit(name="genuine.file.address", times=20, within=HOUR),
    Limit(name="genuine.file.all", times=1_000, within=HOUR),
)
REPORTS: Final = (
    Limit(name="genuine.report.address", times=10, within=HOUR),
    Limit(name="genuine.report.all", times=200, within=HOUR),
)
REPORTED: Final = Limit(name="genuine.report.same", times=1, within=timedelta(days=1))
"""One press is one report, also when it was two."""


def may_check_code(request: HttpRequest) -> bool:
    """Count one printed code tried."""
    return _each(CODES, request)


def may_check_file(request: HttpRequest) -> bool:
    """Count one file looked at."""
    return _each(FILES, request)


def may_report(request: HttpRequest) -> bool:
    """Count one report."""
    return _each(REPORTS, request)


def is_first(found: str, *, now: datetime) -> bool:
    """Whether what was found is reported for the first time."""
    return take(limit=REPORTED, subject=found, now=now)


def may_check_typed(request: HttpRequest) -> bool:
    """Count one public check by this network address, before anything is looked up."""
    return may_ask(address=network_address(request), now=clock.now())


def may_tell(*, nrb: str, number: str) -> bool:
    """Count one try at the amount of this invoice and one at this account, which is ours.

    An account that is not ours is told of without end: a whole town may ask about the same forged invoice.
    The utility's own accounts stand on every invoice, so they are nobody's to guess at.
    """
    of_account = [] if nrb in utility().ibans else [f"nrb:{nrb}"]
    return may_be_told(subjects=[f"invoice:{counted_number(number)}", *of_account], now=clock.now())


def _each(limits: tuple[Limit, Limit], request: HttpRequest) -> bool:
    by_address, by_all = limits
    return not take_each(uses=[(by_address, network_address(request)), (by_all, "")], now=clock.now())
