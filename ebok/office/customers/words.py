"""What is on file of a customer, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ebok.access.domain import AccountGrant, GrantRole
from ebok.billing.domain.overview import AccountBalance, InvoiceRow, InvoiceStatus
from ebok.customers.domain import Account, CustomerKind, DataChange, RequestState
from ebok.einvoicing.domain import Transmission
from ebok.einvoicing.domain.consent_words import BASIS, WHAT
from ebok.foundation.formats import long_date, moment, short_date, zloty
from ebok.kernel.phones import shown_phone
from ebok.terms.domain import ConsentDecision, ConsentStanding, StandingState
from ebok.web.invoice_ways import WayWords, way_words

_STATUS: Final = {
    InvoiceStatus.OVERDUE: ("Po terminie", "late", "late"),
    InvoiceStatus.DUE: ("Do zapłaty", "soon", "clock"),
    InvoiceStatus.CORRECTED: ("Skorygowana", "", "info"),
    InvoiceStatus.CREDIT: ("Na korzyść klienta", "", "info"),
}
_CHANGE_STATES: Final = {
    RequestState.WAITING: ("Czeka na decyzję", "soon", "clock"),
    RequestState.APPROVED: ("Zgoda, czeka na system rozliczeń", "done", "check"),
    RequestState.REFUSED: ("Odmowa", "late", "cross"),
}
_CONSENT_STATES: Final = {
    StandingState.NEVER: ("Nie ma", "", "info"),
    StandingState.IN_FORCE: ("Jest", "done", "check"),
    StandingState.WITHDRAWN: ("Wycofano", "late", "cross"),
    StandingState.LATER: ("Od późniejszego dnia", "soon", "clock"),
}
_SETTLED: Final = ("Rozliczona", "done", "check")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One invoice: number, days, sum, where it stands as word, color and icon, and its way once that is decided."""

    number: str
    issued: str
    due: str
    amount: str
    word: str
    kind: str
    icon: str
    way: WayWords | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person with access: until when, on what ground, and whether an ownership that can be ended."""

    grant_id: str
    name: str
    role: str
    since: str
    until: str
    ground: str
    last_used: str
    is_owner: bool


def on_file(held: Account) -> list[tuple[str, str]]:
    """What the registry says of the account, label by label; what it does not say is left out."""
    person = held.kind is CustomerKind.PERSON
    told = [
        ("Rodzaj", "osoba" if person else "firma lub instytucja"),
        ("Adres", held.address.words),
        ("Adres do korespondencji", held.correspondence.words),
        ("E-mail", held.email),
        ("Telefon", shown_phone(held.phone)),
        ("NIP", held.nip),
        ("Grupa taryfowa", held.tariff_group),
        ("Umowa od", long_date(held.opened_on) if held.opened_on else ""),
        ("Umowa do", long_date(held.closed_on) if held.closed_on else ""),
    ]
    return [(label, value) for label, value in told if value]


def balance_words(balance: AccountBalance | None) -> tuple[str, str, str]:
    """What the customer owes: label, sum and a sentence."""
    if balance is None or balance.balance == 0:
        return "Saldo", zloty(balance.balance) if balance else "0,00\u00a0zł", "Nie ma nic do zapłaty."
    if balance.balance < 0:
        return "Nadpłata", zloty(-balance.balance), "Zaliczymy ją na następne faktury."
    late = f"W tym po terminie {zloty(balance.overdue)}. " if balance.overdue else ""
    due = balance.next_due
    return "Do zapłaty", zloty(balance.balance), f"{late}{f'Najbliższy termin: {long_date(due.on)}.' if due else ''}"


def invoice_line(row: InvoiceRow, way: Transmission | None) -> InvoiceLine:
    """Put one invoice and its way into words."""
    word, kind, icon = _STATUS.get(row.status, _SETTLED)
    return InvoiceLine(
        number=row.number,
        issued=short_date(row.issue_date),
        due=short_date(row.due_date),
        amount=zloty(row.gross_total),
        word=word,
        kind=kind,
        icon=icon,
        way=None if way is None else way_words(way),
    )


def consent_lines(standings: Mapping[ConsentDecision, ConsentStanding]) -> list[dict[str, str]]:
    """Put into words what the customer has accepted: what, since when, where to and how that was confirmed."""
    return [_consent(decision, standing) for decision, standing in standings.items()]


def _consent(decision: ConsentDecision, standing: ConsentStanding) -> dict[str, str]:
    word, kind, icon = _CONSENT_STATES[standing.state]
    return {
        "what": WHAT[decision],
        "word": word,
        "kind": kind,
        "icon": icon,
        "since": short_date(standing.effective_from) if standing.effective_from else "",
        "address": standing.address,
        "basis": BASIS[standing.basis] if standing.basis else "",
        "entry": str(standing.entry_id or ""),
        "proof": f"wpis {standing.entry_id}" if standing.entry_id is not None else "",
    }


def people_lines(people: Iterable[AccountGrant], *, today: date) -> list[PersonLine]:
    """Put the people with access into words."""
    return [
        PersonLine(
            grant_id=str(one.grant_id),
            name=one.name,
            role=one.role.word,
            since=short_date(one.starts_on),
            until=short_date(one.ends_on) if one.ends_on else "bez końca",
            ground=one.ground,
            last_used=moment(one.last_used) if one.last_used else "",
            is_owner=one.role is GrantRole.OWNER and (one.ends_on is None or one.ends_on > today),
        )
        for one in people
    ]


def change_line(one: DataChange) -> dict[str, str]:
    """Put a request to change data of the agreement into words; `id` is empty when it is decided."""
    word, kind, icon = _CHANGE_STATES[one.state]
    return {
        "id": str(one.id) if one.state is RequestState.WAITING else "",
        "what": one.what.word,
        "wanted": one.wanted,
        "at": moment(one.asked_at),
        "word": word,
        "kind": kind,
        "icon": icon,
        "reason": one.reason,
    }
