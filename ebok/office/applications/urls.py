"""Addresses of applications."""

from django.urls import path

from ebok.office.applications import paper, steps, views

urlpatterns = [
    path("", views.listed, name="office_applications"),
    path("nowy/", paper.enter, name="office_application_new"),
    path("<int:application_id>/", views.one, name="office_application"),
    path("<int:application_id>/skan/", views.scan, name="office_application_scan"),
    path("<int:application_id>/przyjecie/", steps.accept, name="office_application_accept"),
    path("<int:application_id>/pytanie/", steps.ask, name="office_application_ask"),
    path("<int:application_id>/odmowa/", steps.refuse, name="office_application_refuse"),
    path("<int:application_id>/potwierdzenie/", steps.confirm, name="office_application_confirm"),
]
