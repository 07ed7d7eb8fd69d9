"""Letters that wait for the printer."""
