"""Reports of suspect invoices: what somebody met, and dealing with it."""
