"""Addresses of the person's own page and of what they change there, in Polish."""

from django.urls import path

from ebok.portal.care import closing, correspondence, data, hub, viewers

urlpatterns = [
    path("ja/", hub.me, name="me"),
    path("ja/adres/", correspondence.change, name="correspondence"),
    path("ja/dane/", data.show, name="contract_data"),
    path("ja/dane/zmiana/", data.ask, name="data_change"),
    path("ja/zamknij/", closing.close, name="close_login"),
    path("kto-ogladal/", viewers.show, name="viewers"),
]
