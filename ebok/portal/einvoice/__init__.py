"""E-invoices and notices: turning them on, another address, turning them off, and proof of each."""
