"""The utility's own people: applications, letters, customers."""
