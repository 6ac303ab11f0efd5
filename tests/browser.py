"""A real Chromium for tests, and pages in it that tell of whatever goes wrong unseen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine"
)
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
NO_WEBGL = ("--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""No name is looked up, so that nothing can leave this machine."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SOON = 45_000
"""Milliseconds that a busy machine may take for what a person sees at once."""
expect.set_options(timeout=SOON)
AXE = Axe()
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_THIN = """() => {
  for (const many of document.querySelectorAll("tbody, ul, ol, dl, main, main div, main section"))
    if (many.children.length > 40) [...many.children].slice(20, -5).forEach(one => one.remove());
}"""
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => console.error(
  `against the policy: ${event.effectiveDirective} ${event.blockedURI}`));
"""


@contextmanager
def launched(*flags: str) -> Iterator[Browser]:
    """A browser, until the block ends.

    It must end with the module that opened it: while it is open, `asyncio` sees a loop that runs.
    """
    with sync_playwright() as playwright, another(playwright.chromium, *flags) as browser:
        yield browser


@contextmanager
def another(kind: BrowserType, *flags: str, bars: bool = False) -> Iterator[Browser]:
    """A browser beside one that is open, with flags of its own; bars to scroll by take room there."""
    left_out = ["--hide-scrollbars"] if bars else []
    browser = kind.launch(
        executable_path=CHROMIUM, args=[*QUIET, *flags], ignore_default_args=left_out
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    refused: str | None = None,
    **options: Any,  # noqa: ANN401
) -> Iterator[Page]:
    """A new page on this server; the block fails on anything that went wrong in it.

    Requests to the path `refused` may be: the test asks for what cannot be answered.
    """
    context = browser.new_context(
        **{"base_url": url, "viewport": WIDE, "accept_downloads": True, **options}
    )
    context.set_default_timeout(SOON)
    context.add_init_script(_REPORT_VIOLATIONS)
    faults = _watch(context, url, refused)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert faults == [], "\n".join(faults)


def _watch(context: BrowserContext, url: str, refused: str | None) -> list[str]:
    """What goes wrong: errors, dialogs, requests that fail or that go elsewhere."""
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # Chromium says so of a page that is asked on purpose, too; other answers are seen below.
        of_an_answer = message.text.startswith("Failed to load resource")
        if message.type == "error" and not of_an_answer:
            faults.append(f"console: {message.text}")

    context.on("console", said)
    context.on("weberror", lambda error: faults.append(f"error: {error.error}"))
    context.on("dialog", lambda one: (faults.append(f"dialog: {one.message}"), one.dismiss()))
    context.on(
        "request",
        lambda one: (
            one.url.startswith((f"{url}/", "data:", f"blob:{url}/"))
            or faults.append(f"elsewhere: {one.url}")
        ),
    )
    context.on(
        "requestfailed",
        lambda one: (
            one.failure == "net::ERR_ABORTED" or faults.append(f"failed: {one.url} {one.failure}")
        ),
    )
    context.on(
        "response",
        lambda one: (
            one.status < 400
            or one.request.is_navigation_request()
            or one.url == f"{url}{refused}"
            or faults.append(f"{one.status}: {one.url}")
        ),
    )
    return faults


def settled(page: Page) -> None:
    """Wait until the islands of a page have done what they begin with."""
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-state]")]
          .every(one => !["waiting", "loading", "drawn", "running"].includes(one.dataset.state))""",
        timeout=4 * SOON,
    )


def thin(page: Page) -> None:
    """Take out what repeats what stands above it, on which axe would spend seconds."""
    page.evaluate(_THIN)


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds on a page against WCAG 2.2 AA, or against these of its rules alone."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    if not page.evaluate("'axe' in window"):  # it is large: once for a page is enough
        page.evaluate(AXE.axe_script)
    found = page.evaluate(
        "async options => (await axe.run(options)).violations",
        {"runOnly": only, "resultTypes": ["violations"]},
    )
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} ({node['failureSummary'][:300]})"
        for one in cast("list[dict[str, Any]]", found)
        for node in one["nodes"][:5]
    ]
