"""One folder for each outside party or engine; each implements a port."""
