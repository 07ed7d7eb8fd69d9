"""What every test shares."""

import pytest
from django.db import connections

from tests import postgres


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give this process a database of its own, copied from the template of the present migrations."""
    ours = postgres.prepare()
    settings = connections["default"].settings_dict
    settings["CONN_MAX_AGE"] = 0
    settings["TEST"] |= {"NAME": ours.name, "TEMPLATE": ours.template}
