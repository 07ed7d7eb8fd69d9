"""Django's name for this package."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The app `payments`."""

    name = "ebok.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
