"""Texts a customer accepts with their versions, and the consents given on them."""

from ebok.terms.domain.consents import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
)
from ebok.terms.domain.texts import (
    TEXT_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    VERSION_MAX_LENGTH,
    WHO,
    Acceptance,
    AcceptanceChannel,
    Block,
    BlockKind,
    Section,
    TermsKind,
    TermsText,
    is_readable,
    plain_text,
    sections_of,
    sha256_of,
    version_in_force,
)

__all__ = [
    "TEXT_MAX_LENGTH",
    "TITLE_MAX_LENGTH",
    "VERSION_MAX_LENGTH",
    "WHO",
    "Acceptance",
    "AcceptanceChannel",
    "Block",
    "BlockKind",
    "ConsentBasis",
    "ConsentChannel",
    "ConsentDecision",
    "ConsentDeed",
    "Section",
    "TermsKind",
    "TermsText",
    "is_readable",
    "plain_text",
    "sections_of",
    "sha256_of",
    "version_in_force",
]
