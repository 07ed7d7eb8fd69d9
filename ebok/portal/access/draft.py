"""The answers of one invitation, kept encrypted in the session until it is sent: they name somebody else."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib.sessions.backends.base import SessionBase

from ebok.customers.domain import Premises
from ebok.portal.access.forms import (
    EMAIL,
    SMS,
    AccountForm,
    ChannelForm,
    EmailAddressForm,
    MobileNumberForm,
    NoAddressForm,
    PersonForm,
    RoleForm,
    TermForm,
)
from ebok.web.kept import Kept

KEPT: Final = Kept(name="invitation_draft")
_ID: Final = "draft"
ACCOUNT, ROLE, PERSON, CHANNEL, ADDRESS, TERM = "account", "role", "person", "channel", "address", "term"
STEPS: Final = (ACCOUNT, ROLE, PERSON, CHANNEL, ADDRESS, TERM)
_ADDRESS_FORMS: Final = {EMAIL: EmailAddressForm, SMS: MobileNumberForm}


class Draft:
    """What was answered so far. Every answer is checked again whenever it is used: the world may have moved on."""

    def __init__(
        self, session: SessionBase, *, places: Sequence[Premises], chosen: int | None, today: date, sms: bool
    ) -> None:
        self._session, self._places, self._today, self._sms = session, places, today, sms
        self._chosen = str(chosen or "")
        kept = KEPT.get(session)
        self._answers: dict[str, dict[str, str]] = dict(kept) if isinstance(kept, dict) else {}
        if len(places) == 1:
            self._answers[ACCOUNT] = {"account": str(places[0].account_id)}

    @property
    def id(self) -> UUID | None:
        """What tells these answers from any others, also from the same ones given again; None before the first."""
        made = self._answers.get(_ID)
        return UUID(made[_ID]) if made else None

    def question(self, step: str, typed: Mapping[str, Any] | None = None) -> forms.Form:
        """The form of a step: with what is typed now, else with what was answered before."""
        return self._form(step, typed, initial=self._answers.get(step) or self._first(step))

    def keep(self, step: str, form: forms.Form) -> None:
        """Keep a good answer. An address belongs to its channel, so another channel forgets it."""
        if step == CHANNEL and self._answers.get(CHANNEL, {}).get("channel") != form.cleaned_data["channel"]:
            self._answers.pop(ADDRESS, None)
        self._answers.setdefault(_ID, {_ID: uuid4().hex})
        self._answers[step] = {name: str(form.data.get(name, "")) for name in form.fields}
        KEPT.put(self._session, self._answers)

    def missing(self) -> str:
        """The first step without a good answer; empty when there is none."""
        return next((step for step in STEPS if not self._answered(step).is_valid()), "")

    def steps(self) -> list[str]:
        """The steps this person has: which account only with several, where to only when the code is sent."""
        asked = {ACCOUNT: len(self._places) > 1, ADDRESS: self._channel() in {"", *_ADDRESS_FORMS}}
        return [step for step in STEPS if asked.get(step, True)]

    def answers(self) -> dict[str, Any]:
        """Every answer, once none is missing."""
        said: dict[str, Any] = {}
        for form in map(self._answered, STEPS):
            said |= form.cleaned_data if form.is_valid() else {}
        return said

    def forget(self) -> None:
        """Forget everything: it is sent."""
        KEPT.forget(self._session)

    def _first(self, step: str) -> dict[str, str]:
        return {"account": self._chosen} if step == ACCOUNT else {}

    def _answered(self, step: str) -> forms.Form:
        nothing_asked = step == ADDRESS and self._channel() not in _ADDRESS_FORMS
        return self._form(step, self._answers.get(step, {}) if not nothing_asked else {})

    def _form(self, step: str, data: Mapping[str, Any] | None, **options: Any) -> forms.Form:
        if step == ACCOUNT:
            return AccountForm(data, places=self._places, **options)
        if step == CHANNEL:
            return ChannelForm(data, sms=self._sms, **options)
        if step == ADDRESS:
            return _ADDRESS_FORMS.get(self._channel(), NoAddressForm)(data, **options)
        if step == TERM:
            return TermForm(data, today=self._today, **options)
        return {ROLE: RoleForm, PERSON: PersonForm}[step](data, **options)

    def _channel(self) -> str:
        return self._answers.get(CHANNEL, {}).get("channel", "")
