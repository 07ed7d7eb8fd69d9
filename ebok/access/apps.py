"""Django's name for this package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The app `access`."""

    name = "ebok.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
