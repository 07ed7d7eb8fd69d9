"""Addresses of the check of invoices. `/f/<token>/` is printed on paper, hence so short."""

from django.urls import path

from ebok.portal.genuine import views

urlpatterns = [
    path("sprawdz-fakture/", views.doors, name="genuine"),
    path("sprawdz-fakture/kod/", views.by_code, name="genuine_code"),
    path("sprawdz-fakture/dane/", views.by_typed, name="genuine_typed"),
    path("sprawdz-fakture/plik/", views.by_file, name="genuine_file"),
    path("sprawdz-fakture/zgloszenie/", views.report, name="genuine_report"),
    path("sprawdz-fakture/zgloszone/", views.report_taken, name="genuine_reported"),
    path("f/<str:token>/", views.by_token, name="genuine_token"),
]
