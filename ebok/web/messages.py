"""Where a sentence for the next page waits: in a signed cookie named like our others."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class OwnCookie(CookieStorage):
    """Django's cookie under our own prefix, so that no other site of the domain can put words on our pages."""

    cookie_name = settings.EBOK_MESSAGES_COOKIE


class Messages(FallbackStorage):
    """The cookie, and the session for what does not fit."""

    storage_classes = (OwnCookie, SessionStorage)
