"""What tests of e-invoices share: published wordings, and somebody who may accept them."""

from django.test import Client

from ebok.access.models import User
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.einvoicing.operations.acceptance import ChosenAddress, Deciding, accept
from ebok.foundation import clock
from ebok.notifications.models import OutgoingMessage
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentEntry, TermsKind, TermsText
from ebok.terms.operations import give_consent, publish_terms
from ebok.terms.queries import terms_in_force
from tests.billing import ACTING
from tests.portal.customers import a_customer

EMAIL, PHONE = "anna@example.com", "+48600123456"
PRICE = "Abonament jest niższy o 1,20 zł na miesiąc."
TITLES = {
    TermsKind.E_INVOICE: "Akceptacja e-faktur",
    TermsKind.NOTICES_EMAIL: "Zgoda na powiadomienia e-mailem",
    TermsKind.NOTICES_SMS: "Zgoda na powiadomienia SMS-em",
}
WHOLE = CustomerScope.whole(acting="tests")


def a_wording(kind: TermsKind = TermsKind.E_INVOICE, *, version: str = "2026-1", price_effect: str = "") -> TermsText:
    """The text of one decision, in force since today; published once."""
    found = terms_in_force(today=clock.today(), kind=kind)
    if found is not None and found.version == version:
        return found
    return publish_terms(
        text=f"Zgadzam się: {TITLES[kind]}, {version}.\n\n## Co obejmuje\n\n1. Jedno konto klienta.",
        title=TITLES[kind], version=version, valid_from=clock.today(), today=clock.today(), acting=ACTING,
        now=clock.now(), kind=kind, price_effect=price_effect,
    )  # fmt: skip


def the_wordings() -> dict[TermsKind, TermsText]:
    """All three texts; that of e-invoices has a price effect."""
    return {kind: a_wording(kind, price_effect=PRICE if kind is TermsKind.E_INVOICE else "") for kind in TITLES}


def an_owner(username: str = "anna", account: str = "100001", *, email: str = EMAIL, phone: str = PHONE) -> Client:
    """A browser of an account's owner, whose e-mail and phone are confirmed."""
    client = a_customer(username, account)
    User.objects.filter(username=username).update(email=email, phone=phone)
    return client


def account_id(number: str = "100001") -> int:
    """The id of an account."""
    return CustomerAccount.objects.get(number=number).pk


def accepted(
    decision: ConsentDecision = ConsentDecision.E_INVOICE, *, username: str = "anna", account: str = "100001"
) -> ConsentEntry:
    """What this login decided for this account, with its own address."""
    user, text = User.objects.get(username=username), a_wording(TermsKind(decision.value))
    scope = CustomerScope.for_accounts(frozenset({account_id(account)}), reason="tests")
    deciding = Deciding(
        scope=scope, account_id=account_id(account), decision=decision, user_id=user.pk, today=clock.today()
    )
    own = user.phone if decision is ConsentDecision.NOTICES_SMS else user.email
    acting = Actor(kind=ActorKind.USER, name=str(user.pk))
    return accept(
        deciding=deciding, chosen=ChosenAddress(address=own), version_id=text.id, acting=acting, now=clock.now()
    )


def address_code() -> str:
    """The code sent last to an address."""
    return str(OutgoingMessage.objects.filter(kind="e_invoice_address_code").latest("id").context["code"])


def on_paper(
    decision: ConsentDecision = ConsentDecision.E_INVOICE, *, account: str = "100001", address: str = EMAIL
) -> ConsentEntry:
    """What stands on a signed form for this account, without its scan."""
    return give_consent(
        scope=WHOLE, account_id=account_id(account), decision=decision, person="Anna Nowak",
        version_id=a_wording(TermsKind(decision.value)).id, channel=ConsentChannel.PAPER,
        basis=ConsentBasis.SIGNED_FORM, address=address, given_on=clock.today(), evidence="formularz",
        today=clock.today(), acting=ACTING, now=clock.now(),
    )  # fmt: skip
