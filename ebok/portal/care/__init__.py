"""A person's own page, and what they change or ask about their accounts."""
