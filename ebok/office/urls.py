"""Every address of the office."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ebok.office.home.urls")),
    path("wnioski/", include("ebok.office.applications.urls")),
    path("klienci/", include("ebok.office.customers.urls")),
    path("wysylka/", include("ebok.office.deliveries.urls")),
    path("podejrzane/", include("ebok.office.suspects.urls")),
    path("druk/", include("ebok.office.printing.urls")),
    path("listy/", include("ebok.office.letters.urls")),
    path("zgody/", include("ebok.office.consents.urls")),
    path("prosby/", include("ebok.office.requests.urls")),
    path("zmiany/", include("ebok.office.changes.urls")),
    path("dziennik/", include("ebok.office.journal.urls")),
]
