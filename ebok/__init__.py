"""eBOK: the online customer office of a water and sewerage utility."""

__version__ = "0.1.0"
