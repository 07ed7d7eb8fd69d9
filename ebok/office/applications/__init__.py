"""Applications for access: the list, one of them compared with what is on file, and deciding it."""
