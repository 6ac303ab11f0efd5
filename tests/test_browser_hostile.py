"""Labels with markup, quotes, bidi marks and emoji are shown as text, on every page."""

import csv
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from browser import needs_browser, settled, visiting
from crawl import crawl
from playwright.sync_api import Browser, Page, expect
from servers import Server, serve

from careatlas.build import build
from careatlas.graph.release import Release, Releases

pytestmark = needs_browser
SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
VENDOR = 'Acme "><script>alert(1)</script><img src=x onerror=alert(2)>'
PRODUCT = "Scan' onmouseover='alert(3)"
TRUST = "Brook \u202egnp.exe\u202c Hospitals \U0001f3e5\U0001f468\u200d\u2695\ufe0f NHS Trust"
NETWORK = "North {{ 7 * 7 }} ${7 * 7} <b>Imaging</b> &amp; \\u003cscript>"
SOURCE = "Answers </title></script><script>alert(4)</script> of five"
PLACE = "row <i onclick=alert(5)>46</i>"
LABELS = {
    "Acme AI": VENDOR,
    "Scan": PRODUCT,
    "Brook Hospitals NHS Trust": TRUST,
    "North Imaging Network": NETWORK,
    "Answers of five trusts": SOURCE,
    "row 46": PLACE,
}
OURS = "link, meta, title, script[src^='/static/islands/']"
FOREIGN = f"""() => [...document.querySelectorAll("head > *, script, img, iframe, b")]
  .filter(one => one.matches("b") ? one.textContent === "Imaging" : !one.matches("{OURS}")).map(one => one.outerHTML)
  .concat([...document.querySelectorAll("*")].flatMap(one => one.getAttributeNames()
    .filter(name => name.startsWith("on") || name.startsWith("srcdoc"))))"""
TEXTS = """() => [...document.querySelectorAll("*")].flatMap(one => [
  one.textContent, ...[...one.attributes].map(attribute => attribute.value)]).join("\\n")"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small world, then again under names that would run if one page forgot to escape."""
    folder = tmp_path_factory.mktemp("hostile")
    tables = folder / "tables"
    shutil.copytree(SMALL_WORLD, tables)
    for path in sorted(tables.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [[LABELS.get(cell, cell) for cell in row] for row in csv.reader(lines)]
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)
    kept = Releases(folder / "home")
    build(SMALL_WORLD, kept)
    return build(tables, kept).release


@pytest.fixture(scope="module")
def hostile_server(hostile: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = hostile.path.parent.parent
    with serve(home, tmp_path_factory.mktemp("hostile-server") / "log") as one:
        yield one


@pytest.fixture
def tab(chromium: Browser, hostile_server: Server) -> Iterator[Page]:
    with visiting(chromium, hostile_server.url) as page:
        yield page


def test_every_page_shows_them_as_text(tab: Page, hostile: Release, hostile_server: Server) -> None:
    shown = set()
    typed = ["/", "/search?q=acme", "/questions/network-members?columns=all"]
    for one in crawl(hostile_server.url, hostile, typed):
        assert one.status in {200, 303}, one.address
        if not one.is_page or one.status != 200:
            continue
        tab.goto(one.address)
        settled(tab)
        assert tab.evaluate(FOREIGN) == [], one.address
        texts = tab.evaluate(TEXTS)
        for label in LABELS.values():
            if label in unescape(one.text):
                assert label in texts, one.address
                shown.add(label)
    assert shown == set(LABELS.values())


def test_what_is_offered_as_one_types_is_text(tab: Page) -> None:
    tab.goto("/")
    box = tab.get_by_role("combobox", name=re.compile("^(Search|Find) "))
    for typed, label in (("acme", VENDOR), ("scan", PRODUCT), ("brook", TRUST), ("7", NETWORK)):
        box.fill(typed)
        option = tab.get_by_role("option").filter(has_text=label)
        expect(option.first).to_be_visible()
        assert tab.evaluate(FOREIGN) == []
    option.first.click()
    expect(tab.locator("h1")).to_have_text(NETWORK)


def test_a_name_does_not_turn_what_stands_beside_it(tab: Page) -> None:
    tab.goto("/about/org/ods/RBB")
    for place in tab.get_by_role("main").locator("*:not(title)").filter(has_text=TRUST).all():
        if place.evaluate("one => one.children.length"):
            continue
        turns = place.evaluate("one => getComputedStyle(one).unicodeBidi + ' ' + one.tagName")
        block = place.evaluate("one => getComputedStyle(one).display")
        assert turns.startswith(("isolate", "plaintext")) or "inline" not in block, turns


def test_what_is_typed_is_shown_as_text(tab: Page) -> None:
    for label in (VENDOR, PRODUCT, SOURCE):
        tab.goto("/search")
        box = tab.get_by_role("combobox", name=re.compile("^(Search|Find) "))
        box.fill(label)
        box.press("Enter")
        expect(tab.locator("h1")).to_contain_text(label)
        assert tab.evaluate(FOREIGN) == []
        tab.goto("/questions/who-uses-what")
        tab.get_by_label("Vendor", exact=True).fill(label)
        tab.get_by_role("button", name="Ask").click()
        expect(tab.get_by_label("Vendor", exact=True)).to_have_value(label)
        assert tab.evaluate(FOREIGN) == []
