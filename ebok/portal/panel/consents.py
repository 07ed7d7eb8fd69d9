"""What the panel says of e-invoices: that they could be turned on, or that they do not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ebok.access.domain import AccountAction
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import account
from ebok.einvoicing.queries.failures import failing_accounts
from ebok.terms.domain import ConsentDecision, StandingState, TermsKind
from ebok.terms.queries import standings, terms_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoicePart:
    """Whether to offer e-invoices, and the address to which they do not get through, empty while they do.

    `by_ksef`: of such an account invoices are in KSeF, so that none goes on paper instead.
    """

    offers: bool = False
    refusing_address: str = ""
    by_ksef: bool = False


def e_invoice_part(
    *, scope: CustomerScope, account_id: int, may: Collection[AccountAction], closed: bool, today: date
) -> EInvoicePart:
    """What the person may see of it: one question, and one more either way.

    Offered to whoever may turn them on, while they are off, the account is open and there is a wording to accept.
    """
    if AccountAction.SEE_CONSENTS not in may:
        return EInvoicePart()
    standing = standings(scope=scope, account_id=account_id, day=today)[ConsentDecision.E_INVOICE]
    if standing.in_force:
        failing = failing_accounts(scope=scope.narrowed(account_id), today=today)
        return _refused(failing[0].address, scope, account_id) if failing else EInvoicePart()
    off = standing.state in {StandingState.NEVER, StandingState.WITHDRAWN}
    asked = off and not closed and AccountAction.GIVE_CONSENTS in may
    return EInvoicePart(offers=asked and terms_in_force(today=today, kind=TermsKind.E_INVOICE) is not None)


def _refused(address: str, scope: CustomerScope, account_id: int) -> EInvoicePart:
    held = account(scope=scope, account_id=account_id)
    return EInvoicePart(refusing_address=address, by_ksef=bool(held and held.nip))
