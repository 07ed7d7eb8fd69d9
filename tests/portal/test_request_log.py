"""What the log of requests says of an address, and what it leaves out."""

import pytest
from django.test import RequestFactory

from ebok.web.middleware import RequestLogMiddleware


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/f/7KQ2MXR4VD9WTHB3F8JC012345/", "/f/…/"),
        ("/f/7KQ2M-XR4VD-9WTHB-3F8JC-012345/", "/f/…/"),
        ("/efaktura/rezygnacja/12/ABCDEFGHIJKLMNOPQRSTUVWXYZ/", "/efaktura/rezygnacja/12/…/"),
        ("/faktury/1203/pdf/", "/faktury/1203/pdf/"),
        ("/sprawdz-fakture/", "/sprawdz-fakture/"),
    ],
)
def test_the_log_never_holds_what_would_open_a_link(path: str, logged: str) -> None:
    assert RequestLogMiddleware.format_request(RequestFactory().get(path, {"x": "1"})) == f"GET {logged}"
