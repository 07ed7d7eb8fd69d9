"""The home of the office: the work that waits, and the keys."""
