"""Every component in every state, for those who build pages."""
