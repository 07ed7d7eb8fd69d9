"""Django's name for this package, and the moment when ports meet adapters."""

from django.apps import AppConfig
from django.core.checks import register


class ConfigConfig(AppConfig):
    """The app `config`: commands that start processes."""

    name = "ebok.config"
    label = "config"

    def ready(self) -> None:
        """Provide the adapters, and the check of what is still to be set."""
        from ebok.config.deployment import what_is_still_to_be_set
        from ebok.config.wiring import wire

        wire()
        register(what_is_still_to_be_set, deploy=True)
