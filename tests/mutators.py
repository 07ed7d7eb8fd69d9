"""Hostile versions of a good file: the same seed gives the same damage."""

from collections.abc import Callable
from random import Random

Mutator = Callable[[bytes, Random], bytes]


def flip_a_bit(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def replace_a_byte(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def change_a_digit(data: bytes, random: Random) -> bytes:
    places = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return flip_a_bit(data, random)
    at = random.choice(places)
    return data[:at] + str(random.randrange(10)).encode() + data[at + 1 :]


def a_letter_of_ours(data: bytes, random: Random) -> bytes:
    """Put a letter outside ASCII for a plain one: in a number, a hash, a date."""
    places = [i for i, byte in enumerate(data) if chr(byte).isalnum() and byte < 128]
    if not places:
        return flip_a_bit(data, random)
    at = random.choice(places)
    return data[:at] + random.choice("żŁ１é").encode() + data[at + 1 :]


def truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def cut_out(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randrange(1, 200) :]


def repeat_a_piece(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    end = min(len(data), start + random.randrange(1, 200))
    return data[:end] + data[start:end] * random.randrange(1, 5) + data[end:]


def swap_lines(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return truncate(data, random)
    i, j = random.sample(range(len(lines)), 2)
    lines[i], lines[j] = lines[j], lines[i]
    return b"".join(lines)


def drop_a_line(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return b"".join(lines)


def huge_field(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.choice([b"9", b"A", b"\xc5\xbb", b" "]) * random.randrange(300, 20_000) + data[at:]


def hostile_text(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    pieces = [b"\x00", b"\xff\xfe", b"=1+1", b"'; DROP TABLE x; --", b"<script>", b"&x;", b"]]>", b"%s%n", b"\r\n:61:",
              b"1e309", b"-0", b"NaN", "１２".encode(), "\u202e".encode(),
              b"<!DOCTYPE a [<!ENTITY x 'y'>]>"]  # fmt: skip
    return data[:at] + random.choice(pieces) + data[at:]


def other_encoding(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(random.choice(["cp1250", "cp852", "iso-8859-2", "utf-16", "utf-8-sig"]), errors="replace")


def other_line_ends(data: bytes, random: Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", random.choice([b"\r\n", b"\r", b"\n\n"]))


MUTATORS: tuple[Mutator, ...] = (
    flip_a_bit, replace_a_byte, change_a_digit, a_letter_of_ours, truncate, cut_out, repeat_a_piece,
    swap_lines, drop_a_line, huge_field, hostile_text, other_encoding, other_line_ends,
)  # fmt: skip


def damaged(data: bytes, random: Random) -> bytes:
    """One to three damages on top of each other; never an exception of our own."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        if not data:
            return data
        data = random.choice(MUTATORS)(data, random)
    return data
