"""Every address of the office."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ebok.office.home.urls")),
    path("klienci/", include("ebok.office.customers.urls")),
]
