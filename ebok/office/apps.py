"""Django's name for this package."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app `office`."""

    name = "ebok.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"
