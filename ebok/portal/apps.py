"""Django's name for this package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `portal`."""

    name = "ebok.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
