"""Publishing texts, recording who accepted them, and writing the ledger of consents."""

from ebok.terms.operations.consents import change_consent_address, give_consent, withdraw_consent
from ebok.terms.operations.handover import end_consents
from ebok.terms.operations.refusals import ConsentRefusal, UnableToRecordConsent
from ebok.terms.operations.taking import take_consents
from ebok.terms.operations.texts import (
    AcceptTermsRefusal,
    PublishTermsRefusal,
    UnableToAcceptTerms,
    UnableToPublishTerms,
    accept_terms,
    publish_terms,
)

__all__ = [
    "AcceptTermsRefusal",
    "ConsentRefusal",
    "PublishTermsRefusal",
    "UnableToAcceptTerms",
    "UnableToPublishTerms",
    "UnableToRecordConsent",
    "accept_terms",
    "change_consent_address",
    "end_consents",
    "give_consent",
    "publish_terms",
    "take_consents",
    "withdraw_consent",
]
