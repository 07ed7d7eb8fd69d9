"""Django's name for this package, and the moment when ports meet adapters."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The app `config`: commands that start processes."""

    name = "ebok.config"
    label = "config"
