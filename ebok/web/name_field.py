"""The one field for the name of a person or an organization, on every page."""

from typing import Final

from django.core.exceptions import ValidationError

from ebok.kernel.names import LONGEST, person_name
from ebok.web.application_fields import TextField

BAD: Final = "Wpisz imię i nazwisko albo nazwę, bez adresów stron i e-maili."


class NameField(TextField):
    """A name that may travel in a message; needed when there is a sentence `missing`."""

    def __init__(
        self, *, label: str, missing: str = "", hint: str = "", longest: int = LONGEST, autocomplete: str = "off"
    ) -> None:
        super().__init__(
            label=label, missing=missing, hint=hint, longest=longest, attrs={"autocomplete": autocomplete}
        )  # fmt: skip

    def read(self, text: str) -> str:
        """Take the name, its spaces folded."""
        name = person_name(super().read(text), longest=self.longest)
        if name is None:
            raise ValidationError(BAD)
        return name
