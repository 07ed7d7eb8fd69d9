"""The code of an invitation, and a new login for whoever has none."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain import plain_long_code
from ebok.access.operations import LoginRefusal, UnableToCreateUser
from ebok.portal.access.fields import TextField
from ebok.portal.enrolment.forms import NewLoginForm, TermsForm

TYPED_AT_MOST: Final = 100
TAKEN: Final = "Ten login albo e-mail jest już zajęty. Jeśli jest Twój, zaloguj się. Jeśli nie, wpisz inny login."
"""Said only to somebody who holds a working code."""
ACCEPT: Final = "Zaznacz, że akceptujesz regulamin. Bez tego nie damy Ci dostępu."


class CodeForm(forms.Form):
    """The code as one types it from a message or from paper."""

    code = TextField(
        label="Kod zaproszenia",
        help_text="20 liter i cyfr. Wielkość liter i kreski nie mają znaczenia.",
        longest=TYPED_AT_MOST,
        missing="Wpisz kod z zaproszenia.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def clean_code(self) -> str:
        """Read the letters, whatever stands between them."""
        code = plain_long_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError("Ten kod ma za mało albo za dużo znaków. Wpisz wszystkie 20, grupa po grupie.")
        return code


class AcceptForm(TermsForm):
    """Taking the access with a login that is there: only the regulations, if it has not accepted them yet."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        if self.terms is not None:
            self.fields["accepts"].error_messages["required"] = ACCEPT


class InvitedLoginForm(NewLoginForm):
    """A new login, and the name by which the account's owner will know it."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["full_name"].help_text = "Zobaczy je właściciel konta."

    def say_refusal(self, unable: UnableToCreateUser) -> None:
        """Say at the field why the login cannot be made."""
        if unable.reason is LoginRefusal.TAKEN:
            self.add_error("username", TAKEN)
        else:
            super().say_refusal(unable)
