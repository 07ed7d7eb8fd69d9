"""Tables of enrolment."""

from ebok.enrolment.models.activation import ActivationCode, Proof
from ebok.enrolment.models.applications import Application, ApplicationCounter, ApplicationStep

__all__ = ["ActivationCode", "Application", "ApplicationCounter", "ApplicationStep", "Proof"]
