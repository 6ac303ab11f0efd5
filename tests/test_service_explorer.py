"""The pages for people: questions as forms, search, the pages of things and the start page."""

import csv
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from goldens import LOADED, NARROWED, REAL
from starlette.testclient import TestClient

from careatlas.graph.labels import Labels
from careatlas.graph.questions import catalogue, get, names
from careatlas.graph.release import Release
from careatlas.service.explorer import forms, tables
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.question import ROWS
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.things import Section
from careatlas.service.problems import Problem

HOSTILE = "\"><script>alert(1)</script>'&\u202egnp.exe"
ISLAND = re.compile(r'<script type="module" src="(/static/islands/\w+\.js)"></script>')
VOID = {"meta", "link", "input", "br", "img", "hr"}
PAGES = [
    "/",
    "/questions",
    "/questions/who-uses-what?product=RapidAI",
    "/questions/network-members?page=2",
    "/questions/who-uses-what?product=RapidA1",
    "/questions/none",
    "/search?q=guys",
    "/search",
    "/about/org/ods/RRV",
    "/about/org/ods/Y56",
    "/editor",
    "/editor?question=usage&product=RapidAI",
]
ABOUT = "/about/org/ods/RRV"


class Reader(HTMLParser):
    """Reads a page strictly: each element is closed, each id is there once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.chosen: dict[str, str] = {}
        self.words: list[str] = []
        self._select = ""
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "label":
            self.labelled.add(found["for"])
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.inputs.append(found)
            self._select = found.get("name", "")
            self.chosen[self._select] = found.get("value", "")
        if tag == "option" and "selected" in found:
            self.chosen[self._select] = found["value"]
        for name in ("aria-describedby", "aria-labelledby", "list"):
            for one in found.get(name, "").split():
                self.labelled.add(f"#{one}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("name", sorted(set(names()) - LOADED))
def test_the_page_of_a_question_shows_its_golden_answer(client: TestClient, name: str) -> None:
    answer = client.get(f"/questions/{name}", params={"columns": "all", **NARROWED.get(name, {})})
    assert answer.status_code == 200
    page = Reader(answer.text)
    with (REAL / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    question = get(name)
    assert f"{len(rows)} row" in page.text
    assert answer.text.count("<tr ") == min(len(rows), ROWS) + 1
    assert question.description in page.text
    for row in (rows[0], rows[min(len(rows), ROWS) - 1]):
        for column, cell in row.items():
            if question.columns[column] in {"string", "date", "integer"} and column != "source":
                found = " ".join(cell.split())
                word = f'<data value="{cell}">' in answer.text
                assert word or found in page.text or f"/about/doc/{cell}" in page.links
        assert not row.get("source") or f"/about/doc/{quote(row['source'])}" in page.links


def test_the_catalogue_lists_every_question(client: TestClient) -> None:
    page = Reader(client.get("/questions").text)
    for question in catalogue():
        assert f"/questions/{question.name}" in page.links
        assert question.title in page.text


def test_a_page_has_what_an_answer_rests_on(client: TestClient) -> None:
    page = Reader(client.get("/questions/disclosures?answer=denies").text)
    api = client.get("/api/questions/disclosures?answer=denies").json()
    assert f"{api['total']} rows" in page.text
    assert "149 asked, 120 answered: 62 say they use AI" in page.text
    assert api["counting_rule"] in page.text
    assert " ".join(api["query"].split()) in page.text
    assert all(gap in page.text for gap in api["not_known"])
    for link in page.links:
        if link.startswith("/api/questions/") and "json" in link:
            assert client.get(link).json()["rows"] == api["rows"]


def test_the_pinned_address_names_the_release(client: TestClient, release: Release) -> None:
    pinned = f"/questions/usage?release={release.name}"
    assert pinned in Reader(client.get("/questions/usage").text).links
    assert client.get(pinned).status_code == 200
    assert client.get("/questions/usage?release=0000000000000000").status_code == 404
    assert client.get("/questions/usage?release=../x").status_code == 404


def test_a_form_keeps_what_was_typed(client: TestClient) -> None:
    typed = {"trust": "Nowhere <b>", "status": "live", "as_of": "2025-13-01", "region": "London"}
    answer = client.get("/questions/who-uses-what", params=typed)
    page = Reader(answer.text)
    assert answer.status_code == 422
    assert {name: page.chosen[name] for name in typed} == typed


def test_a_wrong_name_is_told_beside_its_field_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/questions/who-uses-what?product=RapidA1&status=live")
    assert answer.status_code == 422
    assert 'id="field-product-problem"' in answer.text
    assert "no product is called" in answer.text
    near = [link for link in Reader(answer.text).links if link.startswith("/questions/who-uses")]
    assert any("product=Rapid" in link and "status=live" in link for link in near)
    assert client.get(near[0]).status_code == 200


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("who-uses-what?as_of=yesterday", "is not a day"),
        ("who-uses-what?colour=red", "has no field"),
        ("who-uses-what?page=0", "is no page"),
        ("who-uses-what?columns=some", "columns is all"),
        (f"who-uses-what?trust={'a' * 301}", "at most 300 characters"),
        ("adoption?by=town", "is none of"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, address: str, words: str) -> None:
    answer = client.get(f"/questions/{address}")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert words in Reader(answer.text).text


def test_empty_fields_are_not_given(client: TestClient) -> None:
    whole = client.get("/questions/usage?trust=&vendor=&product=&as_of=&known_by=")
    assert whole.status_code == 200
    assert f"{client.get('/api/questions/usage').json()['total']} rows" in Reader(whole.text).text


def test_no_row_is_not_a_no(client: TestClient) -> None:
    answer = client.get("/questions/usage?trust=RRV")
    assert answer.status_code == 200
    assert "nothing in this release says so, which is not a no" in answer.text


def test_an_unknown_question_offers_the_nearest(client: TestClient) -> None:
    answer = client.get("/questions/who-uses-wat")
    assert answer.status_code == 404
    assert "/questions/who-uses-what" in Reader(answer.text).links


def test_all_pages_together_have_all_rows(client: TestClient) -> None:
    first = Reader(client.get("/questions/network-members").text)
    pages = sorted({link for link in first.links if "page=" in link})
    total = client.get("/api/questions/network-members").json()["total"]
    assert len(pages) == -(-total // ROWS) > 1
    assert sum(client.get(url).text.count("<tr ") - 1 for url in pages) == total


def test_search_leads_to_things_by_kind(client: TestClient) -> None:
    page = Reader(client.get("/search?q=guys").text)
    assert "/about/org/ods/RJ1" in page.links
    assert "trusts" in page.text
    assert page.chosen["q"] == "guys"
    assert "goes by a name like" in client.get("/search?q=zzzzqqqq").text
    assert client.get(f"/search?q={'a' * 201}").status_code == 422


def test_the_page_of_a_trust_is_made_of_answers(client: TestClient) -> None:
    page = Reader(client.get(ABOUT).text)
    rows = client.get("/api/questions/who-uses-what?trust=RRV").json()["rows"]
    assert rows
    for row in rows:
        assert row["locator"] in page.text
        assert f"/about/doc/{row['source']}" in page.links
    own = "/questions/who-uses-what?trust=University+College+London"
    asked = [link for link in page.links if link.startswith(own)]
    assert len(asked) == 1
    assert f"{len(rows)} row" in Reader(client.get(asked[0]).text).text
    assert "What nothing says" in page.text


@pytest.mark.parametrize(
    "kind", ["trust", "vendor", "product", "network", "icb", "region", "study"]
)
def test_a_thing_of_each_kind_has_sections(client: TestClient, release: Release, kind: str) -> None:
    for _, iri, _ in release.labels[kind][:: max(1, len(release.labels[kind]) // 3)]:
        answer = client.get(local(iri))
        assert answer.status_code == 200
        assert any(
            link.startswith("/questions/") and "?" in link for link in Reader(answer.text).links
        )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    text = ISLAND.sub("", answer.text)
    assert not re.search(r"<script|<style|\sstyle=|<[^>]+\son\w+=|javascript:", text)
    for script in ISLAND.findall(answer.text):
        sent = client.get(script)
        assert (sent.status_code, sent.headers["content-type"]) == (
            200,
            "text/javascript; charset=utf-8",
        )
    page = Reader(answer.text)
    for one in page.inputs:
        assert one["id"] in page.labelled
    for reference in page.labelled:
        assert not reference.startswith("#") or reference[1:] in page.ids
    assert page.ids.count("search") == 1


@pytest.mark.parametrize("address", ["/", ABOUT])
def test_every_link_leads_somewhere(client: TestClient, address: str) -> None:
    links = set(Reader(client.get(address).text).links)
    local = sorted(link for link in links if link.startswith("/") and "#" not in link)
    assert local
    if len(local) > 20:
        local = local[:: len(local) // 20]
    for link in local:
        found = client.get(link, headers={"accept": "text/html,*/*"}, follow_redirects=True)
        assert found.status_code == 200, link


def test_a_page_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    for address in ("/", "/questions", "/questions/usage", ABOUT):
        tag = client.get(address).headers["etag"]
        again = client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")


def test_what_is_typed_is_shown_as_text(client: TestClient) -> None:
    for address in (
        f"/search?q={quote(HOSTILE)}",
        f"/questions/who-uses-what?trust={quote(HOSTILE)}",
        f"/questions/{quote(HOSTILE, safe='')}",
        f"/questions/usage?{quote(HOSTILE)}=1",
    ):
        answer = client.get(address)
        assert "<script>" not in answer.text
        Reader(answer.text)
    page = Reader(client.get(f"/search?q={quote(HOSTILE)}").text)
    assert page.chosen["q"] == HOSTILE


def test_what_is_stated_is_shown_as_text() -> None:
    question = get("usage-count")
    labels = {"source": [["x", "https://w3id.org/careatlas/id/doc/x", HOSTILE]]}
    known = Names(labels)
    row: dict[str, Any] = dict.fromkeys(question.columns, HOSTILE) | {"source": "x"}
    card = {"rows": [row], "sources": {"x": {"title": HOSTILE}}}
    view = tables.view(card, question, known, question.columns, slice(None))
    section = Section("a", HOSTILE, HOSTILE, "", "/", view, 1, 1, more=False)
    text = render("sections.html", openings=[], sections=[section], silent=[])
    assert "<script" not in text
    assert text.count("\u202e") == Reader(text).text.count("\u202e") > len(view.columns)
    problem = Problem(422, "unknown-name", HOSTILE, field="source", nearest=[HOSTILE])
    field = forms.fields(question, {"source": HOSTILE}, known, problem)[0]
    assert (field.problem, field.nearest[0].text) == (HOSTILE, HOSTILE)
    assert "<" not in field.nearest[0].url


def test_only_what_one_thing_is_called_is_a_link() -> None:
    labels = {
        "vendor": [["acme", "https://w3id.org/careatlas/id/org/slug/acme", "Acme"]],
        "network": [
            ["n", "https://w3id.org/careatlas/id/org/slug/n1", "North"],
            ["n", "https://w3id.org/careatlas/id/org/slug/n2", "North"],
        ],
    }
    known = Names(labels)
    assert known.thing(("vendor",), "Acme") == labels["vendor"][0][1]
    assert known.thing(("network",), "North") is None
    assert known.to_type("vendor", labels["vendor"][0][1]) == "Acme"
    assert known.to_type("network", labels["network"][0][1]) == labels["network"][0][1]
    assert Labels(labels).find("network", labels["network"][1][1]) == labels["network"][1][1]


def test_a_page_can_be_refused_and_not_written(client: TestClient) -> None:
    assert client.get("/questions", headers={"accept": "image/png"}).status_code == 406
    assert client.post("/questions").status_code == 405
    sheet = client.get("/static/careatlas.css")
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "url(" not in sheet.text
