"""P9: handing a bill day over to a mail server, against bare smtplib on a kept connection with the same mails.

Ours claims, reads each document by its hash, writes the mail out, hands it over and puts the answer on record. smtplib
is given the finished messages (`send_message`), and once more nothing but their bytes (`sendmail`).
"""

import smtplib
import statistics
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, ratio_at_least, seconds
from benchmarks.databases import migrated
from benchmarks.mailing import queue_bills, stored_pdfs
from benchmarks.sink import Sink, sink

MESSAGES, QUICK_MESSAGES = 500, 100
ROUNDS: Final = 5
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _ours() -> None:
    from ebok.notifications.operations import deliver_groups

    deliver_groups(clock=lambda: NOW)


def _written(count: int, pdfs: list[bytes]) -> list[tuple[str, str, bytes]]:
    """What our side sends of the messages that wait, as sender, recipient and bytes."""
    from ebok.adapters.mail.mime import as_bytes
    from ebok.notifications.models import OutgoingMessage
    from ebok.notifications.operations.sending import written_out

    queue_bills(count=count, pdfs=pdfs, customers=count, now=NOW)
    mails = [written_out(row) for row in OutgoingMessage.objects.filter(due_at__isnull=False)]
    written = [(mail.sender, mail.recipient, as_bytes(mail)) for mail in mails]
    _ours()
    return written


def _documented(mails: list[tuple[str, str, EmailMessage]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for sender, recipient, mail in mails:
            server.send_message(mail, sender, [recipient])


def _bare(mails: list[tuple[str, str, bytes]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for sender, recipient, content in mails:
            server.sendmail(sender, [recipient], content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seconds:
    """Medians: ours, smtplib given messages, smtplib given bytes made before."""

    ours: float
    messages: float
    ready: float


def _measured(place: Sink, *, count: int) -> _Seconds:
    from ebok.adapters.mail import Encryption, SmtpTransport
    from ebok.foundation.ports import provide
    from ebok.notifications.ports import MessageTransport

    provide(MessageTransport, lambda: SmtpTransport(host="127.0.0.1", port=place.port, encryption=Encryption.NONE))
    pdfs = stored_pdfs(now=NOW)
    ready = _written(count, pdfs)
    messages = [(a, b, message_from_bytes(c, _class=EmailMessage, policy=SMTP)) for a, b, c in ready]
    times = []
    for _ in range(ROUNDS + 1):
        queue_bills(count=count, pdfs=pdfs, customers=count, now=NOW)
        spent = (_ours, lambda: _documented(messages, place.port), lambda: _bare(ready, place.port))
        times.append([seconds(side) for side in spent])
    ours, documented, bare = (statistics.median(side) for side in zip(*times[1:], strict=True))
    return _Seconds(ours=ours, messages=documented, ready=bare)


def figures(*, quick: bool) -> list[Figure]:
    """The three sides in turn, the same sink."""
    count = QUICK_MESSAGES if quick else MESSAGES
    with (
        tempfile.TemporaryDirectory() as scratch,
        migrated(Path(scratch) / "data"),
        sink(Path(scratch) / "taken") as place,
    ):
        took = _measured(place, count=count)
    what = f"{count} invoice mails with a PDF of 79 KB handed over, against smtplib given"
    return [
        ratio_at_least(
            id="P9", what=f"{what} {name}", ours=count / took.ours, bare=count / other, goal=0.8, unit="mails/s"
        )
        for name, other in (("messages", took.messages), ("bytes made before", took.ready))
    ]


if __name__ == "__main__":
    print_figures(figures)
