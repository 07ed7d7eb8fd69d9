"""Addresses of changing one's e-mail and phone, in Polish."""

from django.urls import path

from ebok.portal.identity import contact, email, phone

urlpatterns = [
    path("ja/email/", email.ask, name="email_change"),
    path("ja/email/kod/", email.confirm, name="email_change_code"),
    path("ja/email/kontakt/", contact.email, name="email_contact"),
    path("ja/telefon/", phone.ask, name="phone_change"),
    path("ja/telefon/kod/", phone.confirm, name="phone_change_code"),
    path("ja/telefon/kontakt/", contact.phone, name="phone_contact"),
    path("ja/telefon/usuniecie/", phone.remove, name="phone_removal"),
]
