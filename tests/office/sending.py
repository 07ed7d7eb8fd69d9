"""Invoices on their way, by the real operations: accepted, booked, sent, refused, printed, suspected."""

from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.einvoicing.domain.checks import CheckWay, Finding
from ebok.einvoicing.models import MailFailure, Mailing
from ebok.einvoicing.operations.failures import take_failure
from ebok.einvoicing.operations.printing import make_file, make_print_batch
from ebok.einvoicing.operations.reports import report_suspicious
from ebok.einvoicing.operations.runs import advance_runs, start_run
from ebok.foundation import clock
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, TermsKind
from ebok.terms.operations import give_consent, publish_terms
from ebok.terms.queries import terms_in_force
from tests.billing import ACTING
from tests.portal.customers import an_invoice

WORDS = "550 5.1.1 Nie ma takiej skrzynki"
FOREIGN_NRB = "61109010140000071219812874"


def accepted(number: str = "100001", address: str = "anna@example.com") -> int:
    """The account wants e-invoices at this address, as its signed form says. Returns the ledger entry."""
    today, now = clock.today(), clock.now()
    wording = terms_in_force(kind=TermsKind.E_INVOICE, today=today) or publish_terms(
        text="Akceptuję e-faktury.", title="E-faktury", version="1", valid_from=today, today=today, acting=ACTING,
        now=now, kind=TermsKind.E_INVOICE,
    )  # fmt: skip
    account = CustomerAccount.objects.get(number=number).pk
    return give_consent(
        scope=CustomerScope.whole(acting="tests"), account_id=account, decision=ConsentDecision.E_INVOICE,
        person="Anna Nowak", version_id=wording.id, channel=ConsentChannel.PAPER, basis=ConsentBasis.SIGNED_FORM,
        address=address, given_on=today, evidence="formularz", today=today, acting=ACTING, now=now,
    ).id  # fmt: skip


def waiting(number: str = "FV/10", **more: object) -> int:
    """An invoice of today: by e-mail for who accepted, else on paper. Returns its id."""
    return an_invoice(number, issued=clock.today(), **more)


def a_run() -> int:
    """A run that has made a message of every invoice that waited."""
    run_id = start_run(acting=ACTING, now=clock.now())
    while advance_runs(clock=clock.now):
        pass
    return run_id


def refused(invoice_id: int, words: str = WORDS) -> int:
    """The newest mail of an invoice was refused for good. Returns the failure."""
    mailing = Mailing.objects.filter(transmission=invoice_id).latest("number")
    take_failure(message_key=mailing.message_key, words=words, now=clock.now())
    return MailFailure.objects.get(mailing=mailing).pk


def a_batch() -> int:
    """A print batch of what waits for paper; its file is not made yet."""
    return make_print_batch(acting=ACTING, now=clock.now())


def its_file(batch_id: int) -> None:
    """The job has made the file of a batch."""
    make_file(batch_id=batch_id, now=clock.now())


def a_report(typed: str = FOREIGN_NRB) -> int:
    """Somebody met an invoice with an account that is not ours."""
    return report_suspicious(
        way=CheckWay.TYPED, finding=Finding.NOT_OUR_ACCOUNT,
        typed={"account": typed, "number": "FV/2026/11/000123", "amount": "228,44"}, acting=ACTING, now=clock.now(),
    )  # fmt: skip
