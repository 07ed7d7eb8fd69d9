"""Finding a customer, opening them with a reason, and what a clerk does there."""
