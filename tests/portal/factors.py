"""People with second factors, set up through the pages themselves."""

import re
from html import unescape

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.portal.passkeys import SoftPasskey

APP = "/bezpieczenstwo/aplikacja/"
NEW_KEY = "/bezpieczenstwo/klucze/nowy/"
CODES = "/bezpieczenstwo/kody/"
SECOND_STEP = "/logowanie/drugi-skladnik/"


def app_code(secret: str, *, steps: int = 0) -> str:
    """The code an app with this secret shows now, or some steps of 30 seconds from now."""
    return str(format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps)))


def shown_secret(page: str) -> str:
    """The secret as the page shows it for typing by hand."""
    found = re.search(r'copy__value">([A-Z2-7 ]+)<', page)
    assert found, "no secret on the page"
    return found[1].replace(" ", "")


def with_app(client: Client) -> str:
    """Turn the code app on for whoever is signed in; return its secret."""
    secret = shown_secret(client.get(APP).content.decode())
    assert client.post(APP, {"code": app_code(secret)}).status_code == 302
    return secret


def options_of(page: str) -> str:
    """What the page tells the browser to ask of a passkey."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found, "no passkey is asked for"
    return unescape(found[1])


def with_passkey(client: Client, passkey: SoftPasskey | None = None, *, name: str = "") -> SoftPasskey:
    """Add a passkey for whoever is signed in."""
    passkey = passkey or SoftPasskey()
    answer = passkey.create(options_of(client.get(NEW_KEY).content.decode()))
    assert client.post(NEW_KEY, {"answer": answer, "name": name}).status_code == 302
    return passkey


def sign_in_by(passkey: SoftPasskey, client: Client, **more: str) -> HttpResponse:
    """Sign in by a passkey alone."""
    options = client.post("/logowanie/klucz/poczatek/").content.decode()
    return client.post("/logowanie/klucz/", {"answer": passkey.get(options), **more})


def recovery_codes(client: Client) -> list[str]:
    """The recovery codes on the page that shows them once."""
    return re.findall(r'<li class="nowrap">(\d{5} \d{5})</li>', client.get(CODES).content.decode())
