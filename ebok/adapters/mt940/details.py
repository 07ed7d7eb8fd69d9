"""What the free details of a movement (`:86:`) say: who paid, from where, with which title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ebok.kernel.identifiers import NRB_LENGTH, nrb, nrb_check_digits
from ebok.payments.domain import squeezed

_SEPARATOR: Final = re.compile(r"(?:[0-9]{3,4})?([?~<^])[0-9]{2}")
_CODES: Final = {sign: re.compile(re.escape(sign) + "([0-9]{2})") for sign in "?~<^"}
_LABEL: Final = re.compile(r"(?:^|(?<=[\s;]))(ID IPH|Z RACH\.|NA RACH\.|DO RACH\.|OD|DLA|TYT\.|TNR):")
_TITLE: Final = ("20", "21", "22", "23", "24", "25", "26")
_MORE_TITLE: Final = ("60",)
_NAME: Final = ("32", "33")
# Where no name stands in its own place these hold it; otherwise they go on with the title.
_OTHER_NAME: Final = ("27", "28", "29")
_FULL_WIDTH: Final = frozenset({27, 35, 65})
_BODY_LENGTH: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A movement's details; `text` is all of them, parts on lines of their own."""

    name: str
    account: str
    title: str
    text: str


def read_details(lines: Sequence[str]) -> Details:
    """Read `:86:` in whichever layout it has: subfields behind `?`, `~`, `<` or `^`, mBank's labels, or plain text."""
    if not lines:
        return Details(name="", account="", title="", text="")
    text = "".join(lines)
    separator = _SEPARATOR.match(text)
    if separator is not None:
        return _subfields(text, separator[1])
    return _labelled(text) if _LABEL.search(text) else _plain(lines)


def _subfields(text: str, separator: str) -> Details:
    _, *parts = _CODES[separator].split(text)
    fields: dict[str, str] = {}
    for code, value in zip(parts[::2], parts[1::2], strict=True):
        fields[code] = fields.get(code, "") + value
    name = _joined(fields, _NAME)
    title = _joined(fields, (*_TITLE, *(_OTHER_NAME if name else ()), *_MORE_TITLE))
    name = name or _joined(fields, _OTHER_NAME)
    return Details(name=name, account=_account(fields), title=title, text="\n".join([title, *fields.values()]))


def _joined(fields: dict[str, str], codes: Sequence[str]) -> str:
    """Join subfields: one cut at full width goes on in the next, a shorter one ends with a word.

    A subfield that is an account number goes on from nothing, however wide the one before it.
    """
    result = ""
    for value in filter(None, map(fields.get, codes)):
        start = " " if len(value) >= NRB_LENGTH and nrb(value) is not None else ""
        result += start + value + ("" if len(value) in _FULL_WIDTH and not start else " ")
    return squeezed(result)


def _account(fields: dict[str, str]) -> str:
    for code in ("38", "31"):
        account = nrb(fields.get(code, ""))
        if account is not None:
            return account
    body = (fields.get("30", "") + fields.get("31", "")).replace(" ", "")
    if len(body) == _BODY_LENGTH and body.isascii() and body.isdigit():
        return nrb_check_digits(body) + body
    return ""


def _labelled(text: str) -> Details:
    _, *parts = _LABEL.split(text)
    fields = {
        label: squeezed(value.strip().removesuffix(";")) for label, value in zip(parts[::2], parts[1::2], strict=True)
    }
    account = next((n for label in ("Z RACH.", "NA RACH.", "DO RACH.") if (n := nrb(fields.get(label, "")))), "")
    return Details(
        name=fields.get("OD") or fields.get("DLA", ""), account=account, title=fields.get("TYT.", ""), text=text
    )


def _plain(lines: Sequence[str]) -> Details:
    return Details(name="", account="", title=squeezed("\n".join(lines)), text="\n".join(lines))
