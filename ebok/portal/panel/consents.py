"""Whether the panel offers e-invoices."""

from collections.abc import Collection
from datetime import date

from ebok.access.domain import AccountAction
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.queries.failures import failing_accounts
from ebok.terms.domain import ConsentDecision, StandingState, TermsKind
from ebok.terms.queries import standings, terms_in_force


def offers_e_invoice(*, scope: CustomerScope, account_id: int, may: Collection[AccountAction], today: date) -> bool:
    """Whether the person may turn e-invoices on, and they are off."""
    if AccountAction.GIVE_CONSENTS not in may:
        return False
    standing = standings(scope=scope, account_id=account_id, day=today)[ConsentDecision.E_INVOICE]
    if standing.state not in {StandingState.NEVER, StandingState.WITHDRAWN}:
        return False
    return terms_in_force(today=today, kind=TermsKind.E_INVOICE) is not None


def refusing_address(*, scope: CustomerScope, account_id: int, may: Collection[AccountAction], today: date) -> str:
    """The address to which the account's e-invoices do not get through, empty while they do or it is not theirs to see.

    Until an address is confirmed anew its invoices go on paper.
    """
    if AccountAction.SEE_CONSENTS not in may:
        return ""
    failing = failing_accounts(scope=scope.narrowed(account_id), today=today)
    return failing[0].address if failing else ""
