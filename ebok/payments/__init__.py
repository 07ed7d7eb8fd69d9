"""Bank statements, and which account a payment belongs to."""
