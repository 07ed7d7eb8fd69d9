"""Which ways to a login are open, and how often they may be tried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from ebok.foundation import clock
from ebok.foundation.limits import Limit, take
from ebok.foundation.utility import utility
from ebok.portal.public_checks import TOO_MANY, may_check
from ebok.web.rules import public

HOUR: Final = timedelta(hours=1)
CODE_TYPED: Final = Limit(name="activation_code.address", times=50, within=HOUR)
LOGIN_TRIED: Final = Limit(name="activation_login.address", times=60, within=HOUR)
"""Whether a login name is taken is told only to somebody with a fresh proof or an invitation, and not for long."""

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways that are switched on. `typed_code`: codes come by letter, and by e-mail with an accepted application."""

    invoice: bool
    letter: bool
    typed_code: bool
    data: bool
    application: bool


def ways() -> Ways:
    """The ways of this installation."""
    letter, application = settings.EBOK_ACTIVATION_LETTER, settings.EBOK_APPLICATIONS
    return Ways(
        invoice=settings.EBOK_ACTIVATION_INVOICE,
        letter=letter,
        typed_code=letter or application,
        data=settings.EBOK_ACTIVATION_DATA,
        application=application,
    )


def way(name: str) -> Callable[[View], View]:
    """Anybody may open the view while its way is switched on; else it does not exist."""

    def bind(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not getattr(ways(), name):
                raise Http404
            return view(request, *args, **kwargs)

        return public(guarded)

    return bind


def may_try(request: HttpRequest, form: BaseForm) -> bool:
    """Count one public check of what the form claims; say on the form when there were too many."""
    number, address = form.cleaned_data["account_number"], get_adapter(request).get_client_ip(request)
    if may_check(account_number=number, address=address, now=clock.now()):
        return True
    form.add_error(None, f"{TOO_MANY} {by_phone()}")
    return False


def may_go_on(request: HttpRequest, form: BaseForm, limit: Limit) -> bool:
    """Count one try from this network address; say on the form when there were too many."""
    if take(limit=limit, subject=get_adapter(request).get_client_ip(request), now=clock.now()):
        return True
    form.add_error(None, f"{TOO_MANY} {by_phone()}")
    return False


def refuse(form: BaseForm) -> None:
    """Say that what was typed proves nothing: the same words whatever did not fit."""
    form.add_error(None, f"Te dane do siebie nie pasują. Sprawdź je i wpisz jeszcze raz albo zadzwoń. {by_phone()}")


def by_phone() -> str:
    """The phone and when it is answered."""
    return f"Telefon: {utility().phone}, {utility().office_hours}."
