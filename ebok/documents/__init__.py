"""Immutable stored files, found by their SHA-256."""
