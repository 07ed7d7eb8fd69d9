"""Message kinds, the outbox, attempts to deliver."""
