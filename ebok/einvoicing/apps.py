"""Django's name for this package."""

from django.apps import AppConfig


class EinvoicingConfig(AppConfig):
    """The app `einvoicing`."""

    name = "ebok.einvoicing"
    label = "einvoicing"
    default_auto_field = "django.db.models.BigAutoField"
