"""What waits in the session between the form and its confirmation: encrypted, since it names an address."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from ebok.access.domain import CodeTicket
from ebok.terms.domain import ConsentDecision
from ebok.web.kept import Kept

_KEPT: Final = Kept(name="e_invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A decision, or another address for one, that waits to be confirmed. `version_id` is 0 for a mere address.

    `ticket` is of the code that went to the address; None for the login's own.
    """

    account_id: int
    decision: ConsentDecision
    version_id: int
    address: str
    ticket: CodeTicket | None

    @property
    def is_change(self) -> bool:
        """Whether only the address changes."""
        return not self.version_id

    @property
    def shown(self) -> str:
        """What the page of the check shows of it, for its form to bring back: the text, and where things go."""
        return f"{self.version_id} {self.address}"

    def with_ticket(self, ticket: CodeTicket) -> "Waiting":
        """The same, with another code on its way."""
        return replace(self, ticket=ticket)


def keep(session: SessionBase, waiting: Waiting) -> None:
    """Let it wait, in place of what waited before."""
    _KEPT.put(session, asdict(waiting))


def kept(session: SessionBase) -> Waiting | None:
    """What waits; None when nothing does."""
    found: dict[str, Any] | None = _KEPT.get(session)
    if found is None:
        return None
    ticket = CodeTicket(**found["ticket"]) if found["ticket"] else None
    return Waiting(**found | {"decision": ConsentDecision(found["decision"]), "ticket": ticket})


def forget(session: SessionBase) -> None:
    """It is done, or given up."""
    _KEPT.forget(session)
