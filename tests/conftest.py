"""What every test shares."""

import pytest
from django.conf import settings
from django.db import connections

from tests import postgres


def pytest_configure() -> None:
    """Serve static files straight from their folders; `serve` collects them and is tested as a process."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give this process a database of its own, copied from the template of the present migrations."""
    ours = postgres.prepare()
    settings = connections["default"].settings_dict
    settings["CONN_MAX_AGE"] = 0
    settings["TEST"] |= {"NAME": ours.name, "TEMPLATE": ours.template}
