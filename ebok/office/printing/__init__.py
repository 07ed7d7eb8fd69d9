"""Invoices on paper: batches to print, their files, and the note that they are printed."""
