"""Django's name for this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app `web`."""

    name = "ebok.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
