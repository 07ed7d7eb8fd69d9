"""Django's name for this package."""

from django.apps import AppConfig


class TermsConfig(AppConfig):
    """The app `terms`."""

    name = "ebok.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"
