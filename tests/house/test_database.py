import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_postgresql_in_a_database_of_their_own() -> None:
    assert connection.vendor == "postgresql"
    assert connection.settings_dict["NAME"].startswith("test_")
