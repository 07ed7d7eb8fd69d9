"""The address of the audit trail."""

from django.urls import path

from ebok.office.journal import views

urlpatterns = [path("", views.journal, name="office_journal")]
