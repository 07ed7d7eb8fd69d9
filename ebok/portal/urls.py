"""Every address of the customers' face."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ebok.portal.pages.urls")),
    path("", include("ebok.portal.sign_in.urls")),
    path("", include("ebok.portal.security.urls")),
    path("", include("ebok.portal.identity.urls")),
    path("", include("ebok.portal.care.urls")),
    path("aktywacja/", include("ebok.portal.enrolment.urls")),
    path("lokale/", include("ebok.portal.premises.urls")),
    path("dostep/", include("ebok.portal.access.urls")),
    path("panel/", include("ebok.portal.panel.urls")),
    path("rozliczenia/", include("ebok.portal.ledger.urls")),
    path("efaktura/", include("ebok.portal.einvoice.urls")),
    path("faktury/", include("ebok.portal.invoices.urls")),
    path("zaplac/", include("ebok.portal.payments.urls")),
    path("odczyty/", include("ebok.portal.readings.urls")),
    path("regulamin/", include("ebok.portal.terms.urls")),
    path("wniosek/", include("ebok.portal.applications.urls")),
    path("", include("ebok.portal.genuine.urls")),
]
