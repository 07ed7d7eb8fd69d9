"""Django's name for this package."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """The app `billing`."""

    name = "ebok.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"
