"""Readings: meters in scope, sending one, and what each became."""
