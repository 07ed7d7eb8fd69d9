"""Addresses of reports of suspect invoices."""

from django.urls import path

from ebok.office.suspects import views

urlpatterns = [
    path("", views.suspects, name="office_suspects"),
    path("<int:report_id>/zalatwione/", views.settle, name="office_suspect_settle"),
]
