"""Django's name for this package."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """The app `enrolment`."""

    name = "ebok.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"
