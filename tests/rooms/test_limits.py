"""Limits count across processes, and a window that has ended is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from ebok.foundation.limits import Limit, forget_past, give_back, take
from ebok.foundation.models import LimitCounter

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMIT = Limit(name="tests", times=3, within=timedelta(minutes=15))


@pytest.mark.django_db
def test_the_limit_holds_for_each_subject_apart() -> None:
    assert [take(limit=LIMIT, subject="a", now=NOW) for _ in range(4)] == [True, True, True, False]
    assert take(limit=LIMIT, subject="b", now=NOW)


@pytest.mark.django_db
def test_the_next_window_starts_anew_and_the_past_is_forgotten() -> None:
    for _ in range(4):
        take(limit=LIMIT, subject="a", now=NOW)
    later = NOW + LIMIT.within
    assert take(limit=LIMIT, subject="a", now=later)
    assert forget_past(now=later + timedelta(seconds=1)) == 1
    assert LimitCounter.objects.count() == 1


@pytest.mark.django_db
def test_what_is_given_back_can_be_used_again() -> None:
    for _ in range(3):
        take(limit=LIMIT, subject="a", now=NOW)
    give_back(limit=LIMIT, subject="a", now=NOW)
    assert take(limit=LIMIT, subject="a", now=NOW)
    assert not take(limit=LIMIT, subject="a", now=NOW)


@pytest.mark.django_db
def test_the_table_names_nobody() -> None:
    take(limit=LIMIT, subject="anna@example.com", now=NOW)
    assert "anna" not in str(LimitCounter.objects.values())


@pytest.mark.django_db(transaction=True)
def test_connections_at_the_same_time_never_get_more_than_the_limit() -> None:
    def one(_: int) -> bool:
        try:
            return take(limit=LIMIT, subject="a", now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(16))) == LIMIT.times


@given(seconds=st.integers(0, 10**9))
def test_a_moment_is_always_before_the_end_of_its_window(seconds: int) -> None:
    now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert now < LIMIT.ends_at(now) <= now + LIMIT.within
