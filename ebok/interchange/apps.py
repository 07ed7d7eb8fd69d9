"""Django's name for this package."""

from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    """The app `interchange`."""

    name = "ebok.interchange"
    label = "interchange"
    default_auto_field = "django.db.models.BigAutoField"
