"""Every address of the customers' face."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ebok.portal.pages.urls")),
]
