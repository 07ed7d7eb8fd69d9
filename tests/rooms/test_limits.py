"""Limits count across processes, hold for every span of time, and forget what is past."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from ebok.foundation.formats import waiting_time
from ebok.foundation.limits import Limit, forget_past, give_back, lift, take, take_each, wait_until
from ebok.foundation.models import LimitCounter

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMIT = Limit(name="tests", times=3, within=timedelta(minutes=15))


@pytest.mark.django_db
def test_the_limit_holds_for_each_subject_apart() -> None:
    assert [take(limit=LIMIT, subject="a", now=NOW) for _ in range(4)] == [True, True, True, False]
    assert take(limit=LIMIT, subject="b", now=NOW)


@pytest.mark.django_db
def test_uses_long_ago_no_longer_count_and_are_forgotten() -> None:
    for _ in range(4):
        take(limit=LIMIT, subject="a", now=NOW)
    later = NOW + LIMIT.within + LIMIT.step
    assert take(limit=LIMIT, subject="a", now=later)
    assert forget_past(now=later + timedelta(seconds=1)) == 1
    assert LimitCounter.objects.count() == 1


@pytest.mark.django_db
def test_no_span_of_time_has_more_uses_than_the_limit_wherever_it_starts() -> None:
    minutes = range(12, 75)
    given = [n for n in minutes if take(limit=LIMIT, subject="a", now=NOW + timedelta(minutes=n))]
    spans = [sum(start <= n < start + 15 for n in given) for start in minutes]
    assert max(spans) == LIMIT.times
    assert len(given) >= 3 * LIMIT.times


@pytest.mark.django_db
def test_refused_tries_do_not_lengthen_the_wait() -> None:
    for n in range(15):
        take(limit=LIMIT, subject="a", now=NOW + timedelta(minutes=n))
    assert take(limit=LIMIT, subject="a", now=NOW + LIMIT.within + LIMIT.step)


@pytest.mark.django_db
def test_a_limit_that_is_lifted_is_free_at_once_for_that_subject_only() -> None:
    for subject in ("a", "b"):
        for n in range(3):
            take(limit=LIMIT, subject=subject, now=NOW + timedelta(minutes=n))
    later = NOW + timedelta(minutes=5)
    lift(limit=LIMIT, subject="a", now=later)
    assert take(limit=LIMIT, subject="a", now=later)
    assert not take(limit=LIMIT, subject="b", now=later)


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
def test_a_use_counts_for_its_whole_span_and_at_most_one_step_longer(seconds: int) -> None:
    now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert now + LIMIT.within < LIMIT.ends_at(now) <= now + LIMIT.within + LIMIT.step


@pytest.mark.django_db
def test_when_one_of_several_refuses_none_is_counted_and_the_wait_is_named() -> None:
    narrow = Limit(name="narrow", times=1, within=timedelta(minutes=5))
    uses = [(LIMIT, "a"), (narrow, "a")]
    assert take_each(uses=uses, now=NOW) == []
    assert take_each(uses=uses, now=NOW) == [(narrow, "a")]
    assert [take(limit=LIMIT, subject="a", now=NOW) for _ in range(3)] == [True, True, False]
    free = wait_until(uses=[(narrow, "a")], now=NOW)
    assert NOW + narrow.within <= free <= NOW + narrow.within + narrow.step
    assert take_each(uses=[(narrow, "a")], now=free - timedelta(seconds=1)) == [(narrow, "a")]
    assert take_each(uses=[(narrow, "a")], now=free) == []
    assert wait_until(uses=[(narrow, "b")], now=NOW) == NOW


@pytest.mark.django_db
def test_what_stands_behind_the_first_refusal_is_never_touched_but_named_when_it_refuses_too() -> None:
    none = Limit(name="none", times=0, within=timedelta(minutes=5))
    for _ in range(3):
        take(limit=LIMIT, subject="a", now=NOW)
    before = LimitCounter.objects.filter(used__gt=0).count()
    assert take_each(uses=[(none, "x"), (LIMIT, "a"), (LIMIT, "b")], now=NOW) == [(none, "x"), (LIMIT, "a")]
    assert LimitCounter.objects.filter(used__gt=0).count() == before
    assert [take(limit=LIMIT, subject="b", now=NOW) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (0, "1 minutę"), (61, "2 minuty"), (299, "5 minut"), (22 * 60, "22 minuty"), (5400, "90 minut"),
        (5401, "2 godziny"), (5 * 3600, "5 godzin"), (24 * 3600, "24 godziny"),
    ],
)  # fmt: skip
def test_a_wait_is_said_in_words_and_never_too_short(wait: int, words: str) -> None:
    assert waiting_time(timedelta(seconds=wait)).replace("\xa0", " ") == words
