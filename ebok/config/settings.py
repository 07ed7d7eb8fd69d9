"""Django's settings, from the environment and `ebok.toml`. Reading them starts nothing."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env

from ebok.config import address, delivery, environment, headers, postgres, sms
from ebok.config.field_keys import field_keys
from ebok.config.secrecy import checked
from ebok.foundation.logs import logging_config
from ebok.foundation.utility import UtilityProfile
from ebok.jobs.demo.utility import OWN_NRBS
from ebok.kernel.identifiers import clean

environment.load()
environment.expect_some()
env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.data_folder()
DEMO = env.bool("EBOK_DEMO", False)
PUBLIC_URL = env.str("EBOK_PUBLIC_URL", "http://localhost:8000").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or ""
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
PLAIN = DEMO and PUBLIC_URL.startswith("http://") and PUBLIC_HOST in ("localhost", "127.0.0.1", "::1")
"""The demo on plain http of this machine: the only place with cookies that are not Secure and without HSTS."""
EBOK_DATA = DATA
EBOK_DEMO = DEMO
EBOK_PUBLIC_URL = PUBLIC_URL
EBOK_DOCUMENTS = Path(env.str("EBOK_DOCUMENTS", str(DATA / "documents"))).resolve()
EBOK_HMAC_KEY = checked(name="EBOK_HMAC_KEY", value=env.str("EBOK_HMAC_KEY", ""), demo=DEMO)
EBOK_EMAIL_URL = env.str("EBOK_EMAIL_URL", f"file://{DATA / 'mail'}" if DEMO else "")
EBOK_MAIL_PER_MINUTE = env.int("EBOK_MAIL_PER_MINUTE", 0)
EBOK_SEAL_P12 = env.str("EBOK_SEAL_P12", "")
EBOK_SEAL_PASSWORD = env.str("EBOK_SEAL_PASSWORD", "")
EBOK_SEAL_PAST: list[str] = env.list("EBOK_SEAL_PAST", [])
EBOK_SMS_URL = sms.checked(url=env.str("EBOK_SMS_URL", f"file://{DATA / 'sms'}" if DEMO else ""), demo=DEMO)
EBOK_ACTIVATION_INVOICE = env.bool("EBOK_ACTIVATION_INVOICE", True)
EBOK_ACTIVATION_LETTER = env.bool("EBOK_ACTIVATION_LETTER", True)
EBOK_ACTIVATION_DATA = env.bool("EBOK_ACTIVATION_DATA", True)
EBOK_APPLICATIONS = env.bool("EBOK_APPLICATIONS", True)
EBOK_DEFAULT_PAYMENT_DAYS = env.int("EBOK_DEFAULT_PAYMENT_DAYS", 14)
EBOK_STALE_FEED_DAYS = env.int("EBOK_STALE_FEED_DAYS", 3)
EBOK_KSEF_QR_URL = env.str("EBOK_KSEF_QR_URL", f"https://qr{'-test' if DEMO else ''}.ksef.mf.gov.pl").rstrip("/")
EBOK_DELIVER_SINCE = delivery.since(
    value=env.str("EBOK_DELIVER_SINCE", ""), demo=DEMO, today=datetime.now(tz=UTC).date()
)
EBOK_PRINT = delivery.one_of(name="EBOK_PRINT", value=env.str("EBOK_PRINT", "ebok"), choices=("ebok", "billing"))
EBOK_INVOICE_MAIL = delivery.one_of(
    name="EBOK_INVOICE_MAIL", value=env.str("EBOK_INVOICE_MAIL", "attachment"), choices=("attachment", "link")
)
EBOK_DELIVERY_MOMENT = delivery.one_of(
    name="EBOK_DELIVERY_MOMENT", value=env.str("EBOK_DELIVERY_MOMENT", "sent"), choices=("sent", "opened")
)

SECRET_KEY = checked(name="EBOK_SECRET_KEY", value=env.str("EBOK_SECRET_KEY", ""), demo=DEMO)
EBOK_FIELD_KEYS = field_keys(value=env.str("EBOK_FIELD_KEYS", ""), demo=DEMO, secret=SECRET_KEY)
DEBUG = False
ALLOWED_HOSTS = [PUBLIC_HOST, *LOOPBACK]

EBOK_UTILITY = UtilityProfile(
    name=env.str("EBOK_UTILITY_NAME", "Otwockie Przedsiębiorstwo Wodociągów i Kanalizacji Sp. z o.o."),
    short_name=env.str("EBOK_UTILITY_SHORT_NAME", "OPWiK"),
    street=env.str("EBOK_UTILITY_STREET", "ul. Kraszewskiego 1"),
    postal_code=env.str("EBOK_UTILITY_POSTAL_CODE", "05-402"),
    city=env.str("EBOK_UTILITY_CITY", "Otwock"),
    nip=env.str("EBOK_UTILITY_NIP", "5265877635"),
    krs=env.str("EBOK_UTILITY_KRS", "0000000000"),
    phone=env.str("EBOK_UTILITY_PHONE", "22 000 00 00"),
    alarm_phone=env.str("EBOK_UTILITY_ALARM_PHONE", "994"),
    office_hours=env.str("EBOK_UTILITY_OFFICE_HOURS", "pn.–pt. 7:00–15:00"),
    email=env.str("EBOK_UTILITY_EMAIL", "bok@opwik.example"),
    data_protection_email=env.str("EBOK_UTILITY_IOD_EMAIL", "opwik@opwik.com"),
    website=env.str("EBOK_UTILITY_WEBSITE", "https://opwik.example"),
    ibans=tuple(
        clean(i).upper().removeprefix("PL") for i in env.list("EBOK_UTILITY_IBANS", list(OWN_NRBS) if DEMO else [])
    ),
)

INSTALLED_APPS = [
    "ebok.foundation",
    "ebok.audit",
    "ebok.documents",
    "ebok.customers",
    "ebok.terms",
    "ebok.notifications",
    "ebok.access",
    "ebok.metering",
    "ebok.billing",
    "ebok.einvoicing",
    "ebok.payments",
    "ebok.enrolment",
    "ebok.interchange",
    "ebok.web",
    "ebok.portal",
    "ebok.office",
    "ebok.jobs",
    "ebok.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_structlog",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "ebok.web.middleware.RequestLogMiddleware",
    "ebok.web.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ebok.web.middleware.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ebok.web.middleware.CharsetMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ebok.web.middleware.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ebok.web.rules.DenyByDefault",
]

ROOT_URLCONF = "ebok.config.urls"
WSGI_APPLICATION = "ebok.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ebok.web.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.static",
                "ebok.web.templatetags.ebok",
            ],
        },
    }
]

DATABASE_URL = address.checked(env.str("DATABASE_URL", "") or postgres.url_of(postgres.folder_of(DATA)))
DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/panel/"
ACCOUNT_ADAPTER = "ebok.portal.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_FORMS = {"login": "ebok.portal.sign_in.forms.SignInForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
# Failed sign-ins are counted by our own limits, in one statement that all processes share.
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": False}
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
MFA_ADAPTER = "ebok.portal.security.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
# Addresses are confirmed by our own codes; what asks again who is there is ebok.web.step_up, on every view itself.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_REAUTHENTICATION_REQUIRED = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("EBOK_TRUSTED_PROXIES", 0)

LANGUAGE_CODE = "pl"
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# Form fields are drawn by our own templates; a component sees only what it is given.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COTTON_ISOLATE_BY_DEFAULT = True
CSRF_FAILURE_VIEW = "ebok.web.errors.csrf_failure"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ebok.web.storage.StaticFiles"},
}

_PREFIX = "" if PLAIN else "__Host-"
SESSION_COOKIE_NAME = f"{_PREFIX}ebok-session"
CSRF_COOKIE_NAME = f"{_PREFIX}ebok-csrf"
EBOK_MESSAGES_COOKIE = f"{_PREFIX}ebok-messages"
MESSAGE_STORAGE = "ebok.web.messages.Messages"
DEVICE_COOKIE_NAME = f"{_PREFIX}ebok-device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
STAFF_SESSION_AGE = 8 * 60 * 60
STAFF_SESSION_IDLE_SECONDS = 15 * 60
SECURE_HSTS_SECONDS = 0 if PLAIN else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = not PLAIN
SECURE_REDIRECT_EXEMPT = [r"^zdrowie/$"]
SECURE_PROXY_SSL_HEADER = None if PLAIN else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "ebok.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": headers.CONTENT_SECURITY_POLICY}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["ebok.web.uploads.BoundedUploads"]

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
EBOK_LOG_LEVEL = logging.getLevelName(env.log_level("EBOK_LOG_LEVEL", logging.INFO))
LOGGING_CONFIG = "ebok.foundation.logs.configure"
LOGGING = logging_config(level=EBOK_LOG_LEVEL)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.config.settings")
