"""Reads the billing system's CSV tables, in any encoding and with any separator in use."""

from ebok.adapters.registry.reader import CsvTableReader

__all__ = ["CsvTableReader"]
