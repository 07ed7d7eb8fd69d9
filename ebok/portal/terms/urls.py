"""Addresses of the regulations."""

from django.urls import path

from ebok.portal.terms import views

urlpatterns = [
    path("", views.in_force, name="regulations"),
    path("<int:version_id>/", views.version, name="regulations_version"),
    path("<int:version_id>/plik/", views.file, name="regulations_file"),
]
