"""A form written in anything but UTF-8 is refused in words: it is no fault of ours."""

import io

import pytest
from django.test import Client

from ebok.web.requests import Utf8Handler

FORMS = ("/logowanie/", "/haslo/reset/", "/logowanie/kod/", "/dostep/zaproszenie/", "/aktywacja/faktura/")
NO_WRITING = ("rot13", "utf-7", "unicode_escape", "idna", "base64", "raw_unicode_escape", "utf-16", "latin2", "nothing")
PART = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800+2AA-\xff\r\n--x--\r\n'

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Somebody whose forms count, as in a browser: they are read to see where they come from."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def refused(client: Client, path: str, kind: str, body: bytes = PART) -> bool:
    answer = client.generic("POST", path, body, content_type=kind)
    return answer.status_code == 400 and "Nie rozumiemy" in answer.content.decode()


@pytest.mark.parametrize("charset", NO_WRITING)
def test_a_form_in_another_charset_is_refused_on_our_page(visitor: Client, charset: str) -> None:
    assert refused(visitor, "/logowanie/", f"multipart/form-data; boundary=x; charset={charset}")
    assert refused(visitor, "/logowanie/", f"application/x-www-form-urlencoded; charset={charset}", b"login=%ff")


@pytest.mark.parametrize("path", FORMS)
def test_every_form_refuses_it(visitor: Client, path: str) -> None:
    assert refused(visitor, path, "multipart/form-data; charset=rot13; boundary=x")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_a_form_in_utf_8_is_read(charset: str) -> None:
    client = Client()
    for kind, body in (("multipart/form-data; boundary=x", PART), ("application/x-www-form-urlencoded", b"login=a")):
        answer = client.generic("POST", "/logowanie/", body, content_type=f"{kind}; charset={charset}")
        assert "Wpisz hasło." in answer.content.decode()


@pytest.mark.parametrize("name", ["name*=rot13''%41", "name*=idna''%ff", "name=a; filename*=base64''%41"])
def test_a_field_named_in_another_charset_is_no_fault_of_ours(name: str) -> None:
    visitor = Client(raise_request_exception=False)
    part = b"--x\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\na\r\n--x--\r\n"
    answer = visitor.generic("POST", "/logowanie/", part, content_type="multipart/form-data; boundary=x")
    assert "Wpisz hasło." in answer.content.decode()


@pytest.mark.parametrize(
    "declared",
    ["; charset=rot13", "; charset=base64", "; charset*=idna''%ff", "; charset=\0", "; charset=utf-16", "; x"],
)
def test_what_a_header_says_breaks_no_request_while_it_is_made(declared: str) -> None:
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/logowanie/", "QUERY_STRING": "next=/panel/%C5%82&%ff=%ff",
        "CONTENT_TYPE": f"application/x-www-form-urlencoded{declared}", "CONTENT_LENGTH": "7",
        "HTTP_HOST": "localhost", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(b"login=a"),
        "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    told: list[str] = []
    body = b"".join(Utf8Handler()(environ, lambda status, headers: told.append(status)))
    assert told[0].startswith(("400", "403", "200"))
    assert "<h1>" in body.decode()
