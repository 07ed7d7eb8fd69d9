"""What the mail benchmarks share: bills with their PDF in the outbox, and the sink as the mail server."""

import random
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

PDF_BYTES: Final = 79 * 1024
PDFS: Final = 100
_CONTEXT: Final = {
    "number": "FV/2026/10/000123",
    "period": "październik 2026",
    "amount": "228,44\u00a0zł",
    "due": "30\u00a0listopada\u00a02026",
    "nrb": "12\u00a01140\u00a02004\u00a00000\u00a03002\u00a00135\u00a05387",
    "title": "FV/2026/10/000123 konto 0124",
    "account_hint": "…0124",
    "page": "/faktury/1/",
    "check_page": "/sprawdz-fakture/",
    "withdraw_page": "/efaktura/rezygnacja/1/0123456789ABCDEFGHJKMNPQRS/",
    "instead": "Wrócimy do papierowych.",
    "file": "faktura-2026-10.pdf",
}


def stored_pdfs(*, now: datetime, count: int = PDFS, size: int = PDF_BYTES) -> list[bytes]:
    """Documents of an invoice's size, each with bytes of its own; their hashes."""
    from ebok.documents.operations import store

    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    contents = [b"%PDF-1.7\n" + chance.randbytes(size - 9) for _ in range(count)]
    return store(contents=contents, media_type="application/pdf", now=now)


def queue_bills(*, count: int, pdfs: list[bytes], customers: int, now: datetime) -> tuple[int, list[UUID]]:
    """Queue so many bills, of so many customers in turn; the group's id and the keys in order."""
    from ebok.notifications.domain import AttachedDocument, MessageKind, MessageToQueue
    from ebok.notifications.operations import open_group, queue_messages

    messages = [
        MessageToQueue(
            key=uuid4(),
            recipient=f"klient{n % customers}@example.com",
            context=_CONTEXT,
            documents=tuple(
                AttachedDocument(sha256=pdfs[n % len(pdfs)], name="faktura-2026-10.pdf", media_type="application/pdf")
                for _ in pdfs[:1]
            ),
            thread=str(n % customers),
        )
        for n in range(count)
    ]
    group = open_group(name="bench", now=now)
    for at in range(0, count, 1_000):
        queue_messages(kind=MessageKind.INVOICE, messages=messages[at : at + 1_000], group_id=group, now=now)
    return group, [message.key for message in messages]
