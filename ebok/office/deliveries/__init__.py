"""Sending invoices by e-mail: runs with their progress, and mailings that failed."""
