"""The information clause of art. 13 RODO: one text for the page, the application and the paper form."""

from pathlib import Path
from string import Template
from typing import Final

from ebok.foundation.utility import utility
from ebok.terms.domain import Section, sections_of

CLAUSE_VERSION: Final = "2026-11-22"
"""Kept with every application: which clause was shown. A test notices a text that changed under its version."""
TEXT: Final = Path(__file__).with_name("clause.txt")


def clause() -> tuple[Section, ...]:
    """The clause with this utility's facts in it."""
    us = utility()
    facts = {"name": us.name, "address": us.address, "data_protection_email": us.data_protection_email}
    return sections_of(Template(TEXT.read_text("utf-8")).substitute(facts))
