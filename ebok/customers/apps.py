"""Django's name for this package."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The app `customers`."""

    name = "ebok.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
