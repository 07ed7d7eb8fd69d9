"""Addresses of sign-in, in Polish, under the names allauth looks for."""

from django.urls import path

from ebok.portal.sign_in import by_code, passwords, views

urlpatterns = [
    path("logowanie/", views.sign_in, name="account_login"),
    path("logowanie/kod/", by_code.ask, name="account_request_login_code"),
    path("logowanie/kod/wpisz/", by_code.type_in, name="account_confirm_login_code"),
    path("wyloguj/", views.sign_out, name="account_logout"),
    path("haslo/zmiana/", passwords.change, name="account_change_password"),
    path("haslo/reset/", passwords.ask, name="account_reset_password"),
    path("haslo/reset/kod/", passwords.confirm, name="account_confirm_password_reset_code"),
    path("sesja/", views.extend_session, name="extend_session"),
    path("lokal/", views.choose_premises, name="choose_premises"),
]
