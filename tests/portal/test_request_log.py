"""What the log of requests says of an address, and what it leaves out."""

import logging

import pytest
from django.test import Client, RequestFactory

from ebok.foundation.logs import json_formatter
from ebok.web.middleware import RequestLogMiddleware


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/f/7KQ2MXR4VD9WTHB3F8JC012345/", "/f/…/"),
        ("/f/7KQ2M-XR4VD-9WTHB-3F8JC-012345/", "/f/…/"),
        ("/efaktura/rezygnacja/12/ABCDEFGHIJKLMNOPQRSTUVWXYZ/", "/efaktura/rezygnacja/12/…/"),
        ("/efaktura/rezygnacja/12/ABCDEFGHIJKLMNOPQRSTUVWXYZ.", "/efaktura/rezygnacja/12/…."),
        ("/efaktura/rezygnacja/12/ABCDEFGHIJKLMNOPQRSTUVWXYZ>/", "/efaktura/rezygnacja/12/…>/"),
        ("/faktury/1203/pdf/", "/faktury/1203/pdf/"),
        ("/sprawdz-fakture/", "/sprawdz-fakture/"),
    ],
)
def test_the_log_never_holds_what_would_open_a_link(path: str, logged: str) -> None:
    assert RequestLogMiddleware.format_request(RequestFactory().get(path, {"x": "1"})) == f"GET {logged}"


@pytest.mark.django_db
def test_nor_does_the_line_of_a_form_without_its_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    mark = "abcdefghijklmnopqrstuvwxyz"
    assert Client(enforce_csrf_checks=True).post(f"/efaktura/rezygnacja/12/{mark}/").status_code == 403
    lines = [json_formatter().format(one) for one in caplog.records if one.name == "django.security.csrf"]
    assert lines
    assert not any(mark in line for line in lines)
