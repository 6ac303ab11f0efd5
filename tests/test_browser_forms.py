"""Search, questions and tables as people use them: by keyboard, by mouse, on a telephone."""

import csv
import re

import pytest
from browser import NARROW, needs_browser, violations, visiting
from playwright.sync_api import Browser, Locator, Page, expect
from servers import CLIENT, Server

pytestmark = needs_browser
USES = "/questions/who-uses-what"
FOCUSED = """() => {
  const last = [...document.querySelectorAll("footer a")].at(-1);
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return { last: one === last, tag: one.tagName, text: (one.innerText || one.name || one.id).slice(0, 60),
    shown: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
    uncovered: box.height > innerHeight || one.contains(hit) || (hit !== null && hit.contains(one)) };
}"""
MOST_STEPS = 400


def search_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("^(Search|Find) "))


def tab_to(page: Page, target: Locator) -> None:
    """Go to an element by the keyboard alone."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not lead to {target}")


def test_the_search_offers_names_and_the_keyboard_chooses(page: Page) -> None:
    page.goto("/")
    box = search_box(page)
    tab_to(page, box)
    page.keyboard.type("royal free")
    offered = page.get_by_role("option")
    expect(offered.first).to_contain_text("Royal Free London")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    assert violations(page, "color-contrast") == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/about/org/ods/RAL$"))
    expect(page.locator("h1")).to_contain_text("Royal Free London")


def test_the_search_offers_names_and_the_mouse_chooses(page: Page) -> None:
    page.goto("/questions")
    search_box(page).fill("brainomx")
    page.get_by_role("option", name="Brainomix supplier").click()
    expect(page.locator("h1")).to_contain_text("Brainomix")
    page.go_back()
    expect(page).to_have_url(re.compile("/questions$"))


def test_what_is_offered_stands_in_nobodys_way(page: Page) -> None:
    page.goto("/")
    box = search_box(page)
    box.press_sequentially("guys")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("guys")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=guys$"))
    expect(search_box(page)).to_have_value("guys")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Guy's and St Thomas")).click()
    page.go_back()
    expect(search_box(page)).to_have_value("guys")


def test_a_question_is_asked_by_keyboard_and_its_fault_stands_beside_its_field(page: Page) -> None:
    page.goto(USES)
    field = page.get_by_label("Product", exact=True)
    tab_to(page, field)
    page.keyboard.type("RapidA1")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    field = page.get_by_label("Product", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("RapidA1")
    expect(field).to_have_accessible_description(re.compile("no product is called 'RapidA1'"))
    near = page.locator("#field-product-problem").get_by_role("link", name="RapidAI", exact=True)
    tab_to(page, near)
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("summary").first).to_contain_text("RapidAI")
    page.go_back()
    expect(page.get_by_label("Product", exact=True)).to_have_value("RapidA1")


def test_a_field_completes_a_name(page: Page) -> None:
    page.goto(USES)
    field = page.get_by_label("Trust", exact=True)
    field.press_sequentially("norfolk and nor")
    expect(page.get_by_role("option").first).to_contain_text("Norfolk and Norwich")
    field.press("ArrowDown")
    field.press("Enter")
    name = "Norfolk and Norwich University Hospitals NHS Foundation Trust"
    expect(field).to_have_value(name)
    page.get_by_label("Status", exact=True).select_option("live")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_be_visible()
    rows = page.get_by_role("main").locator("tbody tr")
    assert rows.count() >= 1
    for row in rows.all():
        expect(row.get_by_role("rowheader")).to_contain_text(name)


def test_the_skip_link_leads_past_the_header(page: Page) -> None:
    page.goto("/questions")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("address", ["/", f"{USES}?product=RapidAI", "/about/org/ods/RRV"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_goes_through_a_page_and_shows_where_it_is(
    page: Page, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address)
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1]["last"]:
            break
    else:
        raise AssertionError("the keyboard does not reach the end")
    assert [one for one in seen if not one["shown"] or not one["uncovered"]] == []


def test_a_table_sorts_by_its_headings(page: Page, server: Server) -> None:
    page.goto("/questions/adoption")
    table = page.get_by_role("main").get_by_role("table")
    heading = table.get_by_role("columnheader", name="Uses")
    column = heading.evaluate("one => one.cellIndex")
    cells = table.locator(f"tbody tr > :nth-child({column + 1})")
    given = cells.all_inner_texts()
    card = CLIENT.get(f"{server.url}/api/questions/adoption").json()
    assert given == [str(row["uses"]) for row in card["rows"]]
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert cells.all_inner_texts() == sorted(given, key=int)
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert cells.all_inner_texts() == sorted(given, key=int, reverse=True)
    assert violations(page) == []
    page.keyboard.press("Space")
    assert cells.all_inner_texts() == given


def test_a_table_shows_the_rows_that_hold_some_words(page: Page) -> None:
    page.goto(USES)
    rows = page.get_by_role("main").locator("tbody tr:visible")
    before = rows.count()
    words = page.get_by_label("Filter these rows")
    words.press_sequentially("rapidai hull")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="rows shown")).to_contain_text(
        f"1 of the {before} rows shown; the whole answer has"
    )
    expect(rows.first).to_contain_text("Hull")
    words.fill("")
    expect(rows).to_have_count(before)


def test_an_answer_is_downloaded_and_has_an_address_that_stays(page: Page) -> None:
    page.goto("/questions/routes-stated")
    shown = int(page.locator("section[aria-labelledby=answer] > p b").inner_text())
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    with download.value.path().open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == shown
    assert all(row["source"] and row["locator"] for row in rows)
    page.get_by_role("link", name="The same answer tomorrow").click()
    expect(page).to_have_url(re.compile("[?&]release=[0-9a-f]{16}$"))
    expect(page.locator("section[aria-labelledby=answer] > p b").first).to_have_text(str(shown))


def test_forms_work_without_script(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.url, java_script_enabled=False) as page:
        page.goto("/")
        box = page.get_by_label(re.compile("^(Search|Find) "))
        box.fill("guys")
        box.press("Enter")
        page.get_by_role("main").get_by_role("link", name=re.compile("^Guy's and St")).click()
        expect(page.locator("h1")).to_contain_text("Guy's and St Thomas")
        page.goto(USES)
        page.get_by_label("Product", exact=True).fill("Rapid A1")
        page.get_by_role("button", name="Ask").click()
        page.locator("#field-product-problem").get_by_role("link").first.click()
        expect(page.locator("#answer")).to_be_visible()
        page.go_back()
        page.go_back()
        expect(page).to_have_url(re.compile(f"{USES}$"))


def test_search_on_a_telephone(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.url, viewport=NARROW, has_touch=True, is_mobile=True) as page:
        page.goto("/")
        heading = page.locator("h1").bounding_box()
        assert heading
        assert heading["y"] < NARROW["height"] / 2
        box = search_box(page)
        box.tap()
        box.press_sequentially("somerset")
        one = page.get_by_role("option", name=re.compile("^Somerset NHS Foundation Trust trust"))
        one.wait_for()
        offered = page.get_by_role("listbox").bounding_box()
        assert offered
        assert offered["x"] >= 0
        assert offered["x"] + offered["width"] <= NARROW["width"]
        one.tap()
        expect(page.locator("h1")).to_contain_text("Somerset")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
