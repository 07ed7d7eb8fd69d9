"""Addresses of readings."""

from django.urls import path

from ebok.portal.readings import views

urlpatterns = [
    path("", views.readings, name="readings"),
    path("<int:installation_id>/podaj/", views.submit, name="reading_submit"),
    path("<int:installation_id>/podany/<int:reading_id>/", views.submitted, name="reading_submitted"),
]
