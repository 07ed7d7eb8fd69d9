"""A validated document as plain nodes: children by name, values with their types."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ebok.kernel.money import GROSZ

_BLANK: Final = re.compile(r"[ \t\r\n]+")
# Large parts of every file of which eBOK keeps no value; reading them would cost a third more.
_UNREAD: Final = frozenset({"Naglowek", "Zalacznik"})


class Node:
    """One element: the texts of its plain children, and its children that have children themselves.

    What the XSD requires is there; what it leaves open may be None. Of plain children with one name the
    first counts.
    """

    __slots__ = ("_nodes", "_texts")

    def __init__(self, texts: dict[str, str], nodes: "dict[str, list[Node]]") -> None:
        self._texts = texts
        self._nodes = nodes

    def has(self, name: str) -> bool:
        """Say whether there is a child of this name, even an empty one."""
        return name in self._texts or name in self._nodes

    def children(self, name: str) -> Sequence["Node"]:
        """All children of this name that are not empty, in order."""
        return self._nodes.get(name, ())

    def child(self, name: str) -> "Node":
        """The first child of this name, or an empty node: asking it further finds nothing."""
        found = self._nodes.get(name)
        return found[0] if found else _NOTHING

    def words(self, name: str) -> str | None:
        """The child's text as printed, without blanks around it; None when there is none."""
        found = self._texts.get(name)
        return (found.strip() or None) if found else None

    def token(self, name: str) -> str:
        """The child's text as `xsd:token`: blanks collapsed; empty when there is none."""
        found = self._texts.get(name, "")
        return found if found.isalnum() else _BLANK.sub(" ", found).strip()

    def day(self, name: str) -> date:
        """The child's date."""
        return date.fromisoformat(self._texts[name].strip())

    def day_or_none(self, name: str) -> date | None:
        """The child's date, None when there is none."""
        return self.day(name) if name in self._texts else None

    def amount(self, name: str) -> Decimal:
        """The child's amount in złoty, two places."""
        return Decimal(self._texts[name].strip()).quantize(GROSZ)

    def amount_or_none(self, name: str) -> Decimal | None:
        """The child's amount, None when there is none."""
        return self.amount(name) if name in self._texts else None

    def number_or_none(self, name: str) -> Decimal | None:
        """The child's number with the places printed, None when there is none."""
        found = self._texts.get(name)
        return None if found is None else Decimal(found.strip())


_NOTHING: Final = Node({}, {})


def node(element: Any) -> Node:
    """Turn an lxml element and all below it into nodes; names lose their namespace."""
    texts: dict[str, str] = {}
    nodes: dict[str, list[Node]] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        if not len(child):
            texts.setdefault(name, child.text or "")
        elif name in nodes:
            nodes[name].append(node(child))
        elif name not in _UNREAD:
            nodes[name] = [node(child)]
    return Node(texts, nodes)
