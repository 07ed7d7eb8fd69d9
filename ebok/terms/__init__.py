"""Versions of the regulamin, and who accepted which."""
