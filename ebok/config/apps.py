"""Django's name for this package, and the moment when ports meet adapters."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The app `config`: commands that start processes."""

    name = "ebok.config"
    label = "config"

    def ready(self) -> None:
        """Provide the adapters."""
        from ebok.config.wiring import wire

        wire()
