"""Every kind of page in a real browser: sound, accessible in light and dark, narrow and on paper."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import (
    NARROW,
    SOON,
    WEBGL,
    WIDE,
    another,
    needs_browser,
    settled,
    thin,
    violations,
    visiting,
)
from crawl import TYPED, WRONG, Found, Links, crawl
from filelock import FileLock
from playwright.sync_api import Browser, Page, TimeoutError
from servers import Server

from careatlas.graph.release import Release
from careatlas.service.explorer.routes import PAGES

pytestmark = needs_browser
PARTS = 8
"""The pages are visited in so many tests, so that two workers share them."""
DRAWN = "/network"
"""What draws with WebGL: these pages are a part of their own, in a browser that has it."""
LEAST_LIKE_THE_SCREEN = 0.4
"""Of the words of a page, this share at least is on paper: all but forms and ways on."""
HEAVIEST = 100_000
ISLANDS = ("/network", "/editor")
"""Pages of which a large script is the point."""
SHAPE = """() => ({
  titles: document.title, language: document.documentElement.lang,
  heads: document.querySelectorAll("h1").length, mains: document.querySelectorAll("main").length,
  twice: [...document.querySelectorAll("[id]")].map(one => one.id)
    .filter((id, at, all) => all.indexOf(id) !== at),
  nowhere: [...document.querySelectorAll("a[href^='#']")].map(one => one.getAttribute("href"))
    .filter(href => href.length > 1 && !document.getElementById(decodeURIComponent(href.slice(1)))),
  script: performance.getEntriesByType("resource").filter(one => one.name.endsWith(".js"))
    .reduce((sum, one) => sum + one.encodedBodySize, 0),
})"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEEN = """() => {
  const main = document.querySelector("main");
  const seen = one => one.checkVisibility({ visibilityProperty: true })
    && !one.closest("form, nav, .narrow, .examples");
  const of = what => [...main.querySelectorAll(what)].filter(seen).length;
  return { words: main.innerText.split(/\\s+/).length, heads: of("h1, h2"), tables: of("table"),
    rows: of("tr"), terms: of("dt") };
}"""


@pytest.fixture(scope="session")
def found(server: Server, release: Release, home: Path) -> list[Found]:
    """One page of each kind; workers that run side by side share what one of them found."""
    kept = home.parent / "crawl.json"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.is_file():
            kept.write_text(json.dumps(crawl(server.url, release, [*TYPED, *WRONG])))
        return [Found(*one) for one in json.loads(kept.read_text())]


@pytest.fixture(params=[*range(PARTS), "drawn"])
def part(found: list[Found], request: pytest.FixtureRequest) -> list[Found]:
    """Some of the pages; together, all."""
    pages = [one for one in found if one.is_page and one.status != 303]
    drawn = [one for one in pages if one.address.partition("?")[0] == DRAWN]
    if request.param == "drawn":
        assert drawn
        return drawn
    return [one for one in pages if one not in drawn][request.param :: PARTS]


@pytest.fixture
def fitting(chromium: Browser, part: list[Found]) -> Iterator[Browser]:
    """A browser that draws, if one of the pages is drawn."""
    if any(one.address.startswith(DRAWN) for one in part):
        with another(chromium.browser_type, *WEBGL) as one:
            yield one
    else:
        yield chromium


@pytest.fixture
def tab(fitting: Browser, server: Server) -> Iterator[Page]:
    """A new page in that browser."""
    with visiting(fitting, server.url) as one:
        yield one


def test_every_link_leads_somewhere(found: list[Found]) -> None:
    for one in found:
        assert one.status in {WRONG.get(one.address, 200), 303}, (one.address, one.came_from)
        assert one.address not in WRONG or one.is_page, one.address


def test_every_page_is_reached_from_the_start(found: list[Found]) -> None:
    reached = {one.address.partition("?")[0] for one in found if one.is_page}
    for path in PAGES:
        start, _, rest = path.partition("{")
        assert any(one == start if not rest else one.startswith(start) for one in reached), path
    assert len([one for one in found if one.is_page]) > len(PAGES) + len(WRONG)


def test_a_link_to_a_place_in_another_page_finds_it(found: list[Found]) -> None:
    pages = {one.address: Links(one.text) for one in found if one.is_page}
    places = {
        (address, place)
        for page in pages.values()
        for address, hash_, place in (link.partition("#") for link in page.links)
        if hash_ and place and address in pages
    }
    assert places
    for address, place in sorted(places):
        assert place in pages[address].places, f"{address}#{place}"


@pytest.mark.long
def test_a_page_is_sound_and_open_to_all(tab: Page, part: list[Found]) -> None:
    faults = []
    for one in part:
        tab.set_viewport_size(WIDE)
        tab.emulate_media(media="screen", color_scheme="light")
        answer = tab.goto(one.address)
        assert answer
        assert answer.status == one.status
        settled(tab)
        for fault in (
            *unsound(tab),
            *elsewhere_than_wide(tab, answered=one.status == 200),
            *closed(tab),
        ):
            faults.append(f"{one.address} {fault}")
    assert faults == [], "\n".join(faults)


def unsound(page: Page) -> Iterator[str]:
    """What every page needs and this one lacks."""
    shape = page.evaluate(SHAPE)
    if shape["heads"] != 1 or shape["mains"] != 1 or not shape["language"].startswith("en"):
        yield f"heads, mains and language are {shape}"
    if "Careatlas" not in shape["titles"]:
        yield f"the title is {shape['titles']}"
    for twice in shape["twice"]:
        yield f"the id {twice} is there twice"
    for nowhere in shape["nowhere"]:
        yield f"{nowhere} is nowhere"
    if shape["script"] > HEAVIEST and not any(one in page.url for one in ISLANDS):
        yield f"{shape['script']} bytes of script"


def elsewhere_than_wide(page: Page, *, answered: bool) -> Iterator[str]:
    """What is wrong on the screen of a telephone, and on paper."""
    seen = page.evaluate(SEEN)
    page.set_viewport_size(NARROW)
    try:
        page.wait_for_function(f"() => ({WIDER})() <= 0", timeout=SOON)  # a drawing follows later
    except TimeoutError:
        yield f"scrolls sideways by {page.evaluate(WIDER)}"
    page.set_viewport_size(WIDE)
    page.emulate_media(media="print")
    printed = page.evaluate(SEEN)
    if not answered:
        seen["words"] = 0
    for name, least in seen.items():
        if printed[name] < least * (LEAST_LIKE_THE_SCREEN if name == "words" else 1):
            yield f"{least} {name} on the screen and {printed[name]} on paper"
    page.emulate_media(media="screen")


def closed(page: Page) -> Iterator[str]:
    """What axe finds; only the contrast can differ in the dark, only sizes on a narrow screen."""
    thin(page)
    yield from violations(page)
    page.emulate_media(color_scheme="dark")
    for fault in violations(page, "color-contrast"):
        yield f"dark: {fault}"
    page.set_viewport_size(NARROW)
    for fault in violations(page, "target-size", "scrollable-region-focusable"):
        yield f"narrow: {fault}"


def test_a_page_works_without_script(fitting: Browser, server: Server, part: list[Found]) -> None:
    faults = []
    with (
        visiting(fitting, server.url) as with_script,
        visiting(fitting, server.url, java_script_enabled=False) as without,
    ):
        for one in part:
            for either in (with_script, without):
                either.goto(one.address)
            settled(with_script)
            seen, plain = with_script.evaluate(SEEN), without.evaluate(SEEN)
            if any(plain[name] < seen[name] for name in ("heads", "tables", "rows", "terms")):
                faults.append(f"{one.address}: {plain} in the place of {seen}")
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("console.error('oh')", "console: oh"),
        ("setTimeout(function () { throw new Error('oh') })", "error: oh"),
        ("alert('oh')", "dialog: oh"),
        ("fetch('/no-such-page')", "404: .*/no-such-page"),
        ("open('http://example.org/')", "elsewhere: http://example.org/"),
        ("fetch('http://example.org/').catch(() => 0)", "against the policy: connect-src"),
        ("document.body.setAttribute('style', 'color: red')", "against the policy: style-src-attr"),
        ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
         "against the policy: script-src-elem"),
    ],
)  # fmt: skip
def test_a_page_that_does_wrong_is_found(
    chromium: Browser, server: Server, does: str, told: str
) -> None:
    misbehaves = f"async () => {{ await {does}; await new Promise(done => setTimeout(done)) }}"
    with pytest.raises(AssertionError, match=told):
        _do(misbehaves, chromium, server)


def _do(script: str, chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.url) as page:
        page.goto("/")
        page.evaluate(script)


def test_axe_finds_what_is_closed_to_some(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('main p').append(document.createElement('button'))")
    assert ["button-name" in one for one in violations(page)] == [True]


def test_a_bar_that_takes_room_makes_no_page_scroll_sideways(
    chromium: Browser, server: Server
) -> None:
    """As on most desktops; the other tests have bars that take none."""
    with another(chromium.browser_type, bars=True) as one:
        for size in (NARROW, WIDE):
            with visiting(one, server.url, viewport=size) as page:
                for address in ("/", "/questions", "/matrix", "/about/org/ods/RWE"):
                    page.goto(address)
                    settled(page)
                    assert page.evaluate("innerWidth - document.documentElement.clientWidth") > 0
                    assert page.evaluate(WIDER) <= 0, address
