"""Why a consent cannot be recorded, whichever operation was asked to."""

from enum import StrEnum


class ConsentRefusal(StrEnum):
    """Why an entry cannot be recorded."""

    NOT_IN_SCOPE = "not_in_scope"
    ALREADY_GIVEN = "already_given"
    NOT_GIVEN = "not_given"
    SAME_ADDRESS = "same_address"
    LATER_DECISION = "later_decision"
    """The ledger has a decision said on a later day, and that one stands."""
    FORMER_HOLDER = "former_holder"
    """It was said before the registry named another holder, so by the one before, as far as anybody can tell."""
    NO_WORDING = "no_wording"
    """There is no such version of this text; online also: it is not the one in force today."""
    BAD_ADDRESS = "bad_address"
    WRONG_BASIS = "wrong_basis"
    """What is named by this channel cannot be confirmed in that way."""
    BAD_PERSON = "bad_person"
    BAD_EVIDENCE = "bad_evidence"
    PESEL = "pesel"
    """A PESEL was written: eBOK keeps none, not even as evidence."""
    IN_THE_FUTURE = "in_the_future"
    WITHDRAWN_FIRST = "withdrawn_first"
    """It is said to have been withdrawn before it was given."""
    OTHER_CONTENT = "other_content"
    """The billing system told of it before, and told otherwise."""


class UnableToRecordConsent(ValueError):
    """Nothing was recorded; `reason` says why."""

    def __init__(self, reason: ConsentRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
