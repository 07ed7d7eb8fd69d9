"""The information clause of art. 13 RODO: one text for the page, the application and the paper form."""

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from ebok.foundation.utility import utility
from ebok.terms.domain import Section, sections_of

CLAUSE_VERSION: Final = "2026-11-22"
"""Kept with every application: which clause was shown. A test notices a text that changed under its version."""
TEXT: Final = Path(__file__).with_name("clause.txt")
TEXTS: Final[Mapping[str, Path]] = {CLAUSE_VERSION: TEXT}
"""Every clause that was ever shown, by version: a new one joins, and none is taken out."""


def clause(*, version: str = CLAUSE_VERSION) -> tuple[Section, ...]:
    """The clause of this version with this utility's facts in it; empty for one that was never ours."""
    text = TEXTS.get(version)
    if text is None:
        return ()
    us = utility()
    facts = {"name": us.name, "address": us.address, "data_protection_email": us.data_protection_email}
    return sections_of(Template(text.read_text("utf-8")).substitute(facts))
