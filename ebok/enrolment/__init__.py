"""From "I am a customer" to a login: applications, proofs, letters."""
