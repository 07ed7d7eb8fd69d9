"""Django's name for this package."""

from django.apps import AppConfig


class MeteringConfig(AppConfig):
    """The app `metering`."""

    name = "ebok.metering"
    label = "metering"
    default_auto_field = "django.db.models.BigAutoField"
