"""Django's name for this package."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "ebok.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
