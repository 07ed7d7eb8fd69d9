"""Pages anyone may read: start, documents, privacy, accessibility, and the choice of looks."""
