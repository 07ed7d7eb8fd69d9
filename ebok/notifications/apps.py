"""Django's name for this package."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The app `notifications`."""

    name = "ebok.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
