"""Addresses of e-invoices and notices, in Polish."""

from django.urls import path

from ebok.portal.einvoice import asking, confirming, link, overview

urlpatterns = [
    path("", overview.show, name="e_invoice"),
    path("zgoda/", asking.give, name="e_invoice_give"),
    path("adres/", asking.address, name="e_invoice_address"),
    path("sprawdz/", confirming.check, name="e_invoice_check"),
    path("kod/", confirming.code_again, name="e_invoice_code_again"),
    path("wylaczenie/", confirming.turn_off, name="e_invoice_off"),
    path("wpis/<int:consent_id>/", overview.entry, name="e_invoice_entry"),
    path("wpis/<int:consent_id>/potwierdzenie/", overview.receipt, name="e_invoice_receipt"),
    path("tresc/<int:version_id>/", overview.wording, name="e_invoice_wording"),
    path("rezygnacja/<int:consent_id>/<str:mac>/", link.withdrawal, name="e_invoice_link"),
]
