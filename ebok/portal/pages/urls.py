"""Addresses of the pages anyone may read."""

from django.urls import path

from ebok.portal.pages import views

urlpatterns = [
    path("", views.start, name="start"),
    path("dokumenty/", views.document_list, name="documents"),
    path("dokumenty/<int:publication_id>/", views.document_file, name="document_file"),
    path("prywatnosc/", views.privacy, name="privacy"),
    path("deklaracja-dostepnosci/", views.accessibility, name="accessibility"),
    path("ustawienia-wygladu/", views.appearance, name="appearance"),
]
