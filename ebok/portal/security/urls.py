"""Addresses of what guards a login, in Polish, some under the names allauth looks for."""

from django.urls import path

from ebok.portal.security import confirming, overview

urlpatterns = [
    path("bezpieczenstwo/", overview.show, name="security"),
    path("potwierdz/", confirming.by_password, name="account_reauthenticate"),
    path("potwierdz/kod/", confirming.by_code, name="mfa_reauthenticate"),
    path("potwierdz/klucz/", confirming.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("potwierdz/email/", confirming.by_mail, name="confirm_by_mail"),
    path("potwierdz/email/kod/", confirming.send_mail_code, name="send_mail_code"),
    path("potwierdz/formularz/", confirming.resume_form, name="resume_form"),
]
