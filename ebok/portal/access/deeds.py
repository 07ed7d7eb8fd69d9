"""What somebody did with an account, in words."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from ebok.audit.domain import ActorKind, Deed
from ebok.audit.queries import deeds
from ebok.billing import queries as billing
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import seen_since
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.portal.invoices.choices import whole_number
from ebok.portal.looking import DOWNLOADED, LOOKED, PLACE_WORDS

SHOWN_AT_MOST: Final = 100
WORDS: Final = {
    LOOKED: "Otwarta strona",
    DOWNLOADED: "Pobrany plik",
    "invoice.duplicate": "Zrobiony duplikat faktury",
    "metering.reading_submitted": "Podany odczyt wodomierza",
    "access.ask": "Prośba o dostęp do konta",
    "invitation.accept": "Przyjęte zaproszenie",
    "customers.contact_changed": "Zmienione dane do kontaktu",
    "customers.data_change_asked": "Prośba o zmianę danych z umowy",
    "consent.give": "Udzielona zgoda",
    "consent.change": "Zmieniony adres w zgodzie",
    "consent.withdraw": "Wycofana zgoda",
}
"""What is told of a person to the account's owner, by the action of the audit row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """One thing done: when, what, and where it can be seen; an empty `url` leads nowhere."""

    when: str
    what: str
    url: str


def deeds_of(*, scope: CustomerScope, user_id: int) -> list[DeedLine]:
    """What a login did with the accounts in scope, the newest first."""
    found = deeds(
        account_ids=scope.account_ids or frozenset(), actor_kind=ActorKind.USER, actor_name=str(user_id),
        actions=tuple(WORDS), limit=SHOWN_AT_MOST, seen_since=seen_since(scope=scope),
    )  # fmt: skip
    done = [deed for deed in found if deed.result == "ok"]
    ids = [one for deed in done if (one := _named(deed, "invoice")) is not None]
    invoices = billing.invoices_by_id(scope=scope, invoice_ids=ids, today=clock.today()) if ids else {}
    numbers = {one: row.number for one, row in invoices.items()}
    return [_line(deed, numbers) for deed in done]


def _line(deed: Deed, numbers: dict[int, str]) -> DeedLine:
    invoice = _named(deed, "invoice")
    if invoice is not None and invoice in numbers:
        return DeedLine(
            when=moment(deed.at),
            what=f"{WORDS[deed.action]}: {numbers[invoice]}",
            url=reverse("invoice", args=[invoice]),
        )
    kind, _, name = deed.subject.partition(":")
    place = PLACE_WORDS.get(name, "") if kind == "page" else ""
    what = f"{WORDS[deed.action]}: {place}" if place else WORDS[deed.action]
    return DeedLine(when=moment(deed.at), what=what, url="")


def _named(deed: Deed, kind: str) -> int | None:
    """The id of the thing of this kind that the deed names."""
    found, _, name = deed.subject.partition(":")
    return whole_number(name) if found == kind else None
