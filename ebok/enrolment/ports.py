"""What enrolment needs from outside: somebody who sets its papers."""

from collections.abc import Sequence
from typing import Protocol

from ebok.enrolment.domain import ActivationLetter
from ebok.enrolment.domain.application_views import ApplicationForm


class EnrolmentPapers(Protocol):
    """Makes papers people can read and archives can keep."""

    def letters(self, letters: Sequence[ActivationLetter]) -> bytes:
        """Return one PDF/A-3a and PDF/UA-1 file of at least one letter, a page each, in the order given.

        Equal input gives equal bytes.
        """
        ...

    def application_form(self, form: ApplicationForm) -> bytes:
        """Return the form for access as a PDF/A-3a and PDF/UA-1 file: with answers, or empty to fill by hand.

        Equal input gives equal bytes.
        """
        ...
