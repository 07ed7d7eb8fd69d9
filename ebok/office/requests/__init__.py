"""Requests for access that have an owner in the way, and that nobody has decided."""
