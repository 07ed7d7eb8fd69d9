"""Whoever types a PESEL where words go is told at the field, and nothing typed is lost."""

from typing import Any

import pytest

from ebok.foundation import clock
from ebok.office.applications.forms import AskForm, RefuseForm
from ebok.office.customers.forms import EndOwnershipForm, VisitForm
from ebok.portal.access.forms import MobileNumberForm, PersonForm
from ebok.portal.applications.forms import AnswerForm, WishForm
from ebok.web.free_text import HAS_PESEL

WORDS = "Mój PESEL to 440514-01359."


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (PersonForm, "invitee"), (PersonForm, "other"), (WishForm, "ground"), (AnswerForm, "answer"),
        (AskForm, "question"), (AskForm, "note"), (RefuseForm, "reason"), (VisitForm, "words"),
        (lambda data: EndOwnershipForm(data, today=clock.today()), "reason"),
    ],
)  # fmt: skip
def test_a_pesel_among_words_is_said_at_the_field(form: Any, field: str) -> None:
    filled = form({field: WORDS})
    assert filled.errors[field] == [HAS_PESEL]
    assert filled[field].value() == WORDS


def test_a_phone_that_looks_like_a_pesel_is_a_phone() -> None:
    assert MobileNumberForm({"recipient": "48 600 700 806"}).errors.get("recipient") != [HAS_PESEL]
