"""Addresses of invoices."""

from django.urls import path

from ebok.portal.invoices import files, views

urlpatterns = [
    path("", views.invoice_list, name="invoices"),
    path("wybrane/", files.chosen_invoices, name="chosen_invoices"),
    path("<int:invoice_id>/", views.invoice, name="invoice"),
    path("<int:invoice_id>/pdf/", files.invoice_pdf, name="invoice_pdf"),
    path("<int:invoice_id>/duplikat/", files.duplicate, name="invoice_duplicate"),
    path("<int:invoice_id>/xml/", files.invoice_xml, name="invoice_xml"),
]
