"""Addresses of the ways to a login."""

from django.urls import path

from ebok.portal.enrolment import login, proving

urlpatterns = [
    path("", proving.choose, name="activation"),
    path("faktura/", proving.by_invoice, name="activation_invoice"),
    path("list/", proving.by_letter, name="activation_letter"),
    path("list/zamow/", proving.order_letter, name="activation_letter_order"),
    path("list/zamow/gotowe/", proving.letter_ordered, name="activation_letter_ordered"),
    path("dane/", proving.by_data, name="activation_data"),
    path("dane/kod/", proving.by_data_code, name="activation_data_code"),
    path("dane/kod/nowy/", proving.data_code_again, name="activation_data_code_again"),
    path("login/", login.login, name="activation_login"),
    path("gotowe/", login.done, name="activation_done"),
]
