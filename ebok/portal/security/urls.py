"""Addresses of what guards a login, in Polish, some under the names allauth looks for."""

from django.urls import path

from ebok.portal.security import (
    code_app,
    confirming,
    duty,
    no_password,
    overview,
    passkeys,
    recovery,
    second_step,
    sessions,
)

urlpatterns = [
    path("logowanie/drugi-skladnik/", second_step.second_step, name="mfa_authenticate"),
    path("logowanie/klucz/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("logowanie/klucz/poczatek/", passkeys.begin_sign_in, name="begin_passkey_sign_in"),
    path("potwierdz/", confirming.by_password, name="account_reauthenticate"),
    path("potwierdz/kod/", confirming.by_code, name="mfa_reauthenticate"),
    path("potwierdz/klucz/", confirming.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("potwierdz/email/", confirming.by_mail, name="confirm_by_mail"),
    path("potwierdz/email/kod/", confirming.send_mail_code, name="send_mail_code"),
    path("potwierdz/formularz/", confirming.resume_form, name="resume_form"),
    path("bezpieczenstwo/", overview.show, name="security"),
    path("bezpieczenstwo/drugi-skladnik/", duty.set_up, name="set_up_second_factor"),
    path("bezpieczenstwo/klucze/nowy/", passkeys.add, name="mfa_add_webauthn"),
    path("bezpieczenstwo/klucze/propozycja/", duty.offer_passkey, name="passkey_offer"),
    path("bezpieczenstwo/klucze/<int:pk>/nazwa/", passkeys.rename, name="mfa_edit_webauthn"),
    path("bezpieczenstwo/klucze/<int:pk>/usuniecie/", passkeys.remove, name="mfa_remove_webauthn"),
    path("bezpieczenstwo/aplikacja/", code_app.turn_on, name="mfa_activate_totp"),
    path("bezpieczenstwo/aplikacja/wylaczenie/", code_app.turn_off, name="mfa_deactivate_totp"),
    path("bezpieczenstwo/kody/", recovery.show, name="mfa_view_recovery_codes"),
    path("bezpieczenstwo/kody/nowe/", recovery.make, name="mfa_generate_recovery_codes"),
    path("bezpieczenstwo/kody/plik/", recovery.download, name="mfa_download_recovery_codes"),
    path("bezpieczenstwo/kody/zapisane/", recovery.saved, name="recovery_codes_saved"),
    path("bezpieczenstwo/haslo/usuniecie/", no_password.remove_password, name="remove_password"),
    path("bezpieczenstwo/sesje/koniec/", sessions.end_others, name="end_other_sessions"),
    path("bezpieczenstwo/sesje/<int:pk>/koniec/", sessions.end_one, name="end_session"),
]
