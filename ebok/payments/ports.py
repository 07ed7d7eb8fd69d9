"""What payments needs from outside: a reader of bank statements."""

from typing import Protocol

from ebok.payments.domain import Statement


class StatementReader(Protocol):
    """Reads one file of one bank format."""

    def recognizes(self, data: bytes) -> bool:
        """Say whether the file looks like this reader's format."""
        ...

    def read(self, data: bytes) -> tuple[Statement, ...]:
        """Return every statement of the file, conservation (I5) proved for each.

        :raises ebok.kernel.refusals.UnableToTake: with `conservation`, `currency`, `bad_encoding`,
            `not_xml`, `doctype`, `schema_invalid`, `missing_value`, `bad_date`, `bad_number`,
            `unsupported_kind` or `unknown_own_account` (the account is no Polish account at all).
        """
        ...
