"""P5: drawing an invoice (PDF/A-3a and PDF/UA-1, XML inside) against bare Typst with everything handed to it ready."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from benchmarks.bench import Figure, ratio_at_least

if TYPE_CHECKING:
    from ebok.billing.domain.visualization import InvoiceDocument

ON: Final = date(2026, 11, 22)
GOAL: Final = 0.7
ACCOUNTS, DOCUMENTS, ROUNDS = 10, 50, 5
QUICK_ROUNDS: Final = 2
NRB: Final = "08102010550000000000012445"
KSEF: Final = "5265877635-20250826-0100001AF629-AF"


def measure(*, documents: int, rounds: int) -> Figure:
    """Draw so many invoices; compile the same template with the same strings, made before."""
    from ebok.adapters.typst import renderer

    made = renderer.TypstInvoiceRenderer()
    given = drawable(documents)
    ready = [made.inputs(document) for document in given]

    def ours() -> None:
        for document in given:
            made.render(document)

    def bare() -> None:
        for inputs in ready:
            made.compiler.compile("invoice.typ", inputs=inputs, dated=ON)

    spent, limit = _cpu_in_turn(ours, bare, rounds=rounds)
    what = f"{documents} invoice PDFs against bare Typst, CPU time"
    return ratio_at_least(
        id="P5", what=what, ours=documents / spent, bare=documents / limit, goal=GOAL, unit="documents/s"
    )


def _cpu_in_turn(first: Callable[[], None], second: Callable[[], None], *, rounds: int) -> tuple[float, float]:
    def cpu(action: Callable[[], None]) -> float:
        start = time.process_time()
        action()
        return time.process_time() - start

    first(), second()
    times = [(cpu(first), cpu(second)) for _ in range(rounds)]
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times)


def drawable(count: int) -> "list[InvoiceDocument]":
    """So many invoices of the demo's shape, each different, ready to be drawn."""
    from ebok.adapters.fa3 import Fa3InvoiceReader
    from ebok.billing.domain.ksef_code import verification_url
    from ebok.billing.domain.use import MeterUse, UseOfMeter
    from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts, amount_asked_for
    from ebok.jobs.demo import bulk

    office = OfficeFacts(
        name="Wodociągi Sp. z o.o.", short_name="Wodociągi", address="ul. Wodna 1, 05-400 Otwock", phone="22 000 00 00",
        alarm_phone="994", office_hours="pn.–pt. 7:00–15:00", email="bok@wodociagi.example",
        website="https://wodociagi.example",
    )  # fmt: skip

    def use(place: int) -> UseOfMeter:
        def between(since: date, until: date, first: int, last: int) -> MeterUse:
            return MeterUse(
                serial_number=f"2{place:07d}", since=since, until=until, first_m3=Decimal(first), last_m3=Decimal(last)
            )

        now = between(date(2026, 9, 30), date(2026, 10, 31), 321, 335 + place)
        return UseOfMeter(named="Odczyt", now=now, before=between(date(2026, 8, 31), date(2026, 9, 30), 309, 321))

    found = []
    for place, (_, xml) in enumerate(bulk.invoices(count=count, accounts=ACCOUNTS, on=ON)):
        invoice = Fa3InvoiceReader().read(xml)
        to_pay = amount_asked_for(invoice)
        url = verification_url(seller_nip="5265877635", issue_date=ON, xml_sha256=sha256(xml).digest())
        found.append(
            InvoiceDocument(
                invoice=invoice, account_number="100001", due_date=ON, to_pay=to_pay, payment_nrb=NRB,
                transfer_title=f"FV {invoice.number}", ksef_number=KSEF, verification_url=url, office=office, xml=xml,
                transfer_code=f"5265877635|PL|{NRB}|{int(to_pay * Decimal(100)):06d}|Wodociagi|{invoice.number}|||",
                check_url=f"https://ebok.wodociagi.example/f/7K3M9QXA2B4CDEFG{place:010d}/", use=(use(place),),
                check_page="https://ebok.wodociagi.example/sprawdz-fakture/",
            )
        )  # fmt: skip
    return found


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    return [measure(documents=DOCUMENTS, rounds=QUICK_ROUNDS if quick else ROUNDS)]


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    for figure in figures(quick=parser.parse_args().quick):
        print(figure.line())


if __name__ == "__main__":
    main()
