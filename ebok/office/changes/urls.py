"""Addresses of requests to change data of the agreement."""

from django.urls import path

from ebok.office.changes import views

urlpatterns = [
    path("", views.changes, name="office_changes"),
    path("<int:request_id>/", views.decide, name="office_change"),
]
