"""By which legal way an invoice travels, its document, its sending, and proof of all three."""
