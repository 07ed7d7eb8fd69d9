"""Addresses of the letters."""

from django.urls import path

from ebok.office.letters import views

urlpatterns = [
    path("", views.letters, name="office_letters"),
    path("pdf/", views.pdf, name="office_letters_pdf"),
    path("wydrukowane/", views.printed, name="office_letters_printed"),
]
