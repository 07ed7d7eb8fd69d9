"""Addresses of requests for access."""

from django.urls import path

from ebok.office.requests import views

urlpatterns = [
    path("", views.requests, name="office_requests"),
    path("<int:request_id>/", views.decide, name="office_request"),
]
