"""How often anybody may begin an application, ask about one, or have a file of one made."""

from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from ebok.enrolment.domain.applications import plain_number
from ebok.foundation import clock
from ebok.foundation.limits import Limit, give_all_back, take, take_all

HOUR: Final = timedelta(hours=1)
STARTED: Final = (
    Limit(name="application.start.address", times=20, within=HOUR),
    Limit(name="application.start.all", times=1_000, within=HOUR),
)
ASKED_ABOUT: Final = (
    Limit(name="application.code.number", times=10, within=HOUR),
    Limit(name="application.code.address", times=20, within=HOUR),
    Limit(name="application.code.all", times=1_000, within=HOUR),
)
SENT_TO: Final = Limit(name="application.email", times=5, within=timedelta(days=1))
"""So that nobody has somebody else's mailbox filled with our messages."""
FILES: Final = Limit(name="application.file.address", times=60, within=HOUR)


def address_of(request: HttpRequest) -> str:
    """Where the request comes from."""
    address: str = get_adapter(request).get_client_ip(request)
    return address


def may_start(request: HttpRequest) -> bool:
    """Count one application begun."""
    now, (by_address, by_all) = clock.now(), STARTED
    from_here = take(limit=by_address, subject=address_of(request), now=now)
    return from_here and take(limit=by_all, subject="", now=now)


def may_ask_about(request: HttpRequest, *, number: str) -> bool:
    """Count one number and code tried."""
    who = plain_number(number) or "none"
    return take_all(limits=ASKED_ABOUT, who=who, address=address_of(request), now=clock.now())


def asked_rightly(request: HttpRequest, *, number: str) -> None:
    """Undo the count of a try that was right: only wrong ones use the limits up."""
    who = plain_number(number) or "none"
    give_all_back(limits=ASKED_ABOUT, who=who, address=address_of(request), now=clock.now())


def may_send_to(email: str) -> bool:
    """Count one application sent that tells this e-mail address."""
    return not email or take(limit=SENT_TO, subject=email.lower(), now=clock.now())


def may_have_file(request: HttpRequest) -> bool:
    """Count one file made."""
    return take(limit=FILES, subject=address_of(request), now=clock.now())
