"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from ebok.web import errors, failures
from ebok.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ebok.portal.urls")),
    path("biuro/", include("ebok.office.urls")),
    path("dev/", include("ebok.web.gallery.urls")),
    path("zdrowie/", health, name="health"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = failures.failed
