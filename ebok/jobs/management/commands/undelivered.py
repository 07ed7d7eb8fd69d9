"""`ebok undelivered`: messages that reached nobody, for a person to call instead."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ebok.access.domain import Login
from ebok.access.queries import logins_by_email
from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.notifications.domain import BlockedMessages, Channel, MessageKind, Outcome, UndeliveredMessage
from ebok.notifications.queries import blocked_messages, undelivered

KINDS: Final = {
    MessageKind.PASSWORD_RESET_CODE: "kod do zmiany hasła",
    MessageKind.PASSWORD_CHANGED: "potwierdzenie zmiany hasła",
    MessageKind.READING_RECEIVED: "potwierdzenie odczytu",
    MessageKind.LOGIN_CODE: "kod do logowania",
    MessageKind.NEW_DEVICE: "nowe urządzenie",
    MessageKind.SECOND_FACTOR_CHANGED: "zmiana sposobu logowania",
    MessageKind.EMAIL_CHANGE_CODE: "kod do zmiany adresu e-mail",
    MessageKind.EMAIL_CHANGED: "zmiana adresu e-mail",
    MessageKind.PHONE_CHANGE_CODE: "kod do zmiany numeru telefonu",
    MessageKind.PHONE_CHANGED: "zmiana numeru telefonu",
    MessageKind.ACTIVATION_CODE: "kod do założenia loginu",
    MessageKind.ACCESS_ADDED: "nowy dostęp do konta",
    MessageKind.ACCESS_REQUESTED: "prośba o dostęp",
    MessageKind.ACCESS_DECIDED: "odpowiedź na prośbę o dostęp",
    MessageKind.INVITATION: "zaproszenie",
    MessageKind.INVITATION_ACCEPTED: "przyjęte zaproszenie",
    MessageKind.GRANT_ENDED: "koniec dostępu",
    MessageKind.APPLICATION_RECEIVED: "potwierdzenie wniosku",
    MessageKind.APPLICATION_STEP: "krok w sprawie wniosku",
    MessageKind.APPLICATION_QUESTION: "pytanie do wniosku",
    MessageKind.APPLICATION_REFUSED: "odmowa wniosku",
    MessageKind.APPLICATION_ACCEPTED: "przyjęcie wniosku",
    MessageKind.DETAILS_CHANGED: "zmiana danych kontaktowych",
    MessageKind.DATA_CHANGE_DECIDED: "odpowiedź na prośbę o zmianę danych",
    MessageKind.LOGIN_CLOSED: "zamknięcie loginu",
    MessageKind.INVOICE: "faktura",
    MessageKind.CORRECTION: "korekta faktury",
    MessageKind.E_INVOICE_ACCEPTED: "potwierdzenie zgody",
    MessageKind.E_INVOICE_CHANGED: "potwierdzenie zmiany zgody",
    MessageKind.E_INVOICE_WITHDRAWN: "potwierdzenie wycofania zgody",
    MessageKind.E_INVOICE_ADDRESS_CODE: "kod do adresu e-faktur",
    MessageKind.E_INVOICE_FAILED: "wiadomość o niedoręczonej fakturze",
}
OUTCOMES: Final = {
    Outcome.PERMANENT: "odrzucona",
    Outcome.BOUNCED: "wróciła",
    Outcome.GIVEN_UP: "bez skutku przez 3 dni",
    Outcome.UNREACHED: "bez skutku przez 3 dni, serwer poczty był nieosiągalny",
}


class Command(BaseCommand):
    """Lists messages that were refused for good or given up, newest first, with whom they were for."""

    help = "Wypisuje wiadomości, których nie udało się doręczyć: do kogo, jakie i co powiedziała druga strona."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take from which day on, and the format."""
        parser.add_argument(
            "--since", metavar="RRRR-MM-DD", help="tylko te, których dostarczanie skończyło się od dnia"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz listę jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, and leave a trace of the look if there is something to see."""
        found = undelivered(since=_start_of(options["since"]) if options["since"] else None)
        people = logins_by_email(emails=[one.recipient for one in found])
        if found:
            fact = AuditFact(
                action="notifications.undelivered_viewed", subject="messages", details={"count": len(found)}
            )
            record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="undelivered"), now=clock.now())
        self.stdout.write(_as_json(found, people) if options["as_json"] else _in_words(found, people))


def _start_of(day: str) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))
    except (ValueError, OverflowError) as error:
        raise CommandError(f"To nie jest dzień: {day[:40]}. Podaj go tak: 2026-11-22.", returncode=2) from error


def _as_json(found: Sequence[UndeliveredMessage], people: Mapping[str, Login]) -> str:
    rows = [_row(one, people.get(one.recipient.lower())) for one in found]
    return json.dumps(
        {"undelivered": rows, "blocked": [_blocked(one) for one in blocked_messages()]}, ensure_ascii=False
    )


def _blocked(one: BlockedMessages) -> dict[str, Any]:
    return {"kind": one.kind.value, "count": one.count, "words": one.words, "since": one.since.isoformat()}


def _row(one: UndeliveredMessage, person: Login | None) -> dict[str, Any]:
    return {
        "key": str(one.key),
        "kind": one.kind.value,
        "channel": one.channel.value,
        "recipient": one.recipient,
        "login": person.username if person else None,
        "name": person.full_name if person else None,
        "queued_at": one.queued_at.isoformat(),
        "ended_at": one.ended_at.isoformat(),
        "group": one.group or None,
        "outcome": one.outcome.value,
        "words": one.words,
    }


def _in_words(found: Sequence[UndeliveredMessage], people: Mapping[str, Login]) -> str:
    lines = [_line(one, people.get(one.recipient.lower())) for one in found]
    waiting = [f"czeka na naprawę u nas: {KINDS[one.kind]}, {one.count}. {one.words}" for one in blocked_messages()]
    return "\n".join([*lines, f"niedoręczone: {len(found)}", *waiting])


def _line(one: UndeliveredMessage, person: Login | None) -> str:
    where = f"SMS {one.recipient}" if one.channel is Channel.SMS else one.recipient
    who = f"{person.full_name or person.username}, {where}" if person else where
    ended = timezone.localtime(one.ended_at).strftime("%Y-%m-%d %H:%M")
    what = f"{KINDS[one.kind]} ({one.group})" if one.group else KINDS[one.kind]
    return f"{ended}  {who}: {what}, {OUTCOMES[one.outcome]}. {one.words}".rstrip()
