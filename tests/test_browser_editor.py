"""The SPARQL editor as people use it: typing, completing, running, failing, cancelling."""

import csv
import re
from collections.abc import Iterator

import pytest
from browser import needs_browser, settled, violations, visiting
from playwright.sync_api import Browser, Locator, Page, expect
from servers import CLIENT, Server

pytestmark = needs_browser
TRUSTS = """PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name WHERE { ?one a atlas:NHSTrust ; rdfs:label ?name } ORDER BY ?name LIMIT 7"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WRONG = "SELECT ?name\nWHERE {\n  ?one ?two }"
MARKUP = 'SELECT ("<img src=x onerror=alert(1)>\u202e" AS ?x) (<javascript:alert(1)> AS ?y) {}'


@pytest.fixture
def tab(chromium: Browser, server: Server) -> Iterator[Page]:
    """The editor, open."""
    with visiting(chromium, server.url, refused="/sparql") as page:
        page.goto("/editor")
        settled(page)
        yield page


def code(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Query")


def put(page: Page, query: str) -> None:
    """Replace what is there, as one pastes."""
    code(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def answer(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer", exact=True)


def test_a_query_is_typed_and_run(tab: Page, server: Server) -> None:
    code(tab).click()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("SELECT ?a WHERE { ?a ?b ?c } LIMIT 3")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_role("status").filter(has_text="3 rows in")).to_be_visible()
    put(tab, TRUSTS)
    tab.get_by_role("button", name="Run").click()
    expect(tab.get_by_role("status").filter(has_text="7 rows in")).to_be_visible()
    rows = server.sparql(TRUSTS).json()["results"]["bindings"]
    cells = answer(tab).locator("tbody td")
    assert cells.all_inner_texts() == [row["name"]["value"] for row in rows]
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab) == []
    with tab.expect_download() as download:
        answer(tab).get_by_role("link", name="CSV", exact=True).click()
    with download.value.path().open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == [{"name": row["name"]["value"]} for row in rows]
    tab.go_back()
    expect(code(tab)).to_contain_text("SELECT ?a WHERE")
    tab.go_forward()
    tab.reload()
    settled(tab)
    expect(code(tab)).to_contain_text("atlas:NHSTrust")


def test_our_terms_and_names_are_completed(tab: Page, server: Server) -> None:
    put(tab, "SELECT ?one WHERE {\n  ?one a atlas:NHST")
    tab.keyboard.press("Control+Space")
    option = tab.get_by_role("option", name=re.compile("atlas:NHSTrust"))
    expect(option.first).to_be_visible()
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, "color-contrast") == []
    option.first.click()
    expect(code(tab)).to_contain_text("PREFIX atlas: <https://w3id.org/careatlas/def#>")
    expect(code(tab)).to_contain_text("?one a atlas:NHSTrust")
    put(tab, "DESCRIBE ")
    tab.keyboard.type("<brainomi")
    tab.get_by_role("option", name=re.compile("^Brainomix.*supplier")).click()
    expect(code(tab)).to_contain_text("DESCRIBE <https://w3id.org/careatlas/id/org/slug/brainomix>")
    tab.keyboard.press("Control+Enter")
    expect(answer(tab).locator("pre")).to_contain_text("Brainomix")


def test_a_fault_is_shown_where_it_is(tab: Page) -> None:
    put(tab, WRONG)
    tab.keyboard.press("Control+Enter")
    told = answer(tab).get_by_role("alert")
    expect(told).to_be_visible()
    go = tab.get_by_role("button", name=re.compile("^Go to line 3$"))
    expect(go).to_be_visible()
    expect(tab.locator(".cm-lintRange-error, .cm-lintPoint-error")).to_have_count(1)
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, "color-contrast") == []
    go.click()
    expect(code(tab)).to_be_focused()
    put(tab, "ASK { ?a ?b ?c }")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_role("status").filter(has_text="Yes")).to_be_visible()
    expect(told).to_have_count(0)
    expect(tab.locator(".cm-lintRange-error, .cm-lintPoint-error")).to_have_count(0)


def test_a_query_that_takes_too_long_is_cancelled(tab: Page, server: Server) -> None:
    put(tab, ENDLESS)
    tab.get_by_role("button", name="Run").click()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_role("status").filter(has_text="Cancelled.")).to_be_visible()
    expect(tab.get_by_role("button", name="Run")).to_be_focused()
    for _ in range(100):
        if not CLIENT.get(f"{server.url}/sparql/queries").json():
            break
        tab.wait_for_timeout(100)
    assert CLIENT.get(f"{server.url}/sparql/queries").json() == []


def test_the_query_of_a_question_opens_and_gives_its_answer(tab: Page) -> None:
    tab.goto("/questions/who-uses-what?product=RapidAI")
    total = tab.locator("section[aria-labelledby=answer] > p b").first.inner_text()
    tab.locator("summary", has_text="The SPARQL that ran").click()
    tab.get_by_role("main").locator("a[href^='/editor']").click()
    settled(tab)
    expect(tab.get_by_role("main").get_by_role("link", name="Who uses what")).to_be_visible()
    tab.get_by_role("button", name="Run").click()
    expect(tab.get_by_role("status").filter(has_text=f"{total} rows in")).to_be_visible()


def test_the_keyboard_enters_and_leaves(tab: Page) -> None:
    for _ in range(20):
        tab.keyboard.press("Tab")
        if code(tab).evaluate("one => one.getRootNode().activeElement === one"):
            break
    expect(code(tab)).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Run")).to_be_focused()
    tab.keyboard.press("Shift+Tab")
    expect(code(tab)).to_be_focused()
    tab.keyboard.press("Shift+Tab")
    expect(code(tab)).not_to_be_focused()


def test_what_comes_back_is_shown_as_text(tab: Page) -> None:
    put(tab, MARKUP)
    tab.keyboard.press("Control+Enter")
    cells = answer(tab).locator("tbody td")
    expect(cells.first).to_have_text("<img src=x onerror=alert(1)>\u202e")
    expect(cells.last).to_have_text("javascript:alert(1)")
    assert cells.last.locator("a").count() == 0


def test_a_query_runs_without_script(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.url, java_script_enabled=False) as page:
        page.goto("/editor")
        page.get_by_label("Query").fill(TRUSTS)
        page.get_by_label("Answer as").select_option("json")
        page.get_by_role("button", name="Run").click()
        rows = server.sparql(TRUSTS).json()["results"]["bindings"]
        expect(page.locator("body")).to_contain_text(rows[0]["name"]["value"])
