"""Django's name for this package."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The app `documents`."""

    name = "ebok.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
