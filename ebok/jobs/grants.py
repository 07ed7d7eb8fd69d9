"""What `ebok grant` and `ebok revoke` share."""

import json
import sys
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand

from ebok.access.operations import GrantRefusal, UnableToGrant

SENTENCES: Final = {
    GrantRefusal.UNKNOWN_USER: "Nie ma takiego loginu. Załóż go: ebok create_user LOGIN.",
    GrantRefusal.UNKNOWN_ACCOUNT: "Nie ma konta klienta o tym numerze.",
    GrantRefusal.ALREADY_GRANTED: "Ten login ma już dostęp do tego konta, ale z innym końcem, podstawą albo rolą. "
    "Odbierz go (ebok revoke) i daj na nowo.",
    GrantRefusal.NOT_GRANTED: "Ten login nie ma dostępu do tego konta.",
    GrantRefusal.STAFF_LOGIN: "To login pracownika. Pracownik otwiera konta w biurze, z podaniem powodu.",
    GrantRefusal.CLOSED_LOGIN: "Ten login jest zamknięty na życzenie klienta.",
    GrantRefusal.FORMER_OWNER: "Ten login był właścicielem tego konta i widzi dokumenty z tamtego czasu. "
    "Inna rola by mu je odebrała. Załóż do niej osobny login.",
    GrantRefusal.ENDS_BEFORE_IT_STARTS: "Podaj dzień końca dostępu po dzisiejszym.",
}


def refuse(command: BaseCommand, refusal: UnableToGrant, options: dict[str, Any]) -> NoReturn:
    """Say why nothing was changed, and exit with 1."""
    if options["as_json"]:
        command.stdout.write(json.dumps({"error": refusal.reason.value}))
    command.stderr.write(SENTENCES[refusal.reason])
    sys.exit(1)
