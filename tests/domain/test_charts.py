"""Bars keep to their picture and to their order."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ebok.web.charts import BASE, TOP, WIDTH, Bar, rectangles

values = st.lists(st.none() | st.decimals(-50, 9999, places=3), max_size=60)


def bars(numbers: list[Decimal | None]) -> list[Bar]:
    return [Bar(label=str(i), short=str(i), value=value, text=str(value)) for i, value in enumerate(numbers)]


@given(values)
def test_every_bar_stays_inside_the_picture_and_beside_its_neighbour(numbers):
    drawn = rectangles(bars(numbers))
    assert [r.bar.label for r in drawn] == [str(i) for i in range(len(numbers))]
    for r in drawn:
        assert 0 <= r.x < r.x + r.width <= WIDTH
        assert TOP <= r.y <= BASE
        assert r.y + r.height == BASE
    for left, right in pairwise(drawn):
        assert left.x + left.width <= right.x


@given(values)
def test_a_higher_value_is_never_a_lower_bar(numbers):
    known = sorted((r for r in rectangles(bars(numbers)) if r.bar.value is not None), key=lambda r: r.bar.value)
    assert [r.height for r in known] == sorted(r.height for r in known)
