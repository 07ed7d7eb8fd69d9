"""What a session keeps between two pages about people cannot be read in its row."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ebok.access.domain import StaffRole
from ebok.portal.access.draft import KEPT as INVITATION_DRAFT
from ebok.web.kept import Kept
from tests.office.staff import a_clerk
from tests.portal.customers import a_customer

SAYABLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def rows() -> str:
    return " ".join(repr(session.get_decoded()) for session in Session.objects.all())


@given(value=SAYABLE)
def test_what_is_put_is_got_back_until_it_is_forgotten(value: object) -> None:
    session, place = SessionStore(), Kept(name="miejsce")
    place.put(session, value)
    assert place.get(session) == value
    place.forget(session)
    place.forget(session)
    assert place.get(session) is None


@pytest.mark.parametrize("planted", [None, "", "x", "AAAA", "żółw", 7, {"a": 1}, ["b"]])
def test_what_was_not_put_there_is_nothing(planted: object) -> None:
    session = SessionStore()
    session["miejsce"] = planted
    assert Kept(name="miejsce").get(session) is None


def test_what_was_put_elsewhere_is_nothing_here() -> None:
    session = SessionStore()
    Kept(name="jedno").put(session, "tajne")
    session["drugie"] = session["jedno"]
    assert Kept(name="drugie").get(session) is None


@pytest.mark.django_db
def test_a_new_email_and_phone_that_wait_for_their_code_cannot_be_read() -> None:
    anna = a_customer("anna", "100001")
    anna.post("/ja/email/", {"email": "nowa.anna@example.com"})
    anna.post("/ja/telefon/", {"phone": "600123456"})
    assert "nowa.anna@example.com" in anna.get("/ja/email/kod/").content.decode()
    assert "identity_change.email" in rows()
    assert "nowa.anna" not in rows()
    assert "600123456" not in rows()


@pytest.mark.django_db
def test_a_half_made_invitation_cannot_be_read() -> None:
    anna = a_customer("anna", "100001")
    anna.post("/dostep/zapros/osoba/", {"invitee": "Tadeusz Zagórny", "why": "other", "other": "najemca z parteru"})
    kept = INVITATION_DRAFT.get(anna.session)
    assert kept is not None
    assert kept["person"]["invitee"] == "Tadeusz Zagórny"
    assert "Tadeusz" in anna.get("/dostep/zapros/osoba/").content.decode()
    assert "Tadeusz" not in rows()
    assert "parteru" not in rows()


@pytest.mark.django_db
def test_what_the_office_searched_for_cannot_be_read(client: Client) -> None:
    clerk = a_clerk("kasia", StaffRole.CLERK)
    assert clerk.post("/biuro/klienci/", {"words": "Zagórny Tadeusz"})["Location"] == "/biuro/klienci/"
    assert "Zagórny Tadeusz" in clerk.get("/biuro/klienci/").content.decode()
    assert "Zagórny" not in rows()
