"""Addresses of the search and of one customer."""

from django.urls import path

from ebok.office.customers import deeds, one, search

urlpatterns = [
    path("", search.search, name="office_customers"),
    path("<int:account_id>/", one.customer, name="office_customer"),
    path("<int:account_id>/koniec/", one.leave, name="office_customer_leave"),
    path("<int:account_id>/list/", deeds.letter, name="office_customer_letter"),
    path("<int:account_id>/wlasciciel/<int:grant_id>/koniec/", deeds.end_owner, name="office_end_owner"),
]
