"""The panel: one number, then what to do."""
