"""Finds the reader for a statement file among the formats in use."""

from collections.abc import Sequence

from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import Statement
from ebok.payments.ports import StatementReader


class AnyStatementReader:
    """Gives a file to the first reader that recognizes it."""

    def __init__(self, readers: Sequence[StatementReader]) -> None:
        self._readers = tuple(readers)

    def recognizes(self, data: bytes) -> bool:
        """Say whether any of the readers knows the format."""
        return any(reader.recognizes(data) for reader in self._readers)

    def read(self, data: bytes) -> tuple[Statement, ...]:
        """Return every statement of the file.

        :raises UnableToTake: `unsupported_kind` when no reader recognizes it, else the reader's refusals.
        """
        for reader in self._readers:
            if reader.recognizes(data):
                return reader.read(data)
        raise UnableToTake(
            RefusalCode.UNSUPPORTED_KIND, "Tego pliku nie rozpoznajemy. Wybierz wyciąg MT940 albo camt.053."
        )
