"""A card for each decision of an account: how it stands, what it means, and what can be done."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from ebok.billing.queries import first_invoice_since
from ebok.customers.domain import Account, CustomerScope
from ebok.einvoicing.domain.consent_words import BASIS
from ebok.einvoicing.queries.failures import failing_consents
from ebok.foundation.formats import long_date
from ebok.kernel.phones import shown_phone
from ebok.portal.einvoice.words import FAILS, FAILS_WITH_NIP, WITH_NIP, WITH_NIP_CHANGES, WITH_NIP_THEN, WORDS
from ebok.terms.domain import ConsentDecision, ConsentEntry, ConsentStanding, StandingState, TermsKind, TermsText
from ebok.terms.queries import standings, terms_in_force, terms_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One decision as its card shows it; addresses of pages are empty where the person may not, or cannot, go there."""

    decision: str
    slug: str
    title: str
    icon: str
    on: bool
    what: str
    why: str
    changes: str
    changes_then: str
    since: str
    first: str
    address: str
    basis: str
    fails: str
    wording: str
    wording_url: str
    price_effect: str
    turn_on: str
    on_url: str
    change_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How the decisions of one account stand today, and what of it fails."""

    account: Account
    scope: CustomerScope
    standings: dict[ConsentDecision, ConsentStanding]
    entries: dict[int, ConsentEntry]
    failing: frozenset[int]
    may_give: bool
    today: date


def stand_of(
    *, account: Account, scope: CustomerScope, history: list[ConsentEntry], may_give: bool, today: date
) -> Stand:
    """Gather what the cards of an account need."""
    standing = standings(scope=scope, account_id=account.id, day=today)
    ids = [one.entry_id for one in standing.values() if one.entry_id is not None]
    return Stand(
        account=account,
        scope=scope.narrowed(account.id),
        standings=standing,
        entries={entry.id: entry for entry in history},
        failing=frozenset(failing_consents(entry_ids=ids)),
        may_give=may_give,
        today=today,
    )


def cards(stand: Stand) -> list[Card]:
    """A card for each decision, in the order of the paper form."""
    return [_card(decision, stand) for decision in ConsentDecision]


def give_url(decision: ConsentDecision) -> str:
    """Where a decision is made."""
    return f"{reverse('e_invoice_give')}?{urlencode({'co': WORDS[decision].slug})}"


def change_url(decision: ConsentDecision) -> str:
    """Where its address is changed."""
    return f"{reverse('e_invoice_address')}?{urlencode({'co': WORDS[decision].slug})}"


def _card(decision: ConsentDecision, stand: Stand) -> Card:
    words, one = WORDS[decision], stand.standings[decision]
    entry, on = stand.entries.get(one.entry_id or 0), one.state in {StandingState.IN_FORCE, StandingState.LATER}
    nip = decision is ConsentDecision.E_INVOICE and bool(stand.account.nip)
    text = _wording(decision, entry if on else None, stand.today)
    sms = decision is ConsentDecision.NOTICES_SMS
    return Card(
        decision=decision.value,
        slug=words.slug,
        title=words.title,
        icon=words.icon,
        on=on,
        what=WITH_NIP if nip else words.what,
        why="" if nip else words.why,
        changes=WITH_NIP_CHANGES if nip else words.changes,
        changes_then=WITH_NIP_THEN if nip else words.changes_then,
        since=long_date(one.effective_from) if one.effective_from else "",
        first=_first(one, stand) if decision is ConsentDecision.E_INVOICE else "",
        address=shown_phone(one.address) if sms else one.address,
        basis=BASIS[one.basis] if on and one.basis else "",
        fails=(FAILS_WITH_NIP if nip else FAILS) if one.entry_id in stand.failing else "",
        wording=f"{text.title}, wersja {text.version}" if text else "",
        wording_url=reverse("e_invoice_wording", args=[text.id]) if text else "",
        price_effect=text.price_effect if text else "",
        turn_on=words.turn_on,
        on_url=give_url(decision) if text and not on and stand.may_give else "",
        change_url=change_url(decision) if on and stand.may_give else "",
    )


def _wording(decision: ConsentDecision, given: ConsentEntry | None, today: date) -> TermsText | None:
    """The text that was said yes to; where nothing is given, the one that would be."""
    if given is not None:
        return terms_version(version_id=given.wording_id) if given.wording_id else None
    return terms_in_force(today=today, kind=TermsKind(decision.value))


def _first(one: ConsentStanding, stand: Stand) -> str:
    """From which invoice it counts: the first one booked, or the day the next one may be of."""
    if one.effective_from is None:
        return ""
    found = first_invoice_since(scope=stand.scope, since=one.effective_from)
    day = long_date(one.effective_from)
    return f"od faktury {found[1]}" if found else f"od pierwszej faktury, którą wystawimy {day} albo później"
