"""Takes the billing system's registry: accounts, service points, meters, readings."""

from ebok.interchange.operations.registry.importing import import_registry
from ebok.interchange.operations.registry.tables import TABLES

__all__ = ["TABLES", "import_registry"]
