"""P10: the first view of a page on a slow phone: bytes, largest paint, shifts of layout, blocked time.

Chromium with an empty cache, its processor four times slower, on a slow 4G network; the median of five visits.
"""

import gzip
import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Response, sync_playwright

from benchmarks.bench import Figure, print_figures, say
from benchmarks.service import COOKIE, served, signed_in
from benchmarks.size import Sized, sized

CHROMIUM: Final = os.environ.get("EBOK_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
VISITS, QUICK_VISITS = 5, 1
SLOWER: Final = 4
BITS: Final = 8
SLOW_4G: Final = {
    "offline": False, "latency": 150, "downloadThroughput": 1_600_000 / BITS, "uploadThroughput": 750_000 / BITS,
}  # fmt: skip
"""Milliseconds and bytes a second, as Lighthouse has them."""
BYTES_AT_MOST, PAINT_AT_MOST, SHIFT_AT_MOST, BLOCKED_AT_MOST = 70 * 1024, 1_200, 0.02, 50
PHONE: Final = {"width": 390, "height": 844}
KIB: Final = 1024
COMPRESSED: Final = ("font/woff2", "image/png")
LOOK: Final = """() => new Promise(done => {
  const seen = {first: Infinity, paint: 0, shift: 0}, tasks = [];
  const watch = (type, take) =>
    new PerformanceObserver(l => l.getEntries().forEach(take)).observe({type, buffered: true});
  watch('paint', e => { if (e.name === 'first-contentful-paint') seen.first = e.startTime; });
  watch('largest-contentful-paint', e => { seen.paint = e.startTime; });
  watch('layout-shift', e => { if (!e.hadRecentInput) seen.shift += e.value; });
  watch('longtask', e => { tasks.push([e.startTime, e.startTime + e.duration]); });
  const look = () => {
    if (!seen.paint) { setTimeout(look, 500); return; }
    const blocked = ([start, end]) => Math.max(0, end - Math.max(start, seen.first) - 50);
    done({...seen, blocked: tasks.map(blocked).reduce((a, b) => a + b, 0)});
  };
  setTimeout(look, 500);
})"""
"""Blocked time counts from the first paint on, as total blocking time does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One visit: bytes when gzipped, milliseconds of the largest paint and of blocking, the sum of layout shifts."""

    size: int
    paint: float
    shift: float
    blocked: float


def _visit(browser: Browser, address: str, *, session: str) -> View:
    # A browser gives a Secure cookie to no http address but by hand; what it then shows is the same.
    headers = {"X-Forwarded-Proto": "https"} | ({"Cookie": f"{COOKIE}={session}"} if session else {})
    context = browser.new_context(viewport=PHONE, locale="pl-PL", extra_http_headers=headers, device_scale_factor=3)  # type: ignore[arg-type]
    page, answers = context.new_page(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright marks what it calls)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    assert page.url == address, page.url
    seen = page.evaluate(LOOK)
    size = sum(_size(answer) for answer in answers)
    context.close()
    return View(size=size, paint=seen["paint"], shift=seen["shift"], blocked=seen["blocked"])


def _size(answer: Response) -> int:
    assert answer.ok, answer.url
    body = answer.body()
    return len(body) if answer.headers.get("content-type", "").startswith(COMPRESSED) else len(gzip.compress(body))


def _figures(name: str, views: list[View]) -> list[Figure]:
    size = max(view.size for view in views)
    paint, shift, blocked = (
        statistics.median(getattr(view, what) for view in views) for what in ("paint", "shift", "blocked")
    )
    rows = [
        ("gzipped", f"{size / KIB:.1f} KB", "≤ 70 KB", size <= BYTES_AT_MOST),
        ("largest paint", f"{paint:.0f} ms", "≤ 1200 ms", 0 < paint <= PAINT_AT_MOST),
        ("shift of layout", f"{shift:.3f}", "≤ 0.02", shift <= SHIFT_AT_MOST),
        ("blocked", f"{blocked:.0f} ms", "≤ 50 ms", blocked <= BLOCKED_AT_MOST),
    ]
    return [
        Figure(id="P10", what=f"first view of {name}, {what}", seen=seen, goal=goal, ok=ok)
        for what, seen, goal, ok in rows
    ]


def _pages(one: Sized) -> list[tuple[str, str, bool]]:
    from ebok.billing.models import Invoice

    newest = Invoice.objects.filter(account_id=one.plan.usual).order_by("-id").values_list("id", flat=True)[0]
    return [
        ("start", "/", False),
        ("sign-in", "/logowanie/", False),
        ("panel", "/panel/", True),
        ("invoices", "/faktury/", True),
        ("an invoice", f"/faktury/{newest}/", True),
        ("readings", "/odczyty/", True),
    ]


def figures(*, quick: bool) -> list[Figure]:
    """Visit each page on a slow phone."""
    with tempfile.TemporaryDirectory() as scratch, sized(data=Path(scratch) / "data", quick=True) as (_, small):
        small.database.use()
        session, pages = signed_in(account=small.plan.usual), _pages(small)
        small.database.release()
        found = []
        with served(small, data=Path(scratch) / "served") as service, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, path, inside in pages:
                say(f"first view of {name}…")
                address, key = f"http://localhost:{service.port}{path}", session if inside else ""
                _visit(browser, address, session=key)
                visits = QUICK_VISITS if quick else VISITS
                found += _figures(name, [_visit(browser, address, session=key) for _ in range(visits)])
            browser.close()
    return found


if __name__ == "__main__":
    print_figures(figures)
