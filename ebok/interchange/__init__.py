"""What comes in from and goes out to the billing system and the bank, exactly once."""
