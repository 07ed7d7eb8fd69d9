"""P1 and P3: pages against themselves without a template, against an empty view, and at two sizes of a utility."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.service import Visitor, served, signed_in
from benchmarks.size import Sized, sized

WITHOUT_TEMPLATE: Final = 0.6
EMPTY: Final = 1 / 20
SIZE: Final = 0.9
TIMES, QUICK_TIMES = 300, 60
PAGES: Final = (("panel", "/panel/"), ("list of 20", "/faktury/"), ("list of 80", "/faktury/?ile=80"))
MILLI: Final = 1_000


def _in_turn(asks: Sequence[Callable[[], float]], *, times: int) -> list[list[float]]:
    """Ask each in turn; the first tenth warms up and is not counted."""
    rounds = [[ask() for ask in asks] for _ in range(times + times // 10)]
    return [[one[place] for one in rounds[times // 10 :]] for place in range(len(asks))]


def _p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1] * MILLI


def _against(*, id: str, what: str, ours: list[float], bare: list[float], goal: float) -> Figure:  # noqa: A002
    """Pages a second of ours to pages a second of the other, by medians."""
    one, other = statistics.median(ours), statistics.median(bare)
    seen = f"ours {one * MILLI:.2f} ms (p95 {_p95(ours):.1f}), bare {other * MILLI:.2f} ms (p95 {_p95(bare):.1f})"
    ratio = other / one
    return Figure(id=id, what=what, seen=f"{seen}, ratio {ratio:.2f}", goal=f"≥ {goal:.2f}", ok=ratio >= goal)


def _templates(port: int, session: str, *, times: int) -> list[Figure]:
    visitor, stranger = Visitor(port=port, session=session), Visitor(port=port)
    found = []
    for name, page in PAGES:
        asks = [
            partial(visitor.seconds, page),
            partial(visitor.seconds, f"/bare{page}"),
            partial(stranger.seconds, "/empty/"),
        ]
        ours, bare, empty = _in_turn(asks, times=times)
        found += [
            _against(id="P1", what=f"{name} / without a template", ours=ours, bare=bare, goal=WITHOUT_TEMPLATE),
            _against(id="P1", what=f"{name} / an empty view", ours=ours, bare=empty, goal=EMPTY),
        ]
    return found


def _sizes(large: tuple[int, str], small: tuple[int, str], *, what: str, times: int) -> list[Figure]:
    at_large, at_small = (Visitor(port=port, session=session) for port, session in (large, small))
    found = []
    for name, page in PAGES[:2]:
        ours, bare = _in_turn([partial(at_large.seconds, page), partial(at_small.seconds, page)], times=times)
        found.append(_against(id="P3", what=f"{name}, {what}", ours=ours, bare=bare, goal=SIZE))
    return found


def _queries(one: Sized) -> list[Figure]:
    """The same number of queries for two invoices and for two thousand."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for account in (one.plan.few, one.plan.many):
        client = Client(HTTP_HOST="localhost")
        client.cookies["ebok-session"] = signed_in(account=account)
        for name, page in PAGES[:2]:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            counts[name, account] = len(asked)
    return [
        Figure(
            id="P3", what=f"queries of {name} for 2 and for 2,000 invoices",
            seen=f"{counts[name, one.plan.few]} and {counts[name, one.plan.many]}", goal="the same",
            ok=counts[name, one.plan.few] == counts[name, one.plan.many],
        )
        for name, _ in PAGES[:2]
    ]  # fmt: skip


def _balances(one: Sized, *, times: int) -> Figure:
    """What a thousand times the entries cost a balance."""
    from ebok.billing import queries as billing
    from ebok.customers.domain import CustomerScope
    from ebok.foundation import clock

    def ask(account: int) -> Callable[[], float]:
        scope = CustomerScope.for_accounts(frozenset({account}), reason="bench")

        def timed() -> float:
            start = time.perf_counter()
            assert account in billing.balances(scope=scope, today=clock.today())
            return time.perf_counter() - start

        return timed

    many, few = (statistics.median(s) for s in _in_turn([ask(one.plan.many), ask(one.plan.few)], times=times))
    seen = f"{few * MILLI:.2f} ms and {many * MILLI:.2f} ms, ratio {few / many:.2f}"
    return Figure(id="P3", what="balance of an account with 2 and with 2,000 entries", seen=seen, goal="shown", ok=True)


def measure(*, quick: bool) -> list[Figure]:
    """Serve both utilities, ask in turn."""
    times = QUICK_TIMES if quick else TIMES
    with tempfile.TemporaryDirectory() as scratch, sized(data=Path(scratch) / "data", quick=quick) as (large, small):
        keys: dict[tuple[int, int], str] = {}
        for one in (small, large):
            one.database.use()
            accounts = [one.plan.usual, one.plan.many]
            keys |= {(one.plan.accounts, account): signed_in(account=account) for account in accounts}
        found = [*_queries(large), _balances(large, times=times)]
        large.database.release()
        with served(large, data=Path(scratch) / "large") as big, served(small, data=Path(scratch) / "small") as little:
            say("pages…")
            found += _templates(big.port, keys[large.plan.accounts, large.plan.many], times=times)
            found += _sizes(
                (big.port, keys[large.plan.accounts, large.plan.usual]),
                (little.port, keys[small.plan.accounts, small.plan.usual]),
                what=f"{large.plan.invoices} / {small.plan.invoices} invoices", times=times,
            )  # fmt: skip
    return found


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    return measure(quick=quick)


if __name__ == "__main__":
    print_figures(figures)
