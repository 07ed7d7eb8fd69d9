"""Who did what, or looked at what, for whom and why: append-only and hash-chained."""
