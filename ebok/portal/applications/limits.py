"""How often anybody may begin an application, ask about one, or have a file of one made."""

from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from ebok.enrolment.domain.applications import plain_number
from ebok.foundation import clock
from ebok.foundation.limits import Limit, Use, give_each_back, take, take_each

HOUR: Final = timedelta(hours=1)
STARTED: Final = (
    Limit(name="application.start.address", times=20, within=HOUR),
    Limit(name="application.start.all", times=1_000, within=HOUR),
)
ASKED_BY_ADDRESS: Final = Limit(name="application.code.address", times=20, within=HOUR)
ASKED_OF_NUMBER: Final = Limit(name="application.code.number", times=10, within=HOUR)
ASKED_BY_ALL: Final = Limit(name="application.code.all", times=1_000, within=HOUR)
SENT_TO: Final = Limit(name="application.email", times=5, within=timedelta(days=1))
"""So that nobody has somebody else's mailbox filled with our messages."""
FILES: Final = Limit(name="application.file.address", times=60, within=HOUR)


def address_of(request: HttpRequest) -> str:
    """Where the request comes from."""
    address: str = get_adapter(request).get_client_ip(request)
    return address


def may_start(request: HttpRequest) -> bool:
    """Count one application begun."""
    by_address, by_all = STARTED
    return not take_each(uses=[(by_address, address_of(request)), (by_all, "")], now=clock.now())


def may_ask_about(request: HttpRequest, *, number: str) -> bool:
    """Count one number and code tried."""
    return not take_each(uses=_uses(request, number), now=clock.now())


def asked_rightly(request: HttpRequest, *, number: str) -> None:
    """Undo the count of a try that was right: only wrong ones use the limits up."""
    give_each_back(uses=_uses(request, number), now=clock.now())


def may_send_to(email: str) -> bool:
    """Count one application sent that tells this e-mail address."""
    return not email or take(limit=SENT_TO, subject=email.lower(), now=clock.now())


def may_have_file(request: HttpRequest) -> bool:
    """Count one file made."""
    return take(limit=FILES, subject=address_of(request), now=clock.now())


def _uses(request: HttpRequest, number: str) -> list[Use]:
    who = plain_number(number) or f"typed:{number.lower()}"
    return [(ASKED_BY_ADDRESS, address_of(request)), (ASKED_OF_NUMBER, who), (ASKED_BY_ALL, "")]
