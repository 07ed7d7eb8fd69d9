"""Statements in camt.053 (ISO 20022), versions 001.02 and 001.08."""

from ebok.adapters.camt053.reader import Camt053Reader

__all__ = ["Camt053Reader"]
