"""The face for customers."""
