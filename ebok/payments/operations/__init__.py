"""What payments does: books statements, and books what waited once its account is known."""

from ebok.payments.operations.booking import BookedStatements, book_statements
from ebok.payments.operations.waiting import match_waiting

__all__ = ["BookedStatements", "book_statements", "match_waiting"]
