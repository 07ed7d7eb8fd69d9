"""Every decision, deed, channel and basis of a consent has its Polish words, for pages, papers and messages."""

from ebok.einvoicing.domain.consent_words import BASIS, CHANNEL, DEED, WHAT, deed_words
from ebok.einvoicing.operations.acceptance import AcceptanceRefusal
from ebok.office.consents.words import DECISIONS, refused
from ebok.portal.einvoice.words import BY_SLUG, REFUSED, WORDS
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed
from ebok.terms.operations import ConsentRefusal


def test_everything_an_entry_can_say_has_words() -> None:
    assert set(WHAT) == set(WORDS) == set(DECISIONS) == set(BY_SLUG.values()) == set(ConsentDecision)
    assert set(DEED) == set(ConsentDeed)
    assert set(CHANNEL) == set(ConsentChannel)
    assert set(BASIS) == set(ConsentBasis)
    assert set(REFUSED) == set(AcceptanceRefusal)


def test_for_sms_a_number_is_changed_and_not_an_address() -> None:
    said = deed_words(decision=ConsentDecision.NOTICES_SMS, deed=ConsentDeed.CHANGED)
    assert said == "Zmiana numeru: powiadomienia SMS-em"


def test_every_refusal_is_said_at_a_field_of_the_office() -> None:
    fields = {refused(reason, ConsentDecision.E_INVOICE)[0] for reason in ConsentRefusal}
    assert fields <= {"decisions", "signed_on", "signed_by", "email", "account_number"}
