"""What to write in a transfer: for one invoice, several, or the balance."""
