"""The pages of what guards a login, for somebody with a passkey and recovery codes just made."""

from typing import Final

SECURITY_PAGES: Final = {
    "security": "/bezpieczenstwo/",
    "set_up_second_factor": "/bezpieczenstwo/drugi-skladnik/",
    "passkey_offer": "/bezpieczenstwo/klucze/propozycja/",
    "mfa_add_webauthn": "/bezpieczenstwo/klucze/nowy/",
    "mfa_edit_webauthn": "/bezpieczenstwo/klucze/{passkey}/nazwa/",
    "mfa_remove_webauthn": "/bezpieczenstwo/klucze/{passkey}/usuniecie/",
    "mfa_activate_totp": "/bezpieczenstwo/aplikacja/",
    "mfa_view_recovery_codes": "/bezpieczenstwo/kody/",
    "mfa_generate_recovery_codes": "/bezpieczenstwo/kody/nowe/",
    "remove_password": "/bezpieczenstwo/haslo/usuniecie/",
    "mfa_reauthenticate": "/potwierdz/kod/",
    "mfa_reauthenticate_webauthn": "/potwierdz/klucz/",
}
"""How to reach each page: its name and address; test_factors walks them."""
SECURITY_NO_PAGE: Final = {
    "account_reauthenticate": "for people without a second factor; test_factors walks it",
    "mfa_authenticate": "between the two steps of signing in; test_factors walks it",
    "mfa_deactivate_totp": "for people with a code app; test_factors walks it",
    "confirm_by_mail": "for people with an e-mail and no factor; test_factors walks it",
    "resume_form": "for a form that came too late; test_factors walks it",
    "mfa_login_webauthn": "takes what a passkey answered and leads on",
    "begin_passkey_sign_in": "answers the script that asks for a passkey",
    "send_mail_code": "sends a code and leads back",
    "mfa_download_recovery_codes": "a file to download",
    "recovery_codes_saved": "hides the codes and leads back",
    "end_session": "ends a session and leads back",
    "end_other_sessions": "ends sessions and leads back",
}
