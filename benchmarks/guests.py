"""People before they sign in, and strangers who would like to: who they are, and a browser that fills in forms."""

import http.client
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from benchmarks.service import ANSWER_SECONDS
from benchmarks.size import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

CSRF_COOKIE: Final = "__Host-ebok-csrf"
TOKEN_BYTES: Final = 16
PASSWORD: Final = "zielony traktor liczy gwiazdy"  # noqa: S105
WRONG: Final = "siedem fioletowych parasoli"


def behind_proxy() -> dict[str, str]:
    """Settings of a service that believes the address a guest says it comes from, with secrets of its own."""
    keys = {name: secrets.token_urlsafe(48) for name in KEYS}
    return {"EBOK_TRUSTED_PROXIES": "1", **keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


class Guest:
    """A browser with its cookies, at a network address of its own. Many may share one connection."""

    def __init__(self, *, port: int, address: str, connection: http.client.HTTPConnection | None = None) -> None:
        self._connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self._token = secrets.token_hex(TOKEN_BYTES)
        self.cookies = {CSRF_COOKIE: self._token}
        self.address = address

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: "Mapping[str, str]") -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": self._token}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Host": "localhost",
            "Origin": "https://localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        } | ({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.cookies[CSRF_COOKIE] = self._token
        return Answer(status=answer.status, location=answer.getheader("Location", ""), body=text)


def make_logins(count: int) -> list[str]:
    """Make logins with an e-mail each and one password; return the e-mails. Django must use the database."""
    from django.contrib.auth.hashers import make_password

    from ebok.access.models import User
    from ebok.foundation import clock

    kept, now = make_password(PASSWORD), clock.now()
    users = [
        User(username=f"known{n:05d}", email=f"known{n:05d}@example.com", password=kept, created_at=now)
        for n in range(count)
    ]
    User.objects.bulk_create(users)
    return [user.email for user in users]


def address(number: int) -> str:
    """A network address of its own for each number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
