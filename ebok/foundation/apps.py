"""Django's name for this package."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The app `foundation`."""

    name = "ebok.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
