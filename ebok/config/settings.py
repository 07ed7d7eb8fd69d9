"""Django's settings, from the environment and `ebok.toml`. Reading them starts nothing."""

import os
from pathlib import Path

from environs import Env

from ebok.foundation.utility import UtilityProfile
from ebok.kernel.identifiers import clean

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(env.str("EBOK_DATA", "var")).resolve()
DEMO = env.bool("EBOK_DEMO", False)
PUBLIC_URL = env.str("EBOK_PUBLIC_URL", "http://localhost:8000").rstrip("/")
EBOK_DATA = DATA
EBOK_DEMO = DEMO
EBOK_PUBLIC_URL = PUBLIC_URL
EBOK_DOCUMENTS = Path(env.str("EBOK_DOCUMENTS", str(DATA / "documents"))).resolve()
EBOK_HMAC_KEY = env.str("EBOK_HMAC_KEY", "")
EBOK_EMAIL_URL = env.str("EBOK_EMAIL_URL", f"file://{DATA / 'mail'}" if DEMO else "")
EBOK_DEFAULT_PAYMENT_DAYS = env.int("EBOK_DEFAULT_PAYMENT_DAYS", 14)
EBOK_STALE_FEED_DAYS = env.int("EBOK_STALE_FEED_DAYS", 3)

SECRET_KEY = env.str("EBOK_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

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
    ibans=tuple(clean(i).upper().removeprefix("PL") for i in env.list("EBOK_UTILITY_IBANS", [])),
)

INSTALLED_APPS = [
    "ebok.audit",
    "ebok.documents",
    "ebok.customers",
    "ebok.notifications",
    "ebok.access",
    "ebok.metering",
    "ebok.billing",
    "ebok.payments",
    "ebok.interchange",
    "ebok.web",
    "ebok.portal",
    "ebok.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
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
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", "postgresql://postgres@localhost/postgres")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=60)}
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

LANGUAGE_CODE = "pl"
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.config.settings")
