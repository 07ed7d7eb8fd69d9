"""Tables of enrolment."""

from ebok.enrolment.models.activation import ActivationCode, Proof

__all__ = ["ActivationCode", "Proof"]
