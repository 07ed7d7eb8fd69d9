"""What enrolment knows: letters that wait for the printer, and what a session has proved."""

from ebok.enrolment.queries.letters import PrintRefusal, UnableToPrint, last_day, letters_pdf, letters_waiting
from ebok.enrolment.queries.proofs import Proved, proved

__all__ = ["PrintRefusal", "Proved", "UnableToPrint", "last_day", "letters_pdf", "letters_waiting", "proved"]
