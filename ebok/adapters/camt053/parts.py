"""One walk over an element of a checked document, after which every path below it is a look-up."""

from typing import Any, Final

# Walked on their own, or of no use: nothing below them is a value that is read.
_NOT_ENTERED: Final = frozenset(
    {"Ntry", "Bal", "NtryDtls/TxDtls", "BkTxCd", "RltdAgts", "RltdDts", "SplmtryData", "TxsSummry"}
)


class Part:
    """An element and what lies below it. Names have no namespace, so both versions read alike."""

    __slots__ = ("_found", "element")

    def __init__(self, element: Any) -> None:
        self.element = element
        self._found: dict[str, list[Any]] = {}
        self._walk(element, "", element.tag.find("}") + 1)

    def _walk(self, element: Any, prefix: str, name_at: int) -> None:
        found = self._found
        for child in element:
            path = prefix + child.tag[name_at:]
            if path in found:
                found[path].append(child)
            else:
                found[path] = [child]
            if len(child) and path not in _NOT_ENTERED:
                self._walk(child, path + "/", name_at)

    @property
    def line(self) -> int:
        """The element's line in the file."""
        return int(self.element.sourceline)

    def all(self, path: str) -> list[Any]:
        """Every element at a path, in order."""
        return self._found.get(path, [])

    def one(self, path: str) -> Any:
        """The first element at a path; None when there is none."""
        found = self._found.get(path)
        return found[0] if found else None

    def text(self, path: str) -> str:
        """The first text at a path, stripped; empty when there is none."""
        found = self._found.get(path)
        return (found[0].text or "").strip() if found else ""

    def first(self, *paths: str) -> str:
        """The first text that is not empty."""
        return next(filter(None, map(self.text, paths)), "")
