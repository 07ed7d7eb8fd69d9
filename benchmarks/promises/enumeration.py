"""G13: whether an answer, or the time it takes, tells that somebody is a customer or has a login."""

import http.client
import re
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say, seconds
from benchmarks.databases import migrated, release
from benchmarks.guests import WRONG, Answer, Guest, address, behind_proxy, make_logins
from benchmarks.service import serving

TRIES, QUICK_TRIES = 200, 40
APART_AT_MOST, QUICK_APART_AT_MOST = 0.10, 0.25
"""How far apart the medians may be; few tries say less."""
WARM_UPS: Final = 5
PAIRS_A_LIMIT: Final = 50
"""After so many pairs the counters of tries are emptied, or the limits would answer instead of the page."""
PESEL: Final = "44051401359"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A form that must not tell: where it goes, and what is typed for somebody known and for nobody."""

    name: str
    path: str
    known: Callable[[int], Mapping[str, str]]
    unknown: Callable[[int], Mapping[str, str]]


def _ways(emails: Sequence[str], accounts: Sequence[str], invoices: Sequence[str], own: str) -> list[Way]:
    def email(n: int) -> str:
        return emails[n % len(emails)]

    def nobody(n: int) -> str:
        return f"nobod{n:05d}@example.com"

    def account(n: int) -> str:
        return accounts[n % len(accounts)]

    def no_account(n: int) -> str:
        return f"{9 * 10 ** (len(accounts[0]) - 1) + n}"

    def typed(
        make: Callable[[str], Mapping[str, str]], who: Callable[[int], str]
    ) -> Callable[[int], Mapping[str, str]]:
        return lambda n: make(who(n))

    by_email: list[tuple[str, str, Callable[[str], Mapping[str, str]]]] = [
        ("sign-in with a wrong password", "/logowanie/", lambda who: {"login": who, "password": WRONG}),
        ("asking for a new password", "/haslo/reset/", lambda who: {"email": who}),
        ("asking for a code to sign in", "/logowanie/kod/", lambda who: {"email": who}),
    ]
    by_account: list[tuple[str, str, Callable[[str], Mapping[str, str]]]] = [
        (
            "activation by a wrong invoice", "/aktywacja/faktura/",
            lambda who: {"account_number": who, "invoice_number": "FV/2020/01/000001", "gross_total": "1,23"},
        ),
        (
            "activation by wrong data", "/aktywacja/dane/",
            lambda who: {"account_number": who, "identifier": PESEL},
        ),
        (
            "ordering a letter to a wrong code", "/aktywacja/list/zamow/",
            lambda who: {"account_number": who, "postal_code": "99-999"},
        ),
    ]  # fmt: skip

    def invoice(n: int) -> str:
        return invoices[n % len(invoices)]

    def no_invoice(n: int) -> str:
        return f"{invoice(n)[:-4]}x{n:03d}"

    def of_invoice(who: str) -> Mapping[str, str]:
        return {"account": own, "number": who, "amount": "0,01"}

    genuine = Way(
        name="telling an invoice with two fields wrong", path="/sprawdz-fakture/dane/",
        known=typed(of_invoice, invoice), unknown=typed(of_invoice, no_invoice),
    )  # fmt: skip
    return [
        genuine,
        *(Way(name=n, path=p, known=typed(m, email), unknown=typed(m, nobody)) for n, p, m in by_email),
        *(Way(name=n, path=p, known=typed(m, account), unknown=typed(m, no_account)) for n, p, m in by_account),
    ]


class _Asker:
    """Sends forms, each from a browser and an address never seen before, over one connection."""

    def __init__(self, port: int) -> None:
        self._port, self._number = port, 0
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, way: Way, fields: Mapping[str, str]) -> tuple[float, Answer]:
        """How long the answer took, and what it says, without what was typed."""
        self._number += 1
        guest = Guest(port=self._port, address=address(self._number), connection=self._connection)
        answers: list[Answer] = []
        took = seconds(lambda: answers.append(guest.post(way.path, fields)))
        return took, _plain(answers[0], fields)


def _plain(answer: Answer, fields: Mapping[str, str]) -> Answer:
    body = re.sub(r'name="(csrfmiddlewaretoken|report)" value="[^"]*"', "", answer.body)
    body = re.sub(r"Sprawdzono \S+ \S+", "", body)
    for value in fields.values():
        body = body.replace(value, "")
    return Answer(status=answer.status, location=answer.location, body=body)


def _figure(way: Way, asker: _Asker, *, tries: int, at_most: float) -> Figure:
    from ebok.foundation.models import LimitCounter

    times: dict[bool, list[float]] = {True: [], False: []}
    answers: dict[bool, set[Answer]] = {True: set(), False: set()}
    for n in range(-WARM_UPS, tries):
        if n % PAIRS_A_LIMIT == 0:
            LimitCounter.objects.all().delete()
        for known in (n % 2 == 0, n % 2 == 1):
            took, answer = asker.ask(way, (way.known if known else way.unknown)(abs(n)))
            if n >= 0:
                times[known].append(took)
                answers[known].add(answer)
    medians = {known: statistics.median(found) for known, found in times.items()}
    apart = abs(medians[True] - medians[False]) / max(medians.values())
    same = answers[True] == answers[False] and len(answers[True]) == 1
    for answer in answers[True] ^ answers[False]:
        say(f"{way.name}: {answer.status} {answer.location} {len(answer.body)} letters")
    words = "the same status and body" if same else "answers differ"
    seen = f"{words}, medians of {tries} tries {medians[True] * 1000:.1f} and {medians[False] * 1000:.1f} ms"
    return Figure(
        id="G13", what=f"known or unknown, {way.name}", seen=f"{seen}, {apart:.1%} apart",
        goal=f"the same, ≤ {at_most:.0%} apart", ok=same and apart <= at_most,
    )  # fmt: skip


def figures(*, quick: bool) -> list[Figure]:
    """Ask every form about somebody and about nobody, in turn."""
    tries, at_most = (QUICK_TRIES, QUICK_APART_AT_MOST) if quick else (TRIES, APART_AT_MOST)
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from benchmarks.small import book_demo
        from ebok.billing.models import Invoice
        from ebok.customers.models import CustomerAccount
        from ebok.foundation.utility import utility

        book_demo(Path(scratch))
        emails = make_logins(TRIES)
        accounts = list(CustomerAccount.objects.order_by("id").values_list("number", flat=True))
        invoices = list(Invoice.objects.order_by("id").values_list("number", flat=True)[:TRIES])
        own = utility().ibans[0]
        found = []
        with serving(base, data=Path(scratch) / "served", workers=2, **behind_proxy()) as service:
            asker = _Asker(service.port)
            for way in _ways(emails, accounts, invoices, own):
                say(f"{way.name}…")
                found.append(_figure(way, asker, tries=tries, at_most=at_most))
        release()
    return found


if __name__ == "__main__":
    print_figures(figures)
