"""Taking consents the billing system keeps: each giving and each withdrawal of its ids once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor
from ebok.customers.queries import holder_changes
from ebok.foundation.bulk import lock_key, reserve_ids
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import among
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    OfferedConsent,
    TermsText,
    sha256_of,
)
from ebok.terms.domain.texts import TermsKind
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations.consents import (
    Ledger,
    check_address_order,
    check_order,
    check_words,
    fit_address,
    following,
    ledger_of,
    rows_of,
)
from ebok.terms.operations.holders import check_holders
from ebok.terms.operations.ledger import Said, Wording, keep, next_entry
from ebok.terms.operations.refusals import ConsentRefusal, UnableToRecordConsent
from ebok.terms.queries.consents import entry_of
from ebok.terms.queries.texts import versions

BILLING_PERSON: Final = "system rozliczeń"
"""Who decided, where the billing system tells and names nobody."""
_DEEDS_AT_MOST: Final = 2
"""Of one offered consent: that it was given, and that it was withdrawn."""

Outcome = int | ConsentRefusal
"""How many entries a consent became (none: the ledger says so already), or why it became none."""


@dataclass(slots=True, kw_only=True)
class _Book:
    """The ledgers of a batch's accounts as they grow, and the entries that came by the ids of the billing system."""

    entries: dict[int, list[ConsentEntry]]
    by_reference: dict[tuple[str, bool], ConsentEntry]
    handed_over: Mapping[int, datetime]
    ids: list[int]
    today: date
    acting: Actor
    now: datetime
    made: list[ConsentEntry]

    def ledger(self, of: OfferedConsent | Said) -> Ledger:
        return ledger_of(self.entries.get(of.account_id, []), of.decision)

    def add(self, said: Said) -> None:
        own = self.entries.setdefault(said.account_id, [])
        entry = next_entry(
            said=said, last=own[-1] if own else None, entry_id=self.ids[len(self.made)], today=self.today,
            acting=self.acting, now=self.now,
        )  # fmt: skip
        own.append(entry)
        self.made.append(entry)
        self.by_reference[entry.reference, entry.deed is ConsentDeed.WITHDRAWN] = entry


@transaction.atomic
def take_consents(*, offered: Sequence[OfferedConsent], today: date, acting: Actor, now: datetime) -> list[Outcome]:
    """Record what a batch tells that the ledgers do not know yet; what became of each, in their order.

    An id is taken once: told again with the same content it changes nothing, with other content it is refused.
    A consent with another address than the one in force is a change of address; one that is in force already
    with the same address, or withdrawn already, changes nothing. What ends one never ends another given anew since, nor
    the one of another id that has taken its place.
    What was said before the last decision that is known is refused, and so is what was said before the registry named
    another holder. It counts from today, and each entry is told to
    the audit trail.
    """
    lock_key(Lock.CONSENTS)
    book = _opened(offered, today, acting, now)
    texts = {(text.kind, text.version): text for kind in ConsentDecision for text in versions(kind=TermsKind(kind))}
    became = [_became(book, one, texts) for one in offered]
    keep(entries=book.made, acting=acting, now=now)
    return became


def _opened(offered: Sequence[OfferedConsent], today: date, acting: Actor, now: datetime) -> _Book:
    rows = rows_of({one.account_id for one in offered})
    # The exclusion is the index's own condition: without it PostgreSQL reads the whole ledger.
    told = Row.objects.filter(among("reference", {one.reference for one in offered})).exclude(reference="")
    return _Book(
        entries={account: [entry_of(row) for row in own] for account, own in groupby(rows, lambda row: row.account_id)},
        by_reference={(row.reference, row.deed == ConsentDeed.WITHDRAWN.value): entry_of(row) for row in told},
        handed_over=holder_changes(account_ids={one.account_id for one in offered}),
        ids=list(reserve_ids(Row, _DEEDS_AT_MOST * len(offered))),
        today=today,
        acting=acting,
        now=now,
        made=[],
    )


