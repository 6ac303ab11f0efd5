"""The Graph Store Protocol, for reading."""

from urllib.parse import quote

import pytest
from rdflib import Dataset, Graph
from starlette.testclient import TestClient

from careatlas.graph.dataset import stated
from careatlas.graph.release import Release

# The parsers of rdflib use classes that rdflib itself calls old.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")

DERIVED = "https://w3id.org/careatlas/id/graph/derived"
TRIPLES = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}
QUADS = {"application/trig", "application/n-quads"}
PARSERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}


def named(graph: str) -> str:
    return f"/graphs?graph={quote(graph, safe='')}"


def parsed(body: bytes, media: str) -> set[tuple[object, ...]]:
    if media in QUADS:
        held = Dataset()
        held.parse(data=body, format=PARSERS[media])
        return {(s, p, o) for s, p, o, _ in held.quads()}
    graph = Graph()
    graph.parse(data=body, format=PARSERS[media])
    return set(graph)


@pytest.fixture(scope="module")
def derived(client: TestClient) -> set[tuple[object, ...]]:
    answer = client.get(named(DERIVED), headers={"accept": "application/n-triples"})
    return parsed(answer.content, "application/n-triples")


@pytest.mark.parametrize("media", sorted(TRIPLES | QUADS))
def test_a_graph_says_the_same_in_every_format(
    client: TestClient, release: Release, derived: set[tuple[object, ...]], media: str
) -> None:
    answer = client.get(named(DERIVED), headers={"accept": media})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media
    assert answer.headers["dataset-version"] == release.name
    assert parsed(answer.content, media) == derived != set()


def test_the_default_graph_holds_every_statement(client: TestClient, release: Release) -> None:
    answer = client.get("/graphs?default", headers={"accept": "application/n-triples"})
    lines = {line for line in answer.text.splitlines() if line}
    held = {(quad.subject, quad.predicate, quad.object) for quad in release.store}
    assert len(lines) == len(held)


def test_turtle_comes_where_nothing_is_asked_for(client: TestClient) -> None:
    answer = client.get(named(DERIVED), headers={"accept": "*/*"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("name", "media"), [("nt", "application/n-triples"), ("json", "application/ld+json")]
)
def test_the_format_can_be_a_parameter(client: TestClient, name: str, media: str) -> None:
    answer = client.get(f"{named(DERIVED)}&format={name}", headers={"accept": "image/png"})
    assert answer.headers["content-type"].split(";")[0] == media


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("?graph=urn:none", 404, "no-such-graph"),
        ("?graph=", 400, "no-iri"),
        ("?graph=derived", 400, "no-iri"),
        ("?graph=http://a/%3E%20%7B", 400, "no-iri"),
        ("?graph=%FF", 400, "not-utf-8"),
        ("?default&graph=urn:none", 400, "graph-or-default"),
        ("?graph=urn:a&graph=urn:b", 400, "graph-or-default"),
        ("?default&default", 400, "graph-or-default"),
        ("?default&format=png", 400, "unknown-format"),
        ("?default&release=none", 404, "no-such-release"),
    ],
)
def test_what_is_asked_wrongly_is_a_problem(
    client: TestClient, query: str, status: int, kind: str
) -> None:
    answer = client.get(f"/graphs{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(kind)


def test_a_graph_of_a_release_is_asked_for_by_its_name(
    client: TestClient, release: Release
) -> None:
    now = client.get(named(DERIVED))
    then = client.get(f"{named(DERIVED)}&release={release.name}")
    assert then.content == now.content


@pytest.mark.parametrize("query", ["", "?default", f"?graph={DERIVED}"])
def test_what_nobody_can_send_is_406(client: TestClient, query: str) -> None:
    answer = client.get(f"/graphs{query}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offered"]


@pytest.mark.parametrize("query", ["", "?default", f"?graph={DERIVED}"])
def test_the_head_has_no_body(client: TestClient, query: str) -> None:
    answer = client.head(f"/graphs{query}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"]


@pytest.mark.parametrize("query", ["", f"?graph={DERIVED}"])
def test_what_a_client_has_is_not_sent_again(client: TestClient, query: str) -> None:
    url = f"/graphs{query}"
    tag = client.get(url).headers["etag"]
    again = client.get(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url, headers={"accept": "application/rdf+xml"}).headers["etag"] != tag


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    answer = client.request(method, named(DERIVED), content=b"<urn:a> <urn:b> <urn:c> .")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_options_names_the_methods(client: TestClient) -> None:
    answer = client.options("/graphs")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("query", ["", f"?graph={DERIVED}"])
def test_graphs_are_compressed(client: TestClient, query: str, encoding: str) -> None:
    plain = client.get(f"/graphs{query}", headers={"accept-encoding": "identity"})
    packed = client.get(f"/graphs{query}", headers={"accept-encoding": encoding})
    assert packed.headers["content-encoding"] == encoding
    assert "content-encoding" not in plain.headers
    assert packed.headers["etag"] != plain.headers["etag"]


def test_the_list_names_every_graph_with_its_size(client: TestClient, release: Release) -> None:
    found = client.get("/graphs").json()
    sizes: dict[str, int] = {}
    for quad in stated(release.store):
        name = str(quad.graph_name)[1:-1]
        sizes[name] = sizes.get(name, 0) + 1
    assert {one["graph"]: one["triples"] for one in found["graphs"]} == sizes
    assert all(one["title"] for one in found["graphs"])
    report = next(one for one in found["graphs"] if "/docv/foi-report-2025/" in one["graph"])
    assert report["title"] == release.manifest["sources"]["foi-report-2025"]["title"]
    assert client.get(report["url"]).status_code == 200


@pytest.mark.parametrize("media", sorted(TRIPLES))
def test_the_list_comes_as_rdf(client: TestClient, release: Release, media: str) -> None:
    answer = client.get("/graphs", headers={"accept": media})
    graph = Graph()
    graph.parse(data=answer.content, format=PARSERS[media])
    names = graph.query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
        "SELECT ?name { ?data sd:namedGraph/sd:name ?name }"
    )
    assert {str(name) for (name,) in names} == {  # type: ignore[misc]
        graph.value
        for graph in release.store.named_graphs()  # type: ignore[union-attr]
    }


def test_the_list_comes_as_a_page(client: TestClient) -> None:
    answer = client.get("/graphs", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert quote(DERIVED, safe="") in answer.text
