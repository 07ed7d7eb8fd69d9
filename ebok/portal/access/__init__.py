"""Who has access to an account: giving it, accepting it, deciding on requests for it, taking it away."""
