"""The service description, and the description of the release."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from starlette.testclient import TestClient

from careatlas.graph.release import Release
from careatlas.service import media
from careatlas.service.app import create_app
from careatlas.service.builder import RDF as FORMATS
from careatlas.service.description import FORMATS as NAMED
from careatlas.service.pool import Limits
from careatlas.service.state import ServiceSettings

# The parsers of rdflib use classes that rdflib itself calls old.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
PROV = Namespace("http://www.w3.org/ns/prov#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
HERE = "http://testserver"
ENDPOINT = URIRef(f"{HERE}/sparql")
DATASET = URIRef(f"{HERE}/.well-known/void#dataset")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
PARSERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
ADDRESSES = ["/sparql", "/.well-known/void"]


def read(client: TestClient, address: str, kind: str = "text/turtle") -> Graph:
    answer = client.get(address, headers={"accept": kind})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == kind
    graph = Graph()
    graph.parse(data=answer.content, format=PARSERS[kind])
    return graph


@pytest.fixture(scope="module")
def service(client: TestClient) -> Graph:
    return read(client, "/sparql")


@pytest.fixture(scope="module")
def about(client: TestClient) -> Graph:
    return read(client, "/.well-known/void")


@pytest.mark.parametrize("kind", sorted(FORMATS))
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_format_says_the_same(client: TestClient, address: str, kind: str) -> None:
    assert set(read(client, address, kind)) == set(read(client, address))


@pytest.mark.parametrize("address", ADDRESSES)
def test_turtle_comes_where_nothing_is_asked_for(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": "*/*"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_client_chooses_by_quality(client: TestClient, address: str) -> None:
    accept = "text/turtle;q=0.5, application/rdf+xml;q=0.9"
    answer = client.get(address, headers={"accept": accept})
    assert answer.headers["content-type"] == "application/rdf+xml"


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_nobody_can_send_is_406(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_format_can_be_a_parameter(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?format=jsonld", headers={"accept": BROWSER})
    assert answer.headers["content-type"] == "application/ld+json"
    assert client.get(f"{address}?format=csv").status_code == 400


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_head_has_no_body_and_a_known_tag_no_answer(client: TestClient, address: str) -> None:
    whole = client.get(address)
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-length"] == whole.headers["content-length"]
    again = client.get(address, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_bytes_are_the_same_each_time(home: Path, client: TestClient) -> None:
    with TestClient(create_app(ServiceSettings(home, Limits(workers=1)))) as other:
        for address in ADDRESSES:
            assert other.get(address).content == client.get(address).content


def test_the_endpoint_is_where_the_client_found_it(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"host": "atlas.example:81"})
    graph = Graph().parse(data=answer.text, format="turtle")
    (endpoint,) = graph.objects(None, SD.endpoint)
    assert str(endpoint) == "http://atlas.example:81/sparql"


def test_the_endpoint_is_the_public_one_behind_a_proxy(home: Path) -> None:
    settings = ServiceSettings(home, Limits(workers=1), public_url="https://atlas.example/")
    with TestClient(create_app(settings)) as client:
        graph = Graph().parse(data=client.get("/sparql").text, format="turtle")
    (endpoint,) = graph.objects(None, SD.endpoint)
    assert str(endpoint) == "https://atlas.example/sparql"


@pytest.mark.parametrize("host", ["[", "a b", "<script>", 'a"b', "\\", "{}", "[::1", "a|b"])
@pytest.mark.parametrize("address", ["/sparql", "/.well-known/void", "/graphs"])
def test_a_host_that_is_none_gets_a_plain_answer(
    client: TestClient, address: str, host: str
) -> None:
    answer = client.get(address, headers={"host": host})
    assert answer.status_code in {200, 400}
    assert f"//{host}" not in answer.text


def test_the_service_is_described_as_it_is(service: Graph) -> None:
    (node,) = service.subjects(RDF.type, SD.Service)
    assert list(service.objects(node, SD.endpoint)) == [ENDPOINT]
    assert list(service.objects(node, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert list(service.objects(node, SD.feature)) == [SD.UnionDefaultGraph]
    assert not {SD.SPARQL11Update, SD.BasicFederatedQuery} & set(service.objects())


def test_each_format_described_is_one_that_comes(client: TestClient, service: Graph) -> None:
    assert NAMED.keys() == (media.ROWS.keys() | media.GRAPH.keys()) - {"application/json"}
    prefix = "http://www.w3.org/ns/formats/"
    assert {str(one) for one in service.objects(None, SD.resultFormat)} == {
        prefix + name for name in NAMED.values()
    }
    for kind in NAMED:
        query = "ASK {}" if kind in media.ROWS else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
        answer = client.get("/sparql", params={"query": query}, headers={"accept": kind})
        assert answer.headers["content-type"].split(";")[0] == kind


def test_the_dataset_is_that_of_the_endpoint(
    client: TestClient, service: Graph, release: Release
) -> None:
    (dataset,) = service.objects(None, SD.defaultDataset)
    (default,) = service.objects(dataset, SD.defaultGraph)
    assert service.value(default, VOID.triples) == Literal(release.manifest["quads"])
    names = {str(service.value(node, SD.name)) for node in service.objects(dataset, SD.namedGraph)}
    query = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }"
    answer = client.get("/sparql", params={"query": query}).json()
    assert names == {row["graph"]["value"] for row in answer["results"]["bindings"]}
    stored = service.value(
        service.value(None, SD.name, URIRef(next(iter(sorted(names))))), SD.graph
    )
    assert client.get(str(stored)).status_code == 200


def test_a_browser_is_led_to_the_editor(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": BROWSER}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/editor")
    assert answer.headers["link"] == '</.well-known/void>; rel="describedby"'
    assert "Accept" in answer.headers["vary"].split(", ")


def test_the_service_points_to_the_release(client: TestClient, service: Graph) -> None:
    assert DATASET in set(service.objects(None, DCAT.servesDataset))
    assert client.get("/sparql").headers["link"] == '</.well-known/void>; rel="describedby"'


def test_the_release_is_a_dataset(about: Graph, release: Release) -> None:
    kinds = set(about.objects(DATASET, RDF.type))
    assert {VOID.Dataset, DCAT.Dataset} <= kinds
    assert about.value(DATASET, URIRef(f"{DCAT}version")) == Literal(release.name)
    assert str(about.value(DATASET, DCTERMS.issued)) == release.manifest["as_of"]
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert about.value(DATASET, DCTERMS.license) == licence
    assert about.value(DATASET, VOID.triples) == Literal(release.manifest["quads"])
    assert about.value(DATASET, VOID.sparqlEndpoint) == ENDPOINT
    assert about.value(DATASET, DCTERMS.title)
    assert about.value(DATASET, DCTERMS.description)


def test_the_partitions_count_what_the_release_holds(about: Graph, release: Release) -> None:
    counted = {
        str(about.value(part, VOID["class"])): int(str(about.value(part, VOID.entities)))
        for part in about.objects(DATASET, VOID.classPartition)
    }
    assert len(counted) == int(str(about.value(DATASET, VOID.classes)))
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    held: dict[str, set[str]] = {}
    for quad in release.store.quads_for_pattern(None, kind, None, None):
        held.setdefault(str(quad.object)[1:-1], set()).add(str(quad.subject))
    assert counted == {name: len(things) for name, things in held.items()}
    every = {one for things in held.values() for one in things}
    things = {one for one in every if one.startswith("<https://w3id.org/careatlas/id/")}
    assert int(str(about.value(DATASET, VOID.entities))) == len(things)


def test_every_source_is_named_with_what_is_known_of_it(about: Graph, release: Release) -> None:
    sources = release.manifest["sources"]
    named = set(about.objects(DATASET, DCTERMS.source))
    assert len(named) == len(sources)
    assert named == set(about.objects(DATASET, PROV.wasDerivedFrom))
    for key, source in sources.items():
        node = URIRef(f"https://w3id.org/careatlas/id/doc/{key}")
        assert str(about.value(node, DCTERMS.title)) == source["title"]
        issued = about.value(node, DCTERMS.issued)
        assert (str(issued) if issued else None) == source["published"]
        rights = about.value(node, DCTERMS.rights)
        assert (str(rights) if rights else None) == source["licence"]
        page = about.value(node, FOAF.page)
        assert page is None or str(page) == source["url"]


def test_the_examples_are_in_the_release(about: Graph, release: Release) -> None:
    examples = {str(one) for one in about.objects(DATASET, VOID.exampleResource)}
    known = {str(quad.subject)[1:-1] for quad in release.store}
    assert len(examples) >= 3
    assert examples <= known


def test_each_export_is_a_distribution(about: Graph) -> None:
    dumps = {f"{HERE}/api/export/{name}" for name in media.EXPORTS}
    assert {str(one) for one in about.objects(DATASET, VOID.dataDump)} == dumps
    parts = list(about.objects(DATASET, DCAT.distribution))
    assert {str(about.value(part, DCAT.downloadURL)) for part in parts} == dumps
    assert {
        str(about.value(part, DCAT.mediaType)).split("media-types/")[1] for part in parts
    } == set(media.EXPORTS.values())
