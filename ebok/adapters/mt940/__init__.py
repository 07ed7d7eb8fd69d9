"""Statements in MT940, read by a strict line grammar of our own."""

from ebok.adapters.mt940.reader import Mt940Reader

__all__ = ["Mt940Reader"]
