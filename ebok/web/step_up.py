"""Asking again who is there before something that matters (ASVS 7.5.1).

`fresh_sign_in` stands under the decorator that says who may open the view:

    @customer_view(AccountAction.MANAGE_ACCESS)
    @fresh_sign_in
    def invite(request, *, scope): …

It guards the page as well as its form, so that one is asked before typing. A form sent after the confirmation
ran out is kept, encrypted, and offered again as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ebok.foundation import clock
from ebok.web.kept import seal, unseal
from ebok.web.sign_in_first import page_before

NEXT: Final = "next"
KEPT: Final = "step_up.form"
KEPT_BYTES: Final = 64 * 1024
"""A form larger than this is not kept."""
KEPT_SECONDS: Final = 15 * 60
_PURPOSE: Final = "step_up.form"
_OWN: Final = frozenset({"csrfmiddlewaretoken"})

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """A form that waits for its sender to say who they are: where it goes, where it stood, and what was typed."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]
    method: str = "post"
    file: bool = False
    """It asks for a file, after which the browser stays on the page it was on."""


def fresh_sign_in(view: View) -> View:
    """Only within five minutes of a password or factor; others are asked for one and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_fresh(request):
            return ask_again(request)
        _forget(request)
        return view(request, *args, **kwargs)

    guarded.asks_again = True  # type: ignore[attr-defined]
    return guarded


def fresh_for_file(view: View) -> View:
    """As `fresh_sign_in`, for what answers with a file: the way back is a page with a button that fetches it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_fresh(request):
            return ask_again(request, file=True)
        return view(request, *args, **kwargs)

    guarded.asks_again = True  # type: ignore[attr-defined]
    return guarded


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person gave a password or factor in this session within `ACCOUNT_REAUTHENTICATION_TIMEOUT`."""
    records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
    if not records:
        return False
    return bool(abs(clock.now().timestamp() - records[-1]["at"]) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm(request: HttpRequest, *, way: str) -> None:
    """Note that the signed-in person has just said who they are. `way` is how: password, email."""
    record_authentication(request, request.user, method=way, reauthenticated=True)


def ask_again(request: HttpRequest, *, file: bool = False) -> HttpResponseRedirect:
    """Lead to the page that asks who is there, and from it back here; a form is kept and offered again."""
    back = request.get_full_path()
    if file or request.method not in {"GET", "HEAD"}:
        before = page_before(request, "/")
        back = reverse("resume_form") if _keep(request, before, file=file) else before
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({NEXT: back})}")


def kept_form(request: HttpRequest) -> KeptForm | None:
    """The form that waits in this session; None when none does, or it has waited for too long."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict) or clock.now().timestamp() - kept["at"] > KEPT_SECONDS:
        return None
    fields = unseal(purpose=_PURPOSE, sealed=kept["fields"])
    if fields is None:
        return None
    return KeptForm(
        action=kept["action"], page=kept["page"], fields=tuple((name, value) for name, value in fields),
        method=kept["method"], file=kept["file"],
    )  # fmt: skip


def safe_next(request: HttpRequest, *, default: str) -> str:
    """Where the person was going, if it is a page of ours: a path, never a host."""
    wanted = str(request.POST.get(NEXT) or request.GET.get(NEXT) or "")
    return wanted if is_own_path(wanted) else default


def is_own_path(wanted: str) -> bool:
    """Say whether the words are an address of this site without its host."""
    return wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)


def _keep(request: HttpRequest, page: str, *, file: bool) -> bool:
    is_post = request.method == "POST"
    typed = request.POST if is_post else request.GET
    pairs = [(name, value) for name, values in typed.lists() if name not in _OWN for value in values]
    if request.FILES or sum(len(f"{name}{value}".encode()) for name, value in pairs) > KEPT_BYTES:
        return False
    sealed = seal(purpose=_PURPOSE, value=pairs)
    action, method = (request.get_full_path(), "post") if is_post else (request.path, "get")
    kept: dict[str, Any] = {"action": action, "page": page, "fields": sealed, "method": method, "file": file}
    request.session[KEPT] = kept | {"at": clock.now().timestamp()}
    return True


def _forget(request: HttpRequest) -> None:
    kept = request.session.get(KEPT)
    if kept and request.method == "POST" and kept["action"] == request.get_full_path():
        del request.session[KEPT]
