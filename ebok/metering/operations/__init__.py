"""What metering does: a customer's reading, its review, and the registry's meters and readings."""
