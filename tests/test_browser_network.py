"""The network as people use it: drawn, narrowed, clicked, downloaded, and without WebGL a list."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import networkx
import pytest
from browser import (
    NARROW,
    NO_WEBGL,
    WEBGL,
    another,
    launched,
    needs_browser,
    settled,
    violations,
    visiting,
)
from lxml import etree
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from servers import CLIENT, Server
from test_networks import SCHEMA

pytestmark = needs_browser
FEW = "/network?kind=none&kind=trust&kind=product&link=none&link=use&region=London"
TALLEST_SIDE = 10_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser that draws."""
    with launched(*WEBGL) as one:
        yield one


@pytest.fixture
def tab(page: Page) -> Page:
    """The network of one region, drawn and at rest."""
    page.goto(FEW)
    settled(page)
    return page


def frame(page: Page, name: str) -> int:
    return int(page.locator("#picture").get_attribute(f"data-{name}") or "")


def saved(page: Page, name: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    assert download.value.suggested_filename.endswith(name.lower())
    return download.value.path()


def test_the_whole_network_comes_to_rest(page: Page, server: Server) -> None:
    page.goto("/network")
    settled(page)
    expect(page.locator("#picture")).to_have_attribute("data-state", "settled")
    whole = CLIENT.get(f"{server.url}/network/data.json").json()
    assert 0 < frame(page, "nodes") <= len(whole["nodes"])
    expect(page.locator("#picture-says")).to_contain_text(f"{frame(page, 'nodes'):,} things")
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []


def test_what_is_shown_is_narrowed_and_the_back_button_undoes_it(tab: Page) -> None:
    before = frame(tab, "nodes")
    listed = tab.locator("#claims + p b")
    claims = int(listed.inner_text().replace(",", ""))
    tab.get_by_label("Vendor", exact=True).select_option(label="Brainomix")
    settled(tab)
    after = frame(tab, "nodes")
    assert 0 < after < before
    expect(tab).to_have_url(re.compile("vendor="))
    expect(listed).not_to_have_text(str(claims))
    assert int(listed.inner_text()) < claims
    tab.go_back()
    settled(tab)
    assert frame(tab, "nodes") == before
    expect(listed).to_have_text(str(claims))
    tab.go_forward()
    tab.reload()
    settled(tab)
    assert frame(tab, "nodes") == after


def test_a_thing_is_found_by_keyboard_and_its_facts_lead_on(tab: Page) -> None:
    box = tab.get_by_role("combobox", name="Find in the picture")
    box.focus()
    tab.keyboard.type("barts")
    option = tab.get_by_role("option", name=re.compile("^Barts Health"))
    expect(option).to_be_visible()
    tab.keyboard.press("ArrowDown")
    assert violations(tab) == []
    tab.keyboard.press("Enter")
    facts = tab.get_by_role("complementary", name="Facts")
    expect(facts.get_by_role("heading", name=re.compile("^Barts Health"))).to_be_visible()
    expect(facts).to_be_focused()
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, "color-contrast") == []
    neighbour = facts.locator("button.thing").first
    name = neighbour.inner_text()
    neighbour.focus()
    tab.keyboard.press("Enter")
    expect(facts.get_by_role("heading", name=name, exact=True)).to_be_visible()
    tab.keyboard.press("Escape")
    expect(facts).to_be_hidden()
    expect(box).to_be_focused()


def test_a_click_on_a_thing_opens_its_facts(chromium: Browser, server: Server) -> None:
    # Where nothing moves, the thing that was found stands in the middle at once.
    with visiting(chromium, server.url, reduced_motion="reduce") as page:
        page.goto(FEW)
        settled(page)
        page.get_by_role("combobox", name="Find in the picture").fill("barts")
        page.get_by_role("option", name=re.compile("^Barts Health")).click()
        facts = page.get_by_role("complementary", name="Facts")
        facts.get_by_role("button", name="Close").click()
        expect(facts).to_be_hidden()
        canvas = page.locator("#canvas")
        box = canvas.bounding_box()
        assert box
        canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
        expect(facts.get_by_role("heading", name=re.compile("^Barts Health"))).to_be_visible()
        source = facts.locator("a[href^='/about/doc/']").first
        expect(source).to_be_visible()
        facts.get_by_role("link", name="All that is known of it").click()
        expect(page.locator("h1")).to_contain_text("Barts Health")


def test_what_is_shown_is_downloaded(tab: Page, server: Server) -> None:
    nodes, links = frame(tab, "nodes"), frame(tab, "links")
    file = saved(tab, "GEXF")
    if SCHEMA.is_file():
        etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.parse(file))
    graph = networkx.read_gexf(file, version="1.3")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (nodes, links)
    assert all(values["label"] for _, values in graph.nodes(data=True))
    with saved(tab, "CSV").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["source"] and row["locator"] for row in rows)
    ends = {(row["from"], row["to"]) for row in rows}
    assert len(ends) == links
    answer = CLIENT.get(f"{server.url}/network/links.csv?{FEW.partition('?')[2]}")
    assert len(rows) == len(list(csv.DictReader(answer.text.splitlines())))
    with Image.open(saved(tab, "PNG")) as picture:
        assert picture.format == "PNG"
        assert 200 < min(picture.size) <= max(picture.size) < TALLEST_SIDE
        assert len(picture.convert("RGB").getcolors(10_000_000) or []) > 10


def test_the_picture_is_moved_by_keyboard(tab: Page) -> None:
    def drawn() -> bytes:
        return tab.locator("#canvas").screenshot()

    tab.emulate_media(reduced_motion="reduce")
    before = drawn()
    closer = tab.get_by_role("button", name="Closer")
    closer.focus()
    tab.keyboard.press("Enter")
    near = drawn()
    assert near != before
    tab.keyboard.press("ArrowRight")
    assert drawn() != near


def test_without_webgl_the_list_stands_and_says_so(chromium: Browser, server: Server) -> None:
    with another(chromium.browser_type, *NO_WEBGL) as plain, visiting(plain, server.url) as page:
        page.goto(FEW)
        settled(page)
        assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
        expect(page.locator("#picture")).to_have_attribute("data-state", "unavailable")
        expect(page.locator("#picture-says")).to_contain_text("no WebGL")
        expect(page.locator("#picture-parts")).to_be_hidden()
        assert page.get_by_role("main").locator("tbody tr").count() > 1
        assert violations(page) == []
        page.get_by_label("Vendor", exact=True).select_option(label="Brainomix")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page).to_have_url(re.compile("vendor="))
        assert page.get_by_role("main").locator("tbody tr").count() >= 1


def test_the_network_on_a_telephone(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.url, viewport=NARROW, has_touch=True, is_mobile=True) as page:
        page.goto(FEW)
        settled(page)
        canvas = page.locator("#canvas").bounding_box()
        assert canvas
        assert canvas["width"] <= NARROW["width"]
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
        assert violations(page) == []
