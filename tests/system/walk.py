"""Opening pages at every width and theme, and what every page must hold. Ends in axe."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import html5lib
from playwright.sync_api import Browser, BrowserContext, Page, Response

AXE = Path(__file__).resolve().parents[1] / "vendor/axe/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
AXE_WIDTH = {"light": 320, "dark": 1280}
"""Where a tour lets axe look, the slowest of its judges."""
HEIGHT = 900
PAGE_GZIP_BYTES = 70 * 1024


@dataclass
class Opened:
    """A page and what happened while it loaded."""

    page: Page
    errors: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)


@dataclass
class Walker:
    """Opens pages of one server in one browser. `cookies` go with every context (a signed-in session)."""

    browser: Browser
    address: str
    cookies: list[dict[str, Any]] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def signed_in_with(self, *, name: str, value: str) -> None:
        """Carry a session cookie from now on."""
        self.cookies = [{"name": name, "value": value, "url": self.address}]

    def open(self, path: str, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Opened:
        """Open a page in a fresh context and wait until it is still."""
        opened = Opened(page=self.page(width=width, theme=theme, scripts=scripts))
        listen(opened)
        opened.page.goto(self.address + path, wait_until="networkidle")
        return opened

    def page(self, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Page:
        """A blank page in a fresh context."""
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme=theme,
            locale="pl-PL",
            timezone_id="Europe/Warsaw",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.add_cookies(self.cookies)
        self.contexts.append(context)
        return context.new_page()

    @contextmanager
    def one_page(self, *, theme: str) -> Iterator[Page]:
        """A page whose context is closed afterwards."""
        page = self.page(theme=theme)
        try:
            yield page
        finally:
            self.contexts.remove(page.context)
            page.context.close()

    def expect_good_everywhere(
        self, path: str, *, widths: Sequence[int] = WIDTHS, themes: Sequence[str] = THEMES, status: int = 200
    ) -> None:
        """Walk one address at every width and theme: valid, light, quiet, no sideways scroll, accessible."""
        for theme in themes:
            with self.one_page(theme=theme) as page:
                opened = Opened(page=page)
                listen(opened, but_not=path if status != 200 else None)
                answer = page.goto(self.address + path, wait_until="networkidle")
                assert answer is not None
                assert answer.status == status, f"{path}: {answer.status}"
                expect_valid_html(answer.text(), where=path)
                expect_light(opened, where=path)
                self._expect_at_widths(page, widths, where=f"{path} {theme}")
                expect_quiet(opened, where=path)

    def _expect_at_widths(self, page: Page, widths: Sequence[int], *, where: str) -> None:
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            expect_no_sideways_scroll(page, where=f"{where} {width}")
            show_whole_height(page, width=width)
            expect_no_axe_violations(page, where=f"{where} {width}")

    def expect_good_tour(self, paths: Sequence[str], *, themes: Sequence[str] = THEMES) -> None:
        """Walk many addresses, all checks at every width and theme but axe: it runs at 320 light and 1280 dark."""
        for theme in themes:
            with self.one_page(theme=theme) as page:
                opened = Opened(page=page)
                listen(opened)
                for path in paths:
                    answer = page.goto(self.address + path, wait_until="load")
                    assert answer is not None
                    assert (answer.status, page.url) == (200, self.address + path)
                    expect_good_here(page, answer.text(), axe_width=AXE_WIDTH[theme], where=f"{path} {theme}")
                    expect_quiet(opened, where=f"{path} {theme}")

    def close(self) -> None:
        """Close what was opened."""
        for context in self.contexts:
            context.close()


def expect_good_here(page: Page, source: str, *, axe_width: int, where: str) -> None:
    """The page as it stands: valid, nothing sticks out at any width, and axe finds nothing at one of them."""
    expect_valid_html(source, where=where)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        expect_no_sideways_scroll(page, where=f"{where} {width}")
    page.set_viewport_size({"width": axe_width, "height": HEIGHT})
    show_whole_height(page, width=axe_width)
    expect_no_axe_violations(page, where=f"{where} {axe_width}")


def listen(opened: Opened, *, but_not: str | None = None) -> None:
    """Note console errors, failed requests and everything loaded. A page meant to answer 4xx says so in the console."""

    def said(message: Any) -> None:
        expected = but_not is not None and message.location.get("url", "").endswith(but_not)
        if message.type == "error" and not expected:
            opened.errors.append(message.text)

    def heard(response: Response) -> None:
        opened.responses.append(response)

    opened.page.on("console", said)
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.page.on("response", heard)


def expect_quiet(opened: Opened, *, where: str) -> None:
    """No console errors, and nothing loaded from elsewhere."""
    assert opened.errors == [], where
    origins = {"/".join(r.url.split("/")[:3]) for r in opened.responses if not r.url.startswith("data:")}
    assert len(origins) <= 1, f"{where}: loads from {origins}"


def expect_light(opened: Opened, *, where: str) -> None:
    """Everything the first view loads, gzipped where it is text, fits the budget."""
    total = sum(weight(response) for response in opened.responses)
    assert total <= PAGE_GZIP_BYTES, f"{where}: {total} bytes"


def weight(response: Response) -> int:
    """Bytes of one answer as a compressing server sends it."""
    if not response.ok and not response.request.is_navigation_request():
        return 0
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body, 6))


def expect_valid_html(source: str, *, where: str) -> None:
    """The HTML parses without an error, and no id stands twice."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(source)
    assert [(position, code) for position, code, _ in parser.errors] == [], where
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids)), f"{where}: an id twice"


def expect_no_sideways_scroll(page: Page, *, where: str) -> None:
    """Nothing sticks out of the window."""
    wide = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            const out = (e) => e.getBoundingClientRect().right > room + 1;
            const found = [...document.querySelectorAll("body *")].filter(out);
            return found.slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
        }"""
    )
    assert wide == [], where


def show_whole_height(page: Page, *, width: int) -> None:
    """Make the window as tall as the page: a bar fixed to the window covers what one can scroll out from under it."""
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, HEIGHT)})


def expect_no_axe_violations(page: Page, *, where: str = "") -> None:
    """Zero violations of WCAG 2.0–2.2 A and AA and of best practice."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })", AXE_TAGS
    )
    faults = [
        f"{violation['id']}: {node['html'][:120]} | {node.get('failureSummary', '')[:200]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
    assert faults == [], "\n".join([where, *faults])
