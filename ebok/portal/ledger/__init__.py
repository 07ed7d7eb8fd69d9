"""The account as a simple sum: what was charged, what was paid, what is left."""
