"""The API: typed questions, pages, releases and what changed between them, exports, feeds."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any
from xml.etree import ElementTree

import pytest
from goldens import NARROWED, REAL
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from careatlas import output
from careatlas.build import build
from careatlas.graph.dataset import stated
from careatlas.graph.questions import Question, catalogue
from careatlas.graph.release import Release, Releases
from careatlas.service.app import create_app
from careatlas.service.asking import answer_model
from careatlas.service.cards import MOST, Pinned, csv_text
from careatlas.service.pool import Limits
from careatlas.service.state import ServiceSettings

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
QUESTIONS = catalogue()
NAMES = [question.name for question in QUESTIONS]
TYPES = {"date": ("string", "date"), "integer": ("integer", None), "decimal": ("number", None)}
ATOM = "{http://www.w3.org/2005/Atom}"


def connected(home: Path) -> TestClient:
    settings = ServiceSettings(home=home, limits=Limits(workers=1, seconds=60))
    return TestClient(create_app(settings), base_url="http://localhost")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with connected(home) as one:
        yield one


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A home with two releases of the small world: in the second, something has gone live."""
    kept = Releases(tmp_path_factory.mktemp("two"))
    tables = tmp_path_factory.mktemp("tables") / "world"
    copytree(SMALL_WORLD, tables)
    first = build(tables, kept).release
    assert first
    os.utime(first.path, (1_700_000_000, 1_700_000_000))
    os.utime(first.path / "manifest.json", (1_700_000_000, 1_700_000_000))
    table = tables / "claims/foi/deployments.csv"
    text = table.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("rff/tool,"))
    table.write_text(text.replace(line, line.replace("exploring", "live")), encoding="utf-8")
    build(tables, kept)
    return kept


@pytest.fixture(scope="module")
def later(two: Releases) -> Iterator[TestClient]:
    with connected(two.home) as one:
        yield one


def problem(response: Any, status: int) -> dict[str, Any]:  # noqa: ANN401
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    return found


# ---- the catalogue and its description


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").json()
    return found


def test_the_catalogue_is_listed(client: TestClient) -> None:
    listed = client.get("/api/questions").json()
    assert [one["name"] for one in listed] == NAMES
    keys = [
        "name",
        "title",
        "description",
        "answers",
        "tags",
        "parameters",
        "columns",
        "cohort",
        "not_known",
    ]
    assert set(keys) <= set(listed[0])
    assert client.get(listed[0]["href"]).status_code == 200


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_each_question_is_described_as_its_front_matter_has_it(
    question: Question, description: dict[str, Any]
) -> None:
    operation = description["paths"][f"/api/questions/{question.name}"]["get"]
    schemas = {one["name"]: one["schema"] for one in operation["parameters"]}
    assert set(question.parameter).isdisjoint(Pinned.model_fields)
    assert set(schemas) == {*question.parameter, *Pinned.model_fields}
    for name, parameter in question.parameter.items():
        kind, form = TYPES.get(parameter.type, ("string", None))
        assert kind in json.dumps(schemas[name])
        assert schemas[name].get("format") == form
        if parameter.values:
            assert schemas[name].get("enum", [schemas[name].get("const")]) == [*parameter.values]
    refer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    card = description["components"]["schemas"][refer.rsplit("/", 1)[-1]]
    row = card["properties"]["rows"]["items"]["$ref"].rsplit("/", 1)[-1]
    assert list(description["components"]["schemas"][row]["properties"]) == [*question.columns]
    assert "text/csv" in operation["responses"]["200"]["content"]


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_each_answer_is_as_described_and_as_the_command_gives_it(
    question: Question, client: TestClient, release: Release
) -> None:
    path = f"/api/questions/{question.name}"
    asked = {"limit": str(MOST), **NARROWED.get(question.name, {})}
    found = client.get(path, params=asked)
    card = answer_model(question).model_validate(found.json())
    assert card.release == release.name == found.headers["dataset-version"]
    assert card.total == len(found.json()["rows"])
    as_csv = client.get(path, params=asked, headers={"accept": "text/csv"})
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.text == (REAL / f"{question.name}.csv").read_text(encoding="utf-8")


def test_a_cell_with_the_end_of_a_line_is_written_as_the_command_writes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [("a\rb", "c"), ("d\ne", 'f"'), ("", "g,h")]
    output.write(("x", "y"), rows, "csv")
    written = csv_text(("x", "y"), [dict(zip(("x", "y"), row, strict=True)) for row in rows])
    assert written == capsys.readouterr().out


# ---- parameters


def test_values_narrow_an_answer(client: TestClient) -> None:
    found = client.get(
        "/api/questions/who-uses-what", params={"trust": "RWE", "as_of": "2025-12-31"}
    ).json()
    assert {row["ods"] for row in found["rows"]} == {"RWE"}
    by = client.get("/api/questions/adoption", params={"by": "icb"}).json()
    assert by["total"] > 20


