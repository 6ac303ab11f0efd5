"""Linked data: things, terms and concepts under their own names, and the start page."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib import RDFS, Graph, Namespace, URIRef
from starlette.testclient import TestClient

from careatlas.graph.release import Release
from careatlas.service import things
from careatlas.service.explorer.links import local
from careatlas.service.explorer.plain import page
from careatlas.service.problems import Problem

# The parsers of rdflib use classes that rdflib itself calls old.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")

ATLAS = Namespace("https://w3id.org/careatlas/def#")
ID = "https://w3id.org/careatlas/id/"
SCHEME = "https://w3id.org/careatlas/scheme/"
TRUST = "org/ods/RRV"
ONTOLOGY = Path(__file__).parent.parent / "ontology"
FORMS = {
    "text/turtle": ("ttl", "turtle"),
    "application/n-triples": ("nt", "nt"),
    "application/rdf+xml": ("rdf", "xml"),
    "application/ld+json": ("jsonld", "json-ld"),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CLASSES = [
    "NHSTrust",
    "Company",
    "AISystem",
    "Deployment",
    "StatusReport",
    "ClaimConflict",
    "SourceDocument",
    "DocumentVersion",
    "Affiliation",
    "Period",
]


def one_of(release: Release, name: str) -> str:
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found = release.store.quads_for_pattern(None, kind, NamedNode(str(ATLAS[name])), None)
    return min(str(quad.subject)[1:-1] for quad in found).removeprefix(ID)


def links(html: str) -> set[str]:
    return {url.replace("&amp;", "&") for url in re.findall(r'href="(/[^"]*)"', html)}


@pytest.mark.parametrize(
    ("accept", "target"),
    [(BROWSER, f"/about/{TRUST}"), ("*/*", f"/about/{TRUST}")]
    + [(kind, f"/data/{TRUST}.{suffix}") for kind, (suffix, _) in FORMS.items()],
)
def test_a_thing_leads_to_what_is_said_of_it(client: TestClient, accept: str, target: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/id/{TRUST}", headers={"accept": accept})
        assert (answer.status_code, answer.content) == (303, b"")
        assert answer.headers["location"] == target
        assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize(
    "address",
    [
        "/id/org/ods/NONE",
        "/id/",
        "/id/%00",
        "/id/a%22%3E%20%7B",
        "/id/..%2f..%2fetc",
        "/id//evil.example",
        "/about/none",
        "/data/none.ttl",
        f"/data/{TRUST}.png",
        f"/data/{TRUST}",
        f"/data/{TRUST}.json",
        "/scheme/none",
        "/scheme/status/none",
        "/def.png",
        "/id/graph/none",
    ],
)
def test_what_the_release_does_not_know_is_404(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address", [f"/id/{TRUST}", f"/about/{TRUST}", "/def", "/scheme/status/live"]
)
def test_what_nobody_can_send_is_406(client: TestClient, address: str) -> None:
    assert client.get(address, headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "address", [f"/id/{TRUST}", f"/about/{TRUST}", f"/data/{TRUST}.ttl", "/def"]
)
def test_nothing_can_be_written(client: TestClient, address: str) -> None:
    answer = client.put(address)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_an_escaped_name_is_the_same_name(client: TestClient) -> None:
    answer = client.get("/id/org/ods/%52RV", headers={"accept": BROWSER})
    assert answer.headers["location"] == f"/about/{TRUST}"


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_the_data_says_what_the_release_says(
    client: TestClient, release: Release, kind: str
) -> None:
    suffix, parser = FORMS[kind]
    answer = client.get(f"/data/{TRUST}.{suffix}", headers={"accept": "image/png"})
    assert answer.headers["content-type"].split(";")[0] == kind
    graph = Graph().parse(data=answer.content, format=parser)
    thing = NamedNode(ID + TRUST)
    said = {
        (str(q.predicate)[1:-1], q.object.value)
        for q in release.store.quads_for_pattern(thing, None, None)
    }  # type: ignore[union-attr]
    assert {(str(p), str(o)) for p, o in graph.predicate_objects(URIRef(ID + TRUST))} == said
    pointing = {
        (q.subject.value, str(q.predicate)[1:-1])
        for q in release.store.quads_for_pattern(None, None, thing)
    }  # type: ignore[union-attr]
    assert {(str(s), str(p)) for s, p in graph.subject_predicates(URIRef(ID + TRUST))} == pointing
    for region in graph.objects(URIRef(ID + TRUST), ATLAS.inRegion):
        assert graph.value(region, RDFS.label)
    for claim in graph.objects(URIRef(ID + TRUST), ATLAS.supportedBy):
        assert graph.value(claim, ATLAS.locator)
        assert graph.value(claim, ATLAS.assertedIn)


def test_the_data_of_a_common_thing_is_bounded(client: TestClient) -> None:
    answer = client.get("/data/scheme/match-method/exact.nt")
    graph = Graph().parse(data=answer.text, format="nt")
    method = URIRef(f"{SCHEME}match-method/exact")
    assert len(list(graph.subject_predicates(method))) == things.MOST


@pytest.mark.parametrize("address", [f"/about/{TRUST}", f"/data/{TRUST}.ttl", "/def.ttl", "/"])
def test_the_head_has_no_body_and_a_known_tag_no_answer(client: TestClient, address: str) -> None:
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    again = client.get(address, headers={"if-none-match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", CLASSES)
def test_a_thing_of_each_kind_has_its_page_and_its_data(
    client: TestClient, release: Release, name: str
) -> None:
    path = one_of(release, name)
    answer = client.get(f"/id/{path}", headers={"accept": BROWSER}, follow_redirects=True)
    assert answer.status_code == 200
    assert "<h1>" in answer.text
    assert "<h2>Facts</h2>" in answer.text
    data = client.get(f"/id/{path}", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert (URIRef(ID + path), None, None) in Graph().parse(data=data.text, format="turtle")


def test_every_link_of_a_page_leads_somewhere(client: TestClient) -> None:
    text = client.get(f"/about/{TRUST}").text
    every = sorted(links(text))
    for url in {*every[::5], *(url for url in every if "#" in url)}:
        path, _, part = url.partition("#")
        found = client.get(path, headers={"accept": BROWSER}, follow_redirects=True)
        assert found.status_code == 200, url
        assert not part or f'id="{part}"' in found.text, url


def test_a_page_shows_the_evidence_and_what_refers_to_the_thing(client: TestClient) -> None:
    text = client.get(f"/about/{TRUST}").text
    assert "<h1>University College London Hospitals NHS Foundation Trust</h1>" in text
    assert "<h2>Evidence</h2>" in text
    assert "row RRV; reference row trusts RRV" in text
    assert ">qXR at University College London Hospitals NHS Foundation Trust</a>" in text
    assert '<a href="/about/org/ods/Y56">London</a>' in text
    for kind, (suffix, _) in FORMS.items():
        assert f'<link rel="alternate" type="{kind}" href="/data/{TRUST}.{suffix}">' in text


@pytest.mark.parametrize("address", ["/", f"/about/{TRUST}", "/def.html", "/graphs", "/editor"])
def test_a_page_obeys_the_policy(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    inline = (
        r"<script(?! type=\"module\" src=\"/static/islands/)|<style|\sstyle=|\son\w+=|javascript:"
    )
    assert not re.search(inline, answer.text)
    for sheet in re.findall(r'rel="stylesheet" href="([^"]+)"', answer.text):
        assert client.get(sheet).headers["content-type"] == "text/css; charset=utf-8"
    for fetched in re.findall(r'(?:src|<link rel="stylesheet" href)="([^"]+)"', answer.text):
        assert fetched.startswith("/")


def test_text_is_escaped() -> None:
    assert "<h1>&lt;b&gt; &amp;</h1>" in page("<b> &", "")


def test_local_addresses() -> None:
    assert local(f"{ID}org/ods/RRV") == "/about/org/ods/RRV"
    assert local(f"{SCHEME}status/live") == "/about/scheme/status/live"
    assert local(str(ATLAS.uses)) == "/def.html#uses"
    assert local("https://example.org/a") == "https://example.org/a"
    assert local(f"{ID}graph/meta").startswith("/graphs?graph=https%3A%2F%2F")


@pytest.mark.parametrize("path", ["status", "status/live", "clinical-domain/dermatology"])
def test_a_concept_is_a_thing(client: TestClient, path: str) -> None:
    answer = client.get(f"/scheme/{path}", headers={"accept": BROWSER}, follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, f"/about/scheme/{path}")
    data = client.get(f"/scheme/{path}", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert (URIRef(SCHEME + path), None, None) in Graph().parse(data=data.text, format="turtle")


def test_a_graph_leads_to_its_statements(client: TestClient) -> None:
    accept = {"accept": "text/turtle"}
    answer = client.get("/id/graph/derived", headers=accept, follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/graphs")


@pytest.mark.parametrize(
    ("address", "accept", "target"),
    [
        ("/def", BROWSER, "/def.html"),
        ("/def/adoption", BROWSER, "/def.html#module-adoption"),
        ("/def/0.1.0", BROWSER, "/def.html"),
        ("/def", "text/turtle", "/def.ttl"),
        ("/def/claim", "application/ld+json", "/def.jsonld"),
    ],
)
def test_a_term_leads_to_its_documentation(
    client: TestClient, address: str, accept: str, target: str
) -> None:
    answer = client.get(address, headers={"accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, target)


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_the_terms_come_as_data(client: TestClient, release: Release, kind: str) -> None:
    suffix, parser = FORMS[kind]
    graph = Graph().parse(data=client.get(f"/def.{suffix}").content, format=parser)
    stored = release.store.quads_for_pattern(None, None, None, NamedNode(f"{ID}graph/ontology"))
    assert len(graph) == len(list(stored))
    assert (ATLAS.uses, RDFS.label, None) in graph


def test_the_page_of_the_terms_has_its_styles_in_a_file(client: TestClient) -> None:
    whole = (ONTOLOGY / "ontology.html").read_text(encoding="utf-8")
    shown = client.get("/def.html").text
    assert 'id="uses"' in shown
    assert '<link rel="stylesheet" href="/def.css">' in shown
    sheet = client.get("/def.css").text
    assert all(style in sheet for style in re.findall(r"<style>(.*?)</style>", whole, re.DOTALL))


def test_what_is_not_installed_is_404() -> None:
    with pytest.raises(Problem, match="not part of the installation") as raised:
        things._text("careatlas.nothing", "page.html")
    assert raised.value.status == 404


def test_the_start_page_leads_somewhere(client: TestClient, release: Release) -> None:
    text = client.get("/").text
    assert release.name in text
    ways = links(text)
    assert {"/sparql", "/api/questions", "/graphs", "/def", "/api/openapi.json"} <= ways
    assert sum(url.startswith("/about/") for url in ways) >= 3
    for url in sorted(ways)[::3]:
        assert client.get(url, follow_redirects=True).status_code == 200, url
