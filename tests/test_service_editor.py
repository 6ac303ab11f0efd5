"""The page of the SPARQL editor as the server makes it, and the terms that it completes."""

from html import unescape
from re import findall, search
from typing import Any

import pytest
from starlette.testclient import TestClient

from careatlas.graph.questions import catalogue
from careatlas.graph.release import Release
from careatlas.service.explorer.editor import terms

HOSTILE = "</textarea><script>alert('1')</script>\"&amp;\u202e \U0001f469\u200d⚕️"


@pytest.fixture(scope="module")
def offered(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/editor/terms.json").json()
    return found


def typed(page: str) -> str:
    """What stands in the field of the query, as a browser reads it."""
    found = search(r"(?s)<textarea [^>]*>\n(.*?)</textarea>", page)
    assert found
    return unescape(found[1])


def test_it_opens_with_a_query_that_can_be_run_without_a_script(client: TestClient) -> None:
    page = client.get("/editor")
    assert page.status_code == 200
    assert '<form id="editor" action="/sparql" method="get"' in page.text
    for name in findall(r"<option>(\w+)</option>", page.text)[:3]:
        asked = {"query": typed(page.text), "format": name}
        assert client.get("/sparql", params=asked).status_code == 200
    rows = client.get("/sparql", params={"query": typed(page.text), "format": "json"}).json()
    assert rows["results"]["bindings"]


def test_every_question_is_an_example(client: TestClient) -> None:
    links = set(findall(r'href="/editor\?question=([^"]+)"', client.get("/editor").text))
    assert links == {one.name for one in catalogue()}


def test_it_opens_with_the_query_that_is_given_and_nothing_of_it_is_markup(
    client: TestClient,
) -> None:
    page = client.get("/editor", params={"query": HOSTILE})
    assert typed(page.text) == HOSTILE
    assert "<script>" not in page.text
    assert page.text.count("</textarea>") == 1


def test_it_opens_with_the_query_of_a_question_and_its_values(client: TestClient) -> None:
    given = {"product": "RapidAI", "status": "live"}
    answer = client.get("/api/questions/who-uses-what", params=given).json()
    page = client.get("/editor", params={"question": "who-uses-what"} | given).text
    assert typed(page) == answer["query"]
    back = search(r'query of the question <a href="([^"]+)"', page)
    assert back
    shown = client.get(unescape(back[1])).text
    assert f"<b>{answer['total']}</b>" in shown
    link = search(r'<a href="(/editor\?[^"]+)">Open it in the editor', shown)
    assert link
    assert typed(client.get(unescape(link[1])).text) == answer["query"]


def test_a_pinned_release_is_carried_along(client: TestClient, release: Release) -> None:
    hidden = f'<input type="hidden" name="release" value="{release.name}">'
    address = f"/questions/usage?release={release.name}"
    link = search(r'<a href="(/editor\?[^"]+)">Open it', client.get(address).text)
    assert link
    page = client.get(unescape(link[1])).text
    assert hidden in page
    assert f"release={release.name}" in page[page.index("query of the question") :]
    assert hidden not in client.get("/editor").text


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("question=none", 404, "No question is called"),
        ("question=usage&product=RapidA1", 422, "No product is called"),
        ("question=usage&colour=red", 422, "has no field"),
        ("release=0000000000000000", 404, "release"),
        ("release=../x", 404, "release"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, address: str, status: int, words: str) -> None:
    answer = client.get(f"/editor?{address}")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    assert words in answer.text


def test_a_page_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    for address in ("/editor", "/editor?query=ASK{}", "/editor/terms.json"):
        tag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    tags = {client.get(f"/editor?query={one}").headers["etag"] for one in "ab"}
    assert len(tags) == 2


def test_the_terms_are_those_of_the_ontology_and_its_schemes(offered: dict[str, Any]) -> None:
    named = {one["name"]: one for one in offered["terms"]}
    assert len(named) == len(offered["terms"]) > 600
    assert named["atlas:uses"]["kind"] == "property"
    assert named["atlas:NHSTrust"]["kind"] == "class"
    assert named["status:live"]["kind"] == "concept"
    assert named["status:live"]["says"].startswith("In everyday use")
    assert all(one["label"] for one in named.values())


def test_every_term_can_stand_in_a_query(client: TestClient, offered: dict[str, Any]) -> None:
    heads = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in offered["prefixes"].items())
    every = " ".join(one["name"] for one in offered["terms"])
    asked = f"{heads}\nSELECT ?term WHERE {{ VALUES ?term {{ {every} }} ?term ?is ?known }} GROUP BY ?term"
    answer = client.post("/sparql", data={"query": asked, "format": "json"}).json()
    assert len(answer["results"]["bindings"]) == len(offered["terms"])


def test_a_local_part_that_needs_an_escape_is_written_out() -> None:
    space = "https://w3id.org/careatlas/def#"
    found = terms(
        [{"term": {"value": space + local}, "kind": {"value": "class"}} for local in ("a.", "b-c")]
    )
    assert [one["name"] for one in found["terms"]] == [f"<{space}a.>", "atlas:b-c"]
    assert [one["label"] for one in found["terms"]] == ["a.", "b-c"]
