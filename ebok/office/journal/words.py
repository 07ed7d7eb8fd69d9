"""Rows of the audit trail in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ebok.access.queries import account_numbers, login_names
from ebok.audit.domain import ActorKind, Deed
from ebok.foundation.formats import moment

DEEDS: Final = {
    "access.ask": "prośba o dostęp",
    "access.listed": "przegląd próśb o dostęp",
    "access.decide": "decyzja o prośbie o dostęp",
    "account.view": "obejrzenie konta",
    "activation.ask": "sprawdzenie przy aktywacji",
    "activation.try": "próba aktywacji",
    "activation_code.make": "kod aktywacyjny",
    "application.accepted": "przyjęcie wniosku",
    "application.answered": "odpowiedź do wniosku",
    "application.asked": "pytanie do wniosku",
    "application.confirmed": "potwierdzenie wniosku",
    "application.listed": "przegląd wniosków",
    "application.refused": "odrzucenie wniosku",
    "application.scan": "pobranie skanu wniosku",
    "application.start": "początek wniosku",
    "application.submitted": "złożenie wniosku",
    "application.view": "obejrzenie wniosku",
    "application.withdrawn": "wycofanie wniosku",
    "audit.view": "przegląd dziennika",
    "billing.post_entries": "zaksięgowanie zapisów",
    "confirm": "potwierdzenie przed ważną zmianą",
    "confirm.code_asked": "prośba o kod do potwierdzenia",
    "consent.change": "zmiana adresu w zgodzie",
    "consent.code": "kod do potwierdzenia adresu",
    "consent.code_asked": "prośba o kod do potwierdzenia adresu",
    "consent.exported": "eksport zgód",
    "consent.give": "udzielenie zgody",
    "consent.scan": "pobranie skanu zgody",
    "consent.view": "obejrzenie zgody",
    "consent.withdraw": "wycofanie zgody",
    "customer.open": "otwarcie klienta",
    "customer.search": "wyszukiwanie klienta",
    "customers.contact_changed": "zmiana kontaktu",
    "customers.contacts_exported": "eksport zmian kontaktów",
    "customers.data_change_asked": "prośba o zmianę danych",
    "customers.data_change_decided": "decyzja o zmianie danych",
    "customers.data_change_viewed": "obejrzenie prośby o zmianę danych",
    "customers.data_changes_listed": "przegląd próśb o zmianę danych",
    "customers.registered": "dane z rejestru",
    "device.new": "nowe urządzenie",
    "document.download": "pobranie pliku",
    "document.publish": "publikacja dokumentu",
    "einvoicing.batch": "partia faktur do wydruku",
    "einvoicing.decide": "wybór drogi faktur",
    "einvoicing.failed": "e-mail z fakturą nie doszedł",
    "einvoicing.failure_settled": "załatwienie niedoręczonej faktury",
    "einvoicing.on_paper": "faktura na papierze zamiast e-mailem",
    "einvoicing.paper_exported": "eksport faktur na papier",
    "einvoicing.printed": "wydruk partii faktur",
    "einvoicing.reprint": "ponowny wydruk partii faktur",
    "einvoicing.run_resume": "wznowienie wysyłki faktur",
    "einvoicing.run_start": "początek wysyłki faktur",
    "einvoicing.run_stop": "wstrzymanie wysyłki faktur",
    "einvoicing.send_again": "ponowna wysyłka faktury",
    "email.change": "zmiana e-maila logowania",
    "email.change_asked": "prośba o zmianę e-maila",
    "factor.all_removed": "usunięcie dodatkowych zabezpieczeń",
    "factor.app_added": "włączenie kodów z aplikacji",
    "factor.app_removed": "wyłączenie kodów z aplikacji",
    "factor.passkey_added": "dodanie klucza",
    "factor.passkey_removed": "usunięcie klucza",
    "factor.recovery_codes_made": "nowe kody zapasowe",
    "grant.end": "koniec dostępu z dniem",
    "grant.give": "nadanie dostępu",
    "grant.revoke": "odebranie dostępu",
    "import.book_parked": "zaksięgowanie odłożonych",
    "import.compare_balances": "porównanie sald",
    "import.invoices": "import faktur",
    "import.bounces": "import zwrotów poczty",
    "import.receipts": "import potwierdzeń KSeF",
    "interchange.registry_imported": "import rejestru",
    "invitation.accept": "przyjęcie zaproszenia",
    "invitation.send": "zaproszenie",
    "invitation.withdraw": "wycofanie zaproszenia",
    "invoice.duplicate": "duplikat faktury",
    "invoice.failures_listed": "przegląd nieudanych wysyłek",
    "invoice.report_settled": "załatwienie zgłoszenia podejrzanej faktury",
    "invoice.reported": "zgłoszenie podejrzanej faktury",
    "letter.listed": "przegląd listów do wydruku",
    "letter.order": "zamówienie listu",
    "letter.pdf": "list aktywacyjny: pobrano do druku",
    "letter.print": "wydruk listu",
    "metering.exported": "eksport odczytów",
    "metering.held_viewed": "podgląd odczytów do sprawdzenia",
    "metering.meters_registered": "wodomierze z rejestru",
    "metering.reading_accepted": "przyjęcie odczytu",
    "metering.reading_rejected": "odrzucenie odczytu",
    "metering.reading_submitted": "odczyt klienta",
    "metering.readings_recorded": "odczyty z rejestru",
    "notifications.undelivered_viewed": "podgląd niedoręczonych wiadomości",
    "password.change": "zmiana hasła",
    "password.remove": "usunięcie hasła",
    "password.reset": "nowe hasło",
    "password.reset_asked": "prośba o nowe hasło",
    "phone.change": "zmiana telefonu logowania",
    "phone.change_asked": "prośba o zmianę telefonu",
    "phone.remove": "usunięcie telefonu logowania",
    "print_batch.pdf": "partia wydruku: pobrano plik",
    "payments.book_statements": "import wyciągów",
    "payments.match_waiting": "dopasowanie wpłat",
    "request.view": "obejrzenie prośby o dostęp",
    "second_factor": "dodatkowe zabezpieczenie logowania",
    "session.end": "wylogowanie urządzenia",
    "sign_in": "logowanie",
    "sign_in.code": "logowanie kodem",
    "sign_in.code_asked": "prośba o kod logowania",
    "sign_out": "wylogowanie",
    "staff.end": "koniec pracy w biurze",
    "staff.start": "początek pracy w biurze",
    "terms.accept": "akceptacja regulaminu",
    "terms.publish": "publikacja regulaminu",
    "user.close": "zamknięcie loginu",
    "user.create": "nowy login",
}
"""What was done, by the action of the row."""
_RESULTS: Final = {
    "ok": "",
    "refused": "odmowa",
    "granted": "zgoda",
    "approved": "zgoda",
    "first": "",
    "new": "",
    "expired": "po terminie",
    "taken": "zajęte",
    "too_many": "za dużo prób",
    "unknown": "nie ma takiego",
    "wrong": "nie zgadza się",
    "wrong_code": "nie zgadza się",
    "wrong_password": "złe hasło",
}
_FAILED: Final = "nie wyszło"
"""Every other result is the reason of a refusal, in the code's own words."""
_ACTORS: Final = {
    ActorKind.USER: "klient",
    ActorKind.STAFF: "pracownik",
    ActorKind.JOB: "zadanie",
    ActorKind.COMMAND: "polecenie",
    ActorKind.ANONYMOUS: "bez logowania",
}
_PEOPLE: Final = frozenset({ActorKind.USER, ActorKind.STAFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """One row of the trail: when, who, what, on which account, why and with what result."""

    at: str
    who: str
    what: str
    account: str
    reason: str
    result: str


def deed_lines(deeds: Iterable[Deed], *, numbers: Mapping[int, str]) -> list[DeedLine]:
    """Put rows of the trail into words; `numbers` names accounts."""
    rows = list(deeds)
    names = login_names(user_ids={int(one.actor_name) for one in rows if _is_person(one)})
    return [_line(one, names, numbers) for one in rows]


def _line(one: Deed, names: Mapping[int, str], numbers: Mapping[int, str]) -> DeedLine:
    who = names.get(int(one.actor_name), one.actor_name) if _is_person(one) else one.actor_name
    return DeedLine(
        at=moment(one.at),
        who=_ACTORS[one.actor_kind] if one.actor_kind is ActorKind.ANONYMOUS else f"{_ACTORS[one.actor_kind]}: {who}",
        what=DEEDS.get(one.action, one.action),
        account=numbers.get(one.account_id, str(one.account_id)) if one.account_id else "",
        reason=one.reason,
        result=_RESULTS.get(one.result, _FAILED),
    )


def _is_person(one: Deed) -> bool:
    return one.actor_kind in _PEOPLE and one.actor_name.isdecimal()


def account_numbers_of(deeds: Iterable[Deed]) -> dict[int, str]:
    """The numbers of the accounts that rows of the trail name."""
    return account_numbers({one.account_id for one in deeds if one.account_id})