WRONG = {
    "who-uses-what?trsut=x": ("trsut", "trust"),
    "who-uses-what?trust=RWE&trust=RJZ": ("trust", "once"),
    "who-uses-what?trust=leistr": ("trust", "Leicester"),
    "who-uses-what?trust=": ("trust", "no trust"),
    "who-uses-what?trust=%00": ("trust", "no trust"),
    "who-uses-what?as_of=yesterday": ("as_of", "2024-09-18"),
    "who-uses-what?as_of=1700000000": ("as_of", "2024-09-18"),
    "adoption?by=town": ("by", "region"),
    "adoption?limit=0": ("limit", "1"),
    "adoption?limit=10001": ("limit", "10000"),
    "adoption?offset=-1": ("offset", "0"),
    "adoption?format=xml": ("format", "csv"),
    "adoption?release=current": ("release", "pattern"),
    f"who-uses-what?trust={'x' * 301}": ("trust", "300"),
}


@pytest.mark.parametrize("asked", WRONG, ids=str)
def test_a_wrong_parameter_is_named(client: TestClient, asked: str) -> None:
    field, says = WRONG[asked]
    found = problem(client.get(f"/api/questions/{asked}"), 422)
    assert found["field"] == field
    assert says in found["detail"]


def test_what_is_not_there_is_404(client: TestClient) -> None:
    assert "adoption" in problem(client.get("/api/questions/adoptoin"), 404)["nearest"]
    problem(client.get("/api/questions/adoption?release=ffffffffffffffff"), 404)
    problem(client.get("/api/releases/ffffffffffffffff"), 404)
    assert "foi-report-2025" in problem(client.get("/api/sources/foi-report-2024"), 404)["nearest"]
    problem(client.get("/api/diff"), 404)


def test_a_request_that_is_no_text_and_one_that_takes_nothing_we_have(client: TestClient) -> None:
    problem(client.get("/api/questions/adoption?by=%ff"), 400)
    found = client.get("/api/questions/adoption", headers={"accept": "image/png"})
    assert problem(found, 406)["offered"] == ["application/json", "text/csv"]
    problem(client.get("/api/releases?x=1"), 422)
    problem(client.get("/api/export/docx"), 422)


# ---- pages and tags


