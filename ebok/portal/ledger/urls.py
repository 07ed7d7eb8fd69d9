"""Addresses of the account's statement."""

from django.urls import path

from ebok.portal.ledger.views import entry, ledger, ledger_csv

urlpatterns = [
    path("", ledger, name="ledger"),
    path("csv/", ledger_csv, name="ledger_csv"),
    path("<int:entry_id>/", entry, name="ledger_entry"),
]
