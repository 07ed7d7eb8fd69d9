"""What interchange does: one module for each kind of file."""