def test_pages_together_are_the_whole(client: TestClient) -> None:
    whole = client.get("/api/questions/disclosures", params={"answer": "denies"}).json()
    address, rows, pages = "/api/questions/disclosures?answer=denies&limit=20", [], 0
    while address:
        page = client.get(address)
        body = page.json()
        rows += body["rows"]
        pages += 1
        assert page.links["first"]["url"].endswith("answer=denies&limit=20")
        assert ("prev" in page.links) == (pages > 1)
        assert body["next"] == page.links.get("next", {}).get("url")
        assert (body["total"], body["limit"]) == (whole["total"], 20)
        address = body["next"]
    assert rows == whole["rows"]
    assert pages == -(-whole["total"] // 20)


def test_a_page_beyond_the_end_is_empty_and_leads_back(client: TestClient) -> None:
    page = client.get("/api/questions/adoption?limit=5&offset=1000")
    assert page.json()["rows"] == []
    assert client.get(page.links["prev"]["url"]).json()["rows"]
    assert "next" not in page.links


def test_pages_of_csv_have_links_too(client: TestClient) -> None:
    page = client.get("/api/questions/adoption?limit=2&format=csv")
    assert len(list(csv.reader(io.StringIO(page.text)))) == 3
    assert "format=csv" in page.links["next"]["url"]


def test_an_answer_is_sent_once(client: TestClient, release: Release) -> None:
    address = "/api/questions/adoption"
    first = client.get(address)
    assert first.headers["cache-control"] == "no-cache"
    assert {"Accept", "Accept-Encoding"} <= set(first.headers["vary"].split(", "))
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    tags = {
        client.get(address + more, headers=headers).headers["etag"]
        for more in ("", "?limit=1", "?limit=1&offset=1", "?format=csv", f"?release={release.name}")
        for headers in ({}, {"accept-encoding": "identity"})
    }
    assert len(tags) == 10
    pinned = client.get(f"{address}?release={release.name}")
    assert "immutable" in pinned.headers["cache-control"]
    assert pinned.json()["rows"] == first.json()["rows"]
    head = client.head(address)
    assert (head.content, head.headers["etag"]) == (b"", first.headers["etag"])


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_an_answer_is_compressed_as_asked(client: TestClient, encoding: str) -> None:
    found = client.get("/api/sources", headers={"accept-encoding": encoding})
    assert found.headers.get("content-encoding", "identity") == encoding
    if encoding != "zstd":
        assert found.json()


# ---- search


def test_search_finds_and_narrows(client: TestClient, release: Release) -> None:
    found = client.get("/api/search", params={"q": "Universty Hospitals Leicster"}).json()
    assert found["results"][0]["id"] == "https://w3id.org/careatlas/id/org/ods/RWE"
    assert found["release"] == release.name
    networks = client.get("/api/search", params={"q": "london", "kind": "network", "limit": 3})
    assert [one["kind"] for one in networks.json()["results"]] == ["network"] * 3
    assert client.get("/api/search", params={"q": '\0" OR *'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "field"),
    [("", "q"), ("q=", "q"), (f"q={'x' * 201}", "q"), ("q=a&kind=trusts", "kind")],
)
def test_a_search_that_cannot_be_is_422(client: TestClient, asked: str, field: str) -> None:
    assert problem(client.get(f"/api/search?{asked}"), 422)["field"] == field


# ---- releases, sources, exports


def test_sources_are_told(client: TestClient, release: Release) -> None:
    listed = client.get("/api/sources").json()
    assert [one["id"] for one in listed] == sorted(release.manifest["sources"])
    one = client.get("/api/sources/foi-report-2025").json()
    assert one["published"] == "2025-05-07"
    assert one["iri"].endswith("/id/doc/foi-report-2025")


def test_a_release_tells_of_itself(client: TestClient, release: Release) -> None:
    (listed,) = client.get("/api/releases").json()
    assert (listed["name"], listed["current"]) == (release.name, True)
    assert listed["quads"] == len(list(stated(release.store)))
    assert client.get(f"/api/releases/{release.name}").json() == release.manifest


FORMS = {
    "turtle": ("ttl", RdfFormat.TURTLE),
    "trig": ("trig", RdfFormat.TRIG),
    "nquads": ("nq", RdfFormat.N_QUADS),
    "jsonld": ("jsonld", RdfFormat.JSON_LD),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_release_is_exported(later: TestClient, two: Releases, form: str) -> None:
    extension, kind = FORMS[form]
    release = two.current()
    found = later.get(f"/api/export/{form}")
    name = f'attachment; filename="careatlas-{release.name}.{extension}"'
    assert found.headers["content-disposition"] == name
    quads = list(parse(found.content, format=kind))
    if form == "turtle":
        same = {one.triple for one in quads} == {one.triple for one in release.store}
    else:
        same = set(quads) == set(stated(release.store))
    assert same, "what was exported is not what the release holds"


def test_an_older_release_is_asked_by_name(later: TestClient, two: Releases) -> None:
    old, new = two.all()
    listed = later.get("/api/releases").json()
    assert [(one["name"], one["current"]) for one in listed] == [
        (new.name, True),
        (old.name, False),
    ]
    for release, status in ((old, "exploring"), (new, "live")):
        rows = later.get(f"/api/questions/who-uses-what?release={release.name}").json()["rows"]
        assert status in {row["status"] for row in rows if row["description"] == "in-house tool"}


def test_what_changed_is_told_with_counts(later: TestClient, two: Releases) -> None:
    old, new = two.all()
    found = later.get("/api/diff").json()
    assert (found["before"], found["after"]) == (old.name, new.name)
    (change,) = [one for one in found["changes"] if one["kind"] == "deployment"]
    assert (change["before"], change["after"]) == ("exploring", "live")
    assert found["counts"]["deployment"] == {"changed": 1}
    named = later.get(f"/api/diff?before={new.name}&after={old.name}&format=csv")
    assert "immutable" in named.headers["cache-control"]
    assert named.text.startswith("change,kind,subject,thing,before,after,source,locator\n")
    assert ",live,exploring," in named.text


# ---- feeds


def test_atom_has_an_entry_for_each_release(later: TestClient, two: Releases) -> None:
    old, new = two.all()
    found = later.get("/api/changes.atom")
    assert found.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(found.content)  # noqa: S314 - our own
    ids = [one.findtext(f"{ATOM}id") or "" for one in feed.iter(f"{ATOM}entry")]
    assert [one.rsplit("/", 1)[1] for one in ids] == [new.name, old.name]
    for one in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(one.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    last = [one.findtext(f"{ATOM}updated") for one in feed.iter(f"{ATOM}entry")][1]
    assert last == "2023-11-14T22:13:20Z"
    content = feed.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "in-house tool: exploring, now live" in content


def test_the_json_feed_says_the_same(later: TestClient) -> None:
    found = later.get("/api/changes.json")
    assert found.headers["content-type"] == "application/feed+json"
    feed = found.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost/api/changes.json"
    first, last = feed["items"]
    assert "1 deployment changed" in first["content_text"]
    assert "the first release that is kept" in last["content_text"]
    assert later.get(first["url"]).json()["total"] > 0


def test_releases_lead_to_the_feeds(later: TestClient) -> None:
    assert (
        'rel="alternate"; type="application/atom+xml"' in later.get("/api/releases").headers["link"]
    )
