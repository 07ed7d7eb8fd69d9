"""What `ebok create_staff` and `ebok end_staff` share."""

import json
import sys
from typing import Final, NoReturn

from django.core.management.base import BaseCommand

from ebok.access.operations import StaffRefusal, UnableToPost

SENTENCES: Final = {
    StaffRefusal.UNKNOWN_USER: "Ten login jest wyłączony albo zamknięty. Załóż nowy.",
    StaffRefusal.HAS_GRANTS: "To login klienta: ma dostęp do konta albo o niego prosi. Załóż pracownikowi osobny.",
    StaffRefusal.OTHER_ROLE: "Ten login ma już inne stanowisko. Najpierw je zakończ: ebok end_staff LOGIN.",
    StaffRefusal.NOT_STAFF: "Ten login nie ma stanowiska w biurze.",
}


def refuse_post(command: BaseCommand, refusal: UnableToPost, *, as_json: bool) -> NoReturn:
    """Say why nothing was changed, and exit with 1."""
    if as_json:
        command.stdout.write(json.dumps({"error": refusal.reason.value}))
    command.stderr.write(SENTENCES[refusal.reason])
    sys.exit(1)
