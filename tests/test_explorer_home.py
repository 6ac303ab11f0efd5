"""The home page and the lists to browse: each figure is an answer's, and each leads to it."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from starlette.testclient import TestClient
from test_service_explorer import HOSTILE, Reader

from careatlas.build import build
from careatlas.graph.release import Release, Releases
from careatlas.service.app import create_app
from careatlas.service.explorer import home, lists
from careatlas.service.explorer.bars import bar, percent
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.rendering import render
from careatlas.service.pool import Limits
from careatlas.service.state import ServiceSettings

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
LISTS = ("trusts", "vendors", "products")
ROW: dict[str, Any] = {
    "group": "Here",
    "members": 8,
    "uses": 2,
    "refused": 1,
    "uses_other": 0,
    "no_response": 2,
    "not_asked": 1,
    "denies": 2,
    "lower_bound": 0.375,
    "upper_bound": 0.75,
}


def answer(client: TestClient, address: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/questions/{address}").raise_for_status().json()
    return found


def figures(text: str) -> list[tuple[str, str, str]]:
    """The five figures: where each leads, what it is, and what it counts."""
    items = re.findall(r'<li><a href="([^"]+)"><b>([^<]+)</b></a> ([^<]+)</li>', text)
    return [(url.replace("&amp;", "&"), value, says) for url, value, says in items]


def test_the_five_figures_are_those_of_the_answers_that_they_lead_to(client: TestClient) -> None:
    found = figures(client.get("/").text)
    card = answer(client, "adoption-by-group")
    (row,), cohort = card["rows"], card["cohort"]
    assert [value for _, value, _ in found] == [
        f"{percent(row['lower_bound'])} to {percent(row['upper_bound'])}",
        str(cohort["uses"]),
        str(row["denies"]),
        str(row["no_response"]),
        str(row["not_asked"]),
    ]
    for url, value, _ in found[2:]:
        listed = answer(client, urlsplit(url).path.rpartition("/")[2] + "?" + urlsplit(url).query)
        assert listed["total"] == int(value)
    outcome = answer(client, "cohort-outcome")["rows"]
    assert cohort["uses"] == sum(one["trusts"] for one in outcome if one["answer"] == "uses")
    assert f"of {row['members']} trusts" in found[0][2]


def test_the_country_is_the_sum_of_its_regions(client: TestClient) -> None:
    (country,) = answer(client, "adoption-by-group")["rows"]
    regions = answer(client, "adoption")["rows"]
    for name in ("members", "uses", "denies", "refused", "no_response", "not_asked", "asked"):
        assert country[name] == sum(row[name] for row in regions)
    types = answer(client, "adoption-by-group?by=type")["rows"]
    assert country["members"] == sum(row["members"] for row in types)


def test_the_home_page_draws_the_regions_of_the_answer(client: TestClient) -> None:
    page = Reader(client.get("/").text)
    for row in answer(client, "adoption")["rows"]:
        drawn = bar(row)
        told = f"{row['group']} {drawn.least} {drawn.most} {row['members']}"
        assert told in page.text
    assert page.ids.count("search") == 1
    assert not any(link.endswith("#") for link in page.links)


def test_what_is_new_is_of_the_answer_and_not_of_days_to_come(
    client: TestClient, release: Release
) -> None:
    rows = answer(client, "who-uses-what")["rows"]
    until = release.manifest["as_of"]
    days = sorted((row["reported"] for row in rows if row["reported"]), reverse=True)
    shown = [day for day in days if day <= until][: home.LAST]
    text = client.get("/").text
    section = text[text.index('id="changes"') : text.index('id="different"')]
    assert re.findall(r"\d{4}-\d\d-\d\d(?=</span>|</th>|</time>)", section) == shown


def test_what_changed_since_the_release_before_is_shown(tmp_path: Path) -> None:
    kept = Releases(tmp_path / "home")
    build(SMALL_WORLD, kept, engine="pyshifty")
    shutil.copytree(SMALL_WORLD, tmp_path / "data")
    table = tmp_path / "data" / "claims" / "foi" / "deployments.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",exploring,", ",live,"), encoding="utf-8")
    build(tmp_path / "data", kept, engine="pyshifty")
    settings = ServiceSettings(kept.home, Limits(workers=1, seconds=120))
    with TestClient(create_app(settings)) as client:
        page = Reader(client.get("/").text)
        changes = client.get("/api/diff").json()["changes"]
    assert changes
    assert "/releases/compare" in page.links
    for one in changes[: home.CHANGES]:
        assert f"{one['subject']}: {one['kind']} {one['change']}" in page.text


def test_without_a_release_before_nothing_is_said_to_have_changed(client: TestClient) -> None:
    assert "/releases/compare" not in Reader(client.get("/").text).links


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_the_answer_of_its_question(client: TestClient, name: str) -> None:
    given = "?open=yes" if name == "trusts" else ""
    rows = answer(client, f"{name}{given}")["rows"]
    page = Reader(client.get(f"/{name}").text)
    assert f"{len(rows)} {name}." in page.text
    assert f"/questions/{name}{given}" in page.links
    single = name.removesuffix("s")
    for row in rows:
        assert " ".join(row[single].split()) in page.text
    counted = {"trusts": ("reports", "live", "vendors")}.get(name, ("mentioned", "trusts", "live"))
    for row in (rows[0], rows[-1]):
        assert " ".join(str(row[column]) for column in counted) in page.text


def test_a_list_is_narrowed_and_says_what_is_wrong(client: TestClient) -> None:
    whole = answer(client, "trusts?region=London&answer=denies&open=yes")["rows"]
    page = Reader(client.get("/trusts?region=London&type=&answer=denies").text)
    assert f"{len(whole)} trusts." in page.text
    assert (page.chosen["region"], page.chosen["answer"]) == ("London", "denies")
    everything = Reader(client.get("/trusts?open=").text)
    assert f"{answer(client, 'trusts')['total']} trusts." in everything.text
    for address, words in (
        ("/trusts?region=Nowhere", "no region is called"),
        ("/trusts?colour=red", "has no field"),
        ("/trusts?answer=perhaps", "is none of"),
        ("/vendors?region=London", "has no field"),
        (f"/products?domain={'a' * 301}", "at most 300"),
    ):
        wrong = client.get(address)
        assert wrong.status_code == 422
        assert words in Reader(wrong.text).text


def test_an_empty_list_is_no_no(client: TestClient) -> None:
    found = client.get("/trusts?region=London&type=ambulance&answer=denies")
    assert found.status_code == 200
    assert "No row" in found.text


def test_the_places_are_those_of_the_answers(client: TestClient) -> None:
    page = Reader(client.get("/places").text)
    for question, kind in (
        ("adoption", ""),
        ("adoption?by=icb", ""),
        ("adoption-by-group?by=network", "kind"),
    ):
        rows = answer(client, question)["rows"]
        assert rows
        assert f"/questions/{question}" in page.links
        for row in rows:
            drawn = bar(row)
            named = [row["group"], *([row["kind"].replace("-", " ")] if kind else [])]
            told = " ".join([*named, drawn.least, drawn.most, str(row["members"])])
            assert " ".join(told.split()) in page.text


def test_each_place_leads_to_its_evidence(client: TestClient) -> None:
    links = Reader(client.get("/places").text).links
    listed = [link for link in links if link.startswith("/questions/trusts?")]
    assert len(listed) > 100
    for link in listed[:: len(listed) // 8]:
        assert client.get(link).status_code == 200
        assert "trusts" in link


def test_a_bar_shows_silence_between_yes_and_no() -> None:
    drawn = bar(ROW)
    assert [part.kind for part in drawn.parts] == ["yes", "refused", "silent", "unasked", "no"]
    assert sum(part.trusts for part in drawn.parts) == drawn.members
    assert (drawn.start, drawn.end) == ("37.500%", "75.000%")
    silent = drawn.parts[2]
    assert silent.at == drawn.start
    assert drawn.parts[-1].at == drawn.end
    assert drawn.text.startswith("Here: of 8 trusts, 2 say that they use it, 1 say")
    assert drawn.text.endswith("between 37.5% and 75% use AI.")
    sure = bar(ROW | {"lower_bound": 0.75})
    assert sure.text.endswith("exactly 75% use AI.")


def test_a_bar_is_told_in_words(client: TestClient) -> None:
    (row,) = answer(client, "adoption-by-group")["rows"]
    text = client.get("/").text
    assert f'role="img" aria-label="{bar(row).text}"' in text


def test_what_is_stated_is_shown_as_text() -> None:
    card: dict[str, Any] = {"rows": [ROW | {"group": HOSTILE, "source": "x", "locator": HOSTILE}]}
    groups = lists._groups(card, Names({}), "region")
    tables = [("regions", HOSTILE, "/", groups)]
    text = render("places.html", title="Places", tables=tables, key=[("yes", HOSTILE)])
    assert "<script>" not in text
    assert text.count("\u202e") == Reader(text).text.count("\u202e") > 3


def test_what_is_typed_is_shown_as_text(client: TestClient) -> None:
    wrong = client.get(f"/trusts?region={quote(HOSTILE)}")
    assert wrong.status_code == 422
    assert "<script>" not in wrong.text
    assert "script" in Reader(wrong.text).text
