"""Template tags of the interface, built in to every template."""
