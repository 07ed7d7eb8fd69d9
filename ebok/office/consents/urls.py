"""Addresses of consents on paper."""

from django.urls import path

from ebok.office.consents import views

urlpatterns = [
    path("", views.enter, name="office_consents"),
    path("<int:consent_id>/", views.one, name="office_consent"),
    path("<int:consent_id>/skan/", views.scan, name="office_consent_scan"),
]
