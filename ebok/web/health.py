"""The address that load balancers and watchdogs ask: is this process alive, and are its helpers?"""

from typing import Final

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from ebok.foundation import clock
from ebok.foundation.background import last_heartbeat
from ebok.web.rules import public

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED: Final = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)
WORKER_LATE_SECONDS: Final = 60


@public
def health(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; with `?pelne`, and only on this machine, how the database and worker are."""
    if "pelne" not in request.GET:
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    if not from_this_machine(request):
        raise Http404
    try:
        last = last_heartbeat()
    except DatabaseError:
        return JsonResponse({"database": "down", "worker": "unknown", "worker_age_seconds": None}, status=503)
    age = None if last is None else round((clock.now() - last).total_seconds(), 1)
    late = age is None or age > WORKER_LATE_SECONDS
    told = {"database": "ok", "worker": "late" if late else "ok", "worker_age_seconds": age}
    return JsonResponse(told, status=503 if late else 200)


def from_this_machine(request: HttpRequest) -> bool:
    """Say whether the request came over loopback, was typed to this machine, and went through no proxy.

    A proxy on this machine comes over loopback too. It passes on the public name or says that it forwards.
    """
    asked = request.get_host().lower()
    host = asked if asked.endswith("]") else asked.rpartition(":")[0] or asked
    direct = not any(name in request.META for name in FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in HOSTS and direct
