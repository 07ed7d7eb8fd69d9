"""From "I am a customer" to a login: the ways, the login itself, and what became of it."""
