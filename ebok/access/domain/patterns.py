"""Passwords that are long but say nothing: walks over the keyboard, and one word again and again."""

import re
from typing import Final

_WALKS: Final = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp", "azsxdcfvgbhnjm",
)  # fmt: skip
_STEPS: Final = tuple(way for walk in _WALKS for way in (walk, walk[::-1]))
_SHORTEST_RUN: Final = 3
_FEW_OTHERS: Final = 3
"""So many characters beside walks change nothing: `qwertyuiop12!`."""
_LONG_WORD: Final = 12


def is_walk(plain: str) -> bool:
    """Whether nearly all of it, in small letters, is runs over the keyboard, the alphabet or the digits."""
    at, others = 0, 0
    while at < len(plain):
        run = _run_at(plain, at)
        others += 1 if run < _SHORTEST_RUN else 0
        at += max(run, 1) if run >= _SHORTEST_RUN else 1
    return others <= _FEW_OTHERS


def _run_at(plain: str, at: int) -> int:
    longest = 0
    for walk in _STEPS:
        length = _SHORTEST_RUN
        while plain[at : at + length] in walk and at + length <= len(plain):
            longest = max(longest, length)
            length += 1
    return longest


def is_repetition(plain: str) -> bool:
    """Whether it is one short word again and again, the last time perhaps in part: `traktortraktor`, `woda1 woda2`."""
    letters = "".join(character for character in plain if character.isalnum())
    words = re.findall(r"[^\W\d_]+", plain)
    mostly_words = 2 * sum(map(len, words)) >= len(letters)
    again = len(words) > 1 and len(set(words)) == 1 and len(words[0]) < _LONG_WORD
    return _repeats(letters) or (mostly_words and (again or _repeats("".join(words))))


def _repeats(text: str) -> bool:
    units = range(1, min(len(text) // 2, _LONG_WORD - 1) + 1)
    return any(text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in units)
