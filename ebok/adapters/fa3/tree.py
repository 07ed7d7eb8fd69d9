"""A validated document as plain nodes: children by name, values with their types."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ebok.kernel.money import GROSZ

_BLANK: Final = re.compile(r"[ \t\r\n]+")


class Node:
    """One element. What the XSD requires is there; what it leaves open may be None."""

    __slots__ = ("_by_name", "text")

    def __init__(self, text: str, by_name: "dict[str, list[Node]]") -> None:
        self.text = text
        self._by_name = by_name

    def children(self, name: str) -> Sequence["Node"]:
        """All children of this name, in order."""
        return self._by_name.get(name, ())

    def child_or_none(self, name: str) -> "Node | None":
        """The first child of this name."""
        found = self._by_name.get(name)
        return found[0] if found else None

    def child(self, name: str) -> "Node":
        """The first child of this name, or an empty node: asking it further finds nothing."""
        found = self._by_name.get(name)
        return found[0] if found else _NOTHING

    def words(self, name: str) -> str | None:
        """The child's text as printed, without blanks around it; None when there is none."""
        found = self._by_name.get(name)
        return (found[0].text.strip() or None) if found else None

    def token(self, name: str) -> str:
        """The child's text as `xsd:token`: blanks collapsed; empty when there is none."""
        found = self._by_name.get(name)
        return _BLANK.sub(" ", found[0].text).strip() if found else ""

    def day(self, name: str) -> date:
        """The child's date."""
        return date.fromisoformat(self._by_name[name][0].text.strip())

    def day_or_none(self, name: str) -> date | None:
        """The child's date, None when there is none."""
        return self.day(name) if name in self._by_name else None

    def amount(self, name: str) -> Decimal:
        """The child's amount in złoty, two places."""
        return Decimal(self._by_name[name][0].text.strip()).quantize(GROSZ)

    def amount_or_none(self, name: str) -> Decimal | None:
        """The child's amount, None when there is none."""
        return self.amount(name) if name in self._by_name else None

    def number_or_none(self, name: str) -> Decimal | None:
        """The child's number with the places printed, None when there is none."""
        found = self._by_name.get(name)
        return Decimal(found[0].text.strip()) if found else None


_NO_CHILDREN: Final[dict[str, list[Node]]] = {}
_NOTHING: Final = Node("", _NO_CHILDREN)


def node(element: Any) -> Node:
    """Turn an lxml element and all below it into nodes; names lose their namespace."""
    by_name: dict[str, list[Node]] = {}
    for child in element:
        made = node(child) if len(child) else Node(child.text or "", _NO_CHILDREN)
        name = child.tag.rpartition("}")[2]
        if name in by_name:
            by_name[name].append(made)
        else:
            by_name[name] = [made]
    return Node(element.text or "", by_name)
