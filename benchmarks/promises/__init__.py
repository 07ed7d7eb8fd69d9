"""The promises that are proved, not timed; each module has `figures(*, quick)`."""
