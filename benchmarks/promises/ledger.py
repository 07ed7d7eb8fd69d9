"""I1 to I7, I9 and I10 on the whole demo, and that importing it again changes nothing."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated, release

WORDS: Final = {
    "I1": "every entry balances",
    "I2": "entries cannot be changed or deleted",
    "I3": "a balance is the sum of its entries",
    "I4": "one event, one entry",
    "I5": "statements: opening and movements give closing",
    "I6": "no more allocated than paid",
    "I7": "an invoice is its net and VAT",
    "I9": "the audit chain is unbroken",
    "I10": "what was taken is booked or parked",
}
QUICK_ACCOUNTS, QUICK_MONTHS = 57, 6


def figures(*, quick: bool) -> list[Figure]:
    """Book the demo, prove it, book it again."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from benchmarks.hostile import DEMO, ON
        from benchmarks.small import book_demo, changed_by
        from benchmarks.state import digests
        from ebok.audit.operations import seal_rows
        from ebok.foundation import clock
        from ebok.jobs.demo.people import Demo

        accounts, months = (QUICK_ACCOUNTS, QUICK_MONTHS) if quick else (250, 24)
        demo = Demo(seed=DEMO.seed, on=ON, accounts=accounts, months=months)
        book_demo(Path(scratch), demo=demo)
        before = digests(base.url)
        again = changed_by(book_demo(Path(scratch), demo=demo, compare=False))
        differing = [name for name, digest in digests(base.url).items() if digest != before[name]]
        seal_rows(now=clock.now())
        broken = _broken()
        release()
    what = f"on the demo of {accounts} accounts and {months} months"
    found = [
        Figure(id=id_, what=f"{words}, {what}", seen=f"{broken[id_]} broken", goal="0 broken", ok=not broken[id_])
        for id_, words in WORDS.items()
    ]
    seen = f"{again} rows new or changed, {len(differing)} tables differ"
    once = Figure(id="G2", what=f"every import a second time, {what}", seen=seen, goal="0", ok=not (again or differing))
    return [*found, once]


def _broken() -> Counter[str]:
    from ebok.audit import queries as audit
    from ebok.billing import queries as billing
    from ebok.foundation import clock
    from ebok.interchange import queries as interchange
    from ebok.payments import queries as payments

    found = [*billing.broken_promises(), *payments.broken_promises(), *interchange.broken_promises()]
    chain = audit.broken_promises(now=clock.now())
    for words in [*(f"{b.promise} {b.what}" for b in found), *chain]:
        say(words)
    return Counter(str(b.promise) for b in found) + Counter("I9" for _ in chain)


if __name__ == "__main__":
    print_figures(figures)
