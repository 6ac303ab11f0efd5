"""The pages of a trust, a vendor and a product: they say what the catalogue answers, and no more."""

import html
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from careatlas.graph.questions import get, names
from careatlas.graph.release import Release
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.sections import SECTIONS, Asked
from careatlas.service.explorer.tables import bare, cells, concept, view
from careatlas.service.explorer.timeline import drawing
from careatlas.service.explorer.trusts import Peer, Place

HOSTILE = "\"><script>alert(1)</script>'&\u202egnp.exe \U0001f600"
VOID = {"meta", "link", "input", "br", "img", "hr"}
NAMED = Names(
    {
        "status": [
            ["live", "https://w3id.org/careatlas/scheme/status/live", "live"],
            [
                "deployed-not-used",
                "https://w3id.org/careatlas/scheme/status/deployed-not-used",
                "deployed, not used",
            ],
        ],
        "disclosure": [
            ["uses", "https://w3id.org/careatlas/scheme/disclosure/uses", "confirms use"]
        ],
    }
)


class Page(HTMLParser):
    """Reads a page strictly: each element is closed, each id is there once and each reference leads to one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.raw = text
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.referred: list[str] = []
        self.levels: list[int] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        for name in ("aria-labelledby", "aria-describedby", "for", "list"):
            self.referred += found.get(name, "").split()
        self.referred += [found["href"][1:]] if found.get("href", "").startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def rows(client: TestClient, question: str, **values: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/questions/{question}", params={**values, "limit": "10000"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def thing(release: Release, kind: str, label: str) -> str:
    return next(local(iri) for _, iri, called in release.labels[kind] if called == label)


def page(client: TestClient, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    assert not re.search(r"<style|\sstyle=|<[^>]+\son\w+=|javascript:", answer.text)
    return Page(answer.text)


@pytest.mark.parametrize(
    ("ods", "answer", "says"),
    [
        ("RJ1", "uses", "confirms that it uses AI."),
        ("RWE", "refused", "refuses to say which"),
        ("R1H", "no-response", "It was asked and did not answer. That is not a no."),
        ("RRU", "not-asked", "It was not asked. That is neither a yes nor a no."),
    ],
)
def test_a_trust_opens_with_what_it_answered(
    client: TestClient, ods: str, answer: str, says: str
) -> None:
    found = rows(client, "what-is-known", trust=ods)
    assert [row["answer"] for row in found] == [answer]
    told = page(client, f"/about/org/ods/{ods}")
    assert says in told.text
    assert found[0]["locator"] in told.text
    assert f"{found[0]['other_reports']} report" in told.text
    assert f"/about/doc/{found[0]['source']}" in told.links


def test_a_trust_that_denies_is_said_to_deny(client: TestClient) -> None:
    denied = [row for row in rows(client, "what-is-known") if row["answer"] == "denies"]
    told = page(client, f"/about/org/ods/{denied[0]['ods']}")
    assert "says that it does not use AI" in told.text
    assert "That is not a no" not in told.text.split("On this page")[0]


def test_a_trust_with_conflicts_shows_both_sides(client: TestClient) -> None:
    told = page(client, "/about/org/ods/RWE")
    found = rows(client, "conflicts", subject="RWE")
    assert found
    for row in found:
        for column in ("claim_a", "claim_b", "reason"):
            assert " ".join(row[column].split()) in told.text
    assert "conflicts" in told.ids


def test_the_summary_of_a_trust_is_that_of_the_registers(client: TestClient) -> None:
    told = page(client, "/about/org/ods/RJ1")
    short = told.text.split("On this page")[0]
    found = rows(client, "trust-facts", trust="RJ1")
    assert {"type", "region", "board by postcode"} <= {row["fact"] for row in found}
    for row in found:
        assert row["value"] in short
        assert row["locator"] in short
        assert not row["thing"] or local(row["thing"]) in told.links
    for row in rows(client, "network-members", trust="RJ1"):
        assert row["network"] in short
        assert row["locator"] in short


def test_a_closed_trust_says_when_it_closed(client: TestClient) -> None:
    closed = [row for row in rows(client, "trust-facts") if row["fact"] == "closed"]
    assert closed
    told = page(client, f"/about/org/ods/{closed[0]['ods']}")
    assert f"Closed {closed[0]['value']}" in told.text


def test_the_time_line_says_what_its_table_says(client: TestClient) -> None:
    told = page(client, "/about/org/ods/RJ1")
    found = rows(client, "trust-timeline", trust="RJ1")
    assert {row["kind"] for row in found} >= {"answer", "deployment", "membership", "award"}
    picture = re.search(r'<svg class="timeline".*?</svg>', told.raw, re.DOTALL)
    assert picture
    assert 'role="img"' in picture[0]
    described = Page(picture[0]).text
    for row in found:
        days = [row[name] for name in ("starts", "as_at", "reported") if row[name]]
        assert all(day in described for day in days)
        assert not days or row["what"] in described
        assert row["what"] in told.text
        assert row["locator"] in told.text


def test_peers_are_those_of_the_answer_in_its_order(client: TestClient) -> None:
    told = page(client, "/about/org/ods/RJ1")
    found = rows(client, "trust-peers", trust="RJ1", least="2")
    order = list(dict.fromkeys(row["peer"] for row in found))
    counted = {row["peer"]: row["shared"] for row in found}
    places = [told.text.index(f"{peer} {counted[peer]} in common") for peer in order[:5]]
    assert places == sorted(places)
    shared = [row["shared"] for row in found]
    assert shared == sorted(shared, reverse=True)
    for row in found:
        assert row["shared"] == len({r["thing"] for r in found if r["peer"] == row["peer"]})
        if row["peer"] in order[:5]:
            assert row["what"] in told.text
            assert row["locator"] in told.text
    for peer in order[:5]:
        ods = next(row["peer_ods"] for row in found if row["peer"] == peer)
        for use in rows(client, "who-uses-what", trust=ods)[:8]:
            assert use["locator"] in told.text


def test_peers_share_what_both_are_said_to_have(client: TestClient) -> None:
    found = rows(client, "trust-peers", trust="RRV", least="2")
    networks = {row["network"] for row in rows(client, "network-members", trust="RRV")}
    vendors = {row["vendor"] for row in rows(client, "who-uses-what", trust="RRV")}
    assert {row["reason"] for row in found} >= {"network", "region"}
    for row in found:
        assert row["peer"] != row["trust"]
        assert row["reason"] != "network" or row["what"] in networks
        assert row["reason"] != "vendor" or row["what"] in vendors
        assert row["source"]
        assert row["own_source"]


def test_fewer_things_in_common_make_more_peers(client: TestClient) -> None:
    counts = [
        len({row["peer"] for row in rows(client, "trust-peers", trust="RJ1", least=least)})
        for least in ("2", "4", "6")
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2]


def test_precedents_near_a_trust_state_a_route(client: TestClient, release: Release) -> None:
    told = page(client, "/about/org/ods/RJ1")
    assert "How could this trust get" in told.text
    region = rows(client, "who-uses-what", region="London")
    stated = [row for row in region if row["route_type"] not in (None, "not-stated")]
    for row in [one for one in stated if one["ods"] != "RJ1"][:8]:
        assert row["locator"] in told.text
    form = re.search(r'<form class="fields" action="/routes".*?</form>', told.raw, re.DOTALL)[0]
    asker = re.search(r'name="for" value="([^"]+)"', form)[1]
    offered = re.findall(r'<option value="([^"]+)">', form)
    assert {"e-Stroke", "stroke imaging"} <= set(offered)
    answer = client.get("/routes", params={"for": html.unescape(asker), "to": "e-Stroke"})
    assert answer.status_code == 200


def test_a_vendor_in_administration_is_warned_of_at_the_top(
    client: TestClient, release: Release
) -> None:
    change = rows(client, "organisation-changes", organisation="Behold.ai")
    assert [row["kind"] for row in change] == ["insolvency"]
    for kind, label in (("vendor", "Behold.ai"), ("product", "red dot")):
        told = page(client, thing(release, kind, label))
        warning = told.text.index("Warning: Behold.ai is reported as failed")
        assert warning < told.text.index("On this page")
        assert f"between {change[0]['from']} and {change[0]['to']}" in told.text
        assert change[0]["locator"] in told.text
        assert f"/about/doc/{change[0]['source']}" in told.links
    assert "Warning:" not in page(client, thing(release, "vendor", "Brainomix")).text


@pytest.mark.parametrize(
    ("kind", "label"), [("vendor", "Brainomix"), ("vendor", "Behold.ai"), ("product", "qXR")]
)
def test_the_footprint_is_that_of_the_answers(
    client: TestClient, release: Release, kind: str, label: str
) -> None:
    told = page(client, thing(release, kind, label))
    found = rows(client, "footprint-by", **{kind: label})
    assert {row["by"] for row in found} == {"region", "network", "status"}
    for row in found:
        assert row["live"] <= row["trusts"] <= (row["upper"] or row["trusts"])
        if row["by"] == "region":
            assert f"{row['group']} {row['trusts']} {row['upper']} {row['live']}" in told.text
    for row in rows(client, "footprint-over-time", **{kind: label}):
        assert f"{row['year']} {row['trusts']} {row['upper']} {row['live']}" in told.text
    users = {row["ods"] for row in rows(client, "who-uses-what", **{kind: label}) if row["ods"]}
    most = max(row["upper"] for row in rows(client, "footprint-over-time", **{kind: label}))
    assert most <= len(users)


def test_a_footprint_by_status_is_that_of_the_older_question(client: TestClient) -> None:
    for vendor in ("Brainomix", "Behold.ai", "Annalise"):
        older = {r["status"]: r["trusts"] for r in rows(client, "vendor-by-status", vendor=vendor)}
        found = rows(client, "footprint-by", vendor=vendor, by="status")
        assert {row["group"]: row["trusts"] for row in found} == older


@pytest.mark.parametrize(
    ("question", "kind", "label"),
    [
        ("regulatory-facts", "product", "qXR"),
        ("product-ties", "product", "qXR"),
        ("product-facts", "product", "qXR"),
        ("independent-evidence", "product", "qXR"),
        ("vendor-products", "vendor", "Brainomix"),
        ("vendor-facts", "vendor", "Behold.ai"),
        ("regulatory-facts", "vendor", "Behold.ai"),
    ],
)
def test_a_section_shows_its_answer(
    client: TestClient, release: Release, question: str, kind: str, label: str
) -> None:
    told = page(client, thing(release, kind, label))
    found = rows(client, question, **{kind: label})
    assert found
    for row in found[:50]:
        for column in get(question).shown:
            cell = row[column]
            if isinstance(cell, str) and column not in {"source", "status", "role"}:
                assert " ".join(cell.split()) in told.text
        assert f"/about/doc/{row['source']}" in told.links


@pytest.mark.parametrize("kind", ["trust", "vendor", "product"])
def test_each_section_is_in_the_contents_and_leads_to_its_question(
    client: TestClient, release: Release, kind: str
) -> None:
    labels = release.labels[kind]
    for _, iri, _ in labels[:: max(1, len(labels) // 4)]:
        told = page(client, local(iri))
        assert set(told.referred) <= set(told.ids)
        assert all(b - a <= 1 for a, b in zip(told.levels, told.levels[1:], strict=False))
        for one in SECTIONS[kind]:
            assert any(link.startswith(f"/questions/{one.question}?") for link in told.links)


def test_every_kind_of_question_of_a_page_exists() -> None:
    for kind in ("trust", "vendor", "product"):
        for one in SECTIONS[kind]:
            assert one.question in names()
            assert one.parameter in get(one.question).parameter


def test_people_see_words_and_programs_the_notation() -> None:
    question = get("who-uses-what")
    row: dict[str, Any] = dict.fromkeys(question.columns, None)
    row |= {"trust": "A", "product": "e-Stroke", "status": "deployed-not-used", "source": "x"}
    card = {"rows": [row], "sources": {"x": {"title": "X"}}}
    columns = ("trust", "what", "status", "how", "source", "locator")
    text = render("tables.html") + str(view(card, question, NAMED, columns, slice(None)).rows[0][2])
    assert "deployed, not used" in text
    assert cells(card, row, NAMED, "status") == [
        Cell("deployed, not used", value="deployed-not-used")
    ]
    assert concept(NAMED, "answer", "uses") == "confirms use"
    assert concept(NAMED, "answer", "not-asked") == "not asked"
    assert concept(NAMED, "vendor", "live") is None
    assert (bare(card, "how"), bare(card, "what"), bare(card, "reported")) == (True, False, True)


def test_what_is_short_and_hyphenated_stays_on_one_line() -> None:
    said = Cell("Brainomix e-Stroke suite").__html__()
    assert said == 'Brainomix <span class="whole">e-Stroke</span> suite'
    long = "a very-long-word-with-hyphens"
    assert Cell(long).__html__() == long


def dated(**cells: str | None) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(get("trust-timeline").columns)
    return row | {"kind": "deployment", "what": "Scan", "state": "live"} | cells


def test_a_time_line_marks_what_is_uncertain() -> None:
    months = dated(starts="2020-03-01", starts_latest="2020-03-31")
    closed = dated(
        starts="2021-01-01",
        starts_latest="2021-01-01",
        ends_earliest="2022-01-01",
        ends="2022-12-31",
    )
    told = dated(reported="2023-05-07")
    made = drawing([months, closed, told, dated()], NAMED)
    assert made is not None
    first, second, third = made.bands[0].marks
    assert first.unsure
    assert first.open_end == first.unsure[0][1]
    assert first.bar is None
    assert second.bar
    assert second.open_end is None
    assert second.unsure[0][0] == second.bar[1]
    assert third.told
    assert third.bar is None
    assert not third.unsure
    assert third.open_end is None
    assert first.unsure[0][0] < second.bar[0] < third.told
    assert made.undated
    assert "between 2020-03-01 and 2020-03-31" in made.says
    assert drawing([dated()], NAMED) is None


def test_hostile_labels_are_shown_as_text() -> None:
    cell = Cell(HOSTILE, "/x", HOSTILE)
    line = drawing([dated(what=HOSTILE, state=HOSTILE, reported="2024-01-01")], NAMED)
    peer = Peer(cell, 2, [(HOSTILE, cell, cell)], [[cell, cell, cell, cell]], "/", 1)
    place = Place(HOSTILE, "/", None)
    answer = {"answer": "uses", "qualifier": HOSTILE, "exemption": "s31", "other_reports": 1}
    question = get("trust-timeline")
    card = {"rows": [dated(what=HOSTILE)], "sources": {}}
    shown = view(card, question, NAMED, question.shown, slice(None))
    for text in (
        render("timeline.html", name=HOSTILE, drawing=line, view=shown, url="/"),
        render("peers.html", peers=[peer], url="/"),
        render("precedents.html", trust=HOSTILE, places=[place], sought="", shown=8),
        render(
            "trust.html",
            ods="X",
            facts=[],
            sources=[],
            networks=[[(HOSTILE, cell, cell)]],
            answers=[(HOSTILE, answer, cell)],
            question="/",
            register="/",
        ),
    ):
        assert "<script" not in text
        assert HOSTILE in "".join(Page(text).words)
    offered = render("sought.html", sought=[HOSTILE])
    assert "<script" not in offered
    assert f'<option value="{HOSTILE}">' in html.unescape(offered)


@pytest.mark.parametrize(
    "one", [one for one in SECTIONS["trust"] if one.by], ids=lambda one: one.name
)
def test_a_part_of_the_answer_on_everything_is_the_answer_for_one(
    one: Asked, client: TestClient
) -> None:
    whole = rows(client, one.question)
    codes = {row[one.by] for row in whole if row[one.by]}
    for code in sorted(codes)[::9]:
        part = [row for row in whole if row[one.by] == code]
        assert rows(client, one.question, **{one.parameter: code}) == part


def test_a_trust_of_which_nothing_is_reported_shows_the_reports_of_no_other(
    client: TestClient, release: Release
) -> None:
    reported = rows(client, "who-uses-what")
    assert any(not row["ods"] for row in reported)
    said = {row["ods"] for row in reported}
    codes = {iri.rpartition("/")[2] for _, iri, _ in release.labels["trust"]}
    for code in sorted(codes - said)[::40]:
        told = page(client, f"/about/org/ods/{code}")
        assert 'id="who-uses-what"' not in told.raw


@pytest.mark.parametrize("name", ["trust-facts", "what-is-known", "trust-timeline"])
def test_what_a_trusts_page_opens_with_is_the_answer_for_it(name: str, client: TestClient) -> None:
    whole = rows(client, name)
    for code in ("RWE", "RJ1", "R0A", "RXC", "RV5"):
        part = [row for row in whole if row["ods"] == code]
        assert rows(client, name, trust=code) == part
