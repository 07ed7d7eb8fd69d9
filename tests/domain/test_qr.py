"""A drawn QR code is the code itself, module by module, and says in words what it is."""

import re

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from ebok.kernel.qr import MASK, QUIET_ZONE, qr_drawing
from ebok.web.qr import qr_svg


def modules(path: str, side: int) -> list[list[int]]:
    grid = [[0] * side for _ in range(side)]
    for x, y, length in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)):
        grid[y][x : x + length] = [1] * length
    return grid


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=160))
def test_the_path_draws_exactly_the_modules_of_the_code(text):
    drawing = qr_drawing(text)
    code = segno.make_qr(text, error="L", encoding="utf-8", mask=MASK, boost_error=False)
    expected = [list(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    assert modules(drawing.path, drawing.side) == expected


def test_the_picture_has_words_and_they_are_escaped():
    picture = qr_svg("x", label='Kod "<b>"')
    assert 'role="img" aria-label="Kod &quot;&lt;b&gt;&quot;"' in picture
    assert "style=" not in picture