def _became(book: _Book, offered: OfferedConsent, texts: Mapping[tuple[TermsKind, str], TermsText]) -> Outcome:
    made = len(book.made)
    text = texts.get((TermsKind(offered.decision.value), offered.wording))
    try:
        said = _said(offered, text)
        _check(book, said, offered)
        told = [book.by_reference.get((offered.reference, end)) for end in (False, True)]
        if told == [None, None]:
            _give(book, said)
        if told[1] is None and offered.withdrawn_on is not None and not _is_over(book, told[0]):
            _withdraw(book, offered, offered.withdrawn_on)
    except UnableToRecordConsent as unable:
        return unable.reason
    return len(book.made) - made


def _said(offered: OfferedConsent, text: TermsText | None) -> Said:
    channel, basis = ConsentChannel.BILLING, ConsentBasis.BILLING
    wording = Wording(version_id=None, sha256=sha256_of(offered.wording))
    return Said(
        account_id=offered.account_id,
        decision=offered.decision,
        deed=ConsentDeed.GIVEN,
        person=BILLING_PERSON,
        channel=channel,
        basis=basis,
        address=fit_address(offered.decision, channel, basis, offered.address),
        wording=Wording(version_id=text.id, sha256=text.sha256, price_effect=text.price_effect) if text else wording,
        evidence=offered.evidence,
        evidence_sha256=None,
        reference=offered.reference,
        given_on=offered.given_on,
    )


def _check(book: _Book, said: Said, offered: OfferedConsent) -> None:
    check_words(said, book.today)
    if offered.withdrawn_on is not None and offered.withdrawn_on < offered.given_on:
        raise UnableToRecordConsent(ConsentRefusal.WITHDRAWN_FIRST)
    if offered.withdrawn_on is not None and offered.withdrawn_on > book.today:
        raise UnableToRecordConsent(ConsentRefusal.IN_THE_FUTURE)
    given, ended = (book.by_reference.get((offered.reference, end)) for end in (False, True))
    if (given is not None and not _is_same(given, said, offered)) or (
        ended is not None and not _is_same_end(ended, offered)
    ):
        raise UnableToRecordConsent(ConsentRefusal.OTHER_CONTENT)


def _is_same(given: ConsentEntry, said: Said, offered: OfferedConsent) -> bool:
    """The version of a text may have been published since: then the entry keeps the hash of its name."""
    kept = (given.account_id, given.decision, given.address, given.given_on, given.evidence)
    told = (said.account_id, said.decision, said.address, said.given_on, said.evidence)
    return kept == told and given.wording_sha256 in {said.wording.sha256, sha256_of(offered.wording)}


def _is_same_end(ended: ConsentEntry, offered: OfferedConsent) -> bool:
    """An older file may not know of the withdrawal yet."""
    same = (ended.account_id, ended.decision) == (offered.account_id, offered.decision)
    return same and offered.withdrawn_on in {None, ended.given_on}


def _is_over(book: _Book, given: ConsentEntry | None) -> bool:
    """Whether what this id told of has ended before: what is in force since is another consent, and stays.

    It was withdrawn, or another id of the billing system has taken its place.
    """
    if given is None:
        return False
    later = [one for one in book.entries[given.account_id] if one.number > given.number]
    own = [one for one in later if one.decision is given.decision]
    return any(one.deed is ConsentDeed.WITHDRAWN or one.reference not in {"", given.reference} for one in own)


def _give(book: _Book, said: Said) -> None:
    ledger = book.ledger(said)
    if ledger.standing.in_force and ledger.standing.address == said.address:
        return
    check_holders(said, changes=book.handed_over)
    if ledger.standing.in_force:
        check_address_order(ledger, said.given_on)
        said = replace(said, deed=ConsentDeed.CHANGED)
    check_order(ledger, said.given_on)
    book.add(said)


def _withdraw(book: _Book, offered: OfferedConsent, withdrawn_on: date) -> None:
    ledger = book.ledger(offered)
    if not ledger.standing.in_force:
        return
    check_order(ledger, withdrawn_on)
    book.add(
        following(
            ledger, deed=ConsentDeed.WITHDRAWN, person=BILLING_PERSON, channel=ConsentChannel.BILLING,
            basis=ConsentBasis.NONE, address="", evidence=offered.evidence, given_on=withdrawn_on,
            reference=offered.reference,
        )
    )  # fmt: skip
