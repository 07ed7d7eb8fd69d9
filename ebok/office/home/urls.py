"""Addresses of the home of the office."""

from django.urls import path

from ebok.office.home import views

urlpatterns = [
    path("", views.home, name="office"),
    path("niedoreczone/", views.lost, name="office_undelivered"),
    path("skroty/", views.keys, name="office_keys"),
]
