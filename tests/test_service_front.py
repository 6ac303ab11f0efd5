"""A service in front of an engine answers as the one on a folder does, or says why it does not."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
import sparql_engines
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse
from servers import serve
from starlette.testclient import TestClient

from careatlas.cli import main
from careatlas.graph import engine_wire
from careatlas.graph.engine import connected
from careatlas.graph.publishing import publish
from careatlas.graph.questions import names
from careatlas.graph.release import Release, Releases
from careatlas.service.app import create_app
from careatlas.service.media import GRAPH, ROWS
from careatlas.service.pool import Limits
from careatlas.service.state import ServiceSettings

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
SOME = "SELECT ?s ?label WHERE { ?s rdfs:label ?label } ORDER BY ?s ?label LIMIT 50"
LABELS = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {SOME}"
LONG = """SELECT (COUNT(*) AS ?n) {
  { SELECT ?a { ?a ?b ?c } LIMIT 1500 } { SELECT ?d { ?d ?e ?f } LIMIT 1500 }
  FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) > 100000) }"""
"""It takes seconds and ends: an engine goes on with what was given up."""
MARKED = b"graph%2Fpublished"
"""Only what asks for the mark names it."""


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_wire, "PAUSES", (0.01,))


@pytest.fixture(scope="module")
def small(small_home: Path) -> Release:
    return Releases(small_home).current()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of one statement."""
    return Releases(tmp_path_factory.mktemp("other")).publish(
        [Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:b"), NamedNode("urn:g"))],
        {},
        {"release": "0" * 16, "as_of": "2025-01-01", "sources": {}},
        "",
    )


def published(release: Release, url: str) -> None:
    publish(release, connected(url), lambda _: None)


@pytest.fixture(scope="module")
def engine(small: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sparql_engines.oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        published(small, url)
        yield url


@contextmanager
def fronted(url: str, home: Path = Path("/nowhere"), **limits: float) -> Iterator[TestClient]:
    bounds = replace(Limits(workers=2, seconds=60), **limits)  # type: ignore[arg-type]
    settings = ServiceSettings(home, bounds, engine=url)
    with TestClient(create_app(settings), follow_redirects=False) as one:
        yield one


@pytest.fixture(scope="module")
def front(engine: str) -> Iterator[TestClient]:
    with fronted(engine) as one:
        yield one


@pytest.fixture(scope="module")
def here(small: Release) -> Iterator[TestClient]:
    """The service on the folder of the same release."""
    with fronted("", small.path.parent.parent) as one:
        yield one


def problem(reply: httpx.Response) -> tuple[int, str]:
    assert reply.headers["content-type"] == "application/problem+json", reply.text
    assert len(reply.json()["detail"].splitlines()) == 1
    return reply.status_code, str(reply.json()["type"]).rsplit("/", 1)[-1]


def asked(of: TestClient, query: str, accept: str = "*/*", **given: str) -> httpx.Response:
    return of.post("/sparql", data={"query": query} | given, headers={"accept": accept})


# ---- the same answers


def test_each_question_is_answered_to_the_letter(here: TestClient, front: TestClient) -> None:
    """The card of an answer has its rows, their evidence, who was asked, and the SPARQL that ran."""
    differ = []
    for name in names():
        path = f"/api/questions/{name}"
        mine, its = here.get(path), front.get(path)
        assert its.status_code == 200, its.text
        if its.content != mine.content:
            differ.append(name)
    assert differ == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/questions",
        "/health",
        "/api/questions/who-uses-what?product=RapidAI&format=csv",
        "/api/questions/who-uses-what?limit=2&offset=1",
        "/api/questions/adoption?by=icb&as_of=2025-05-31&format=csv",
        "/api/questions/who-uses-what?product=Rapiddai",
        "/api/questions/who-uses-what?producct=RapidAI",
        "/api/questions/who-uses-wat",
        "/api/questions/adoption?as_of=someday",
    ],
)
def test_what_is_asked_by_name_is_given_or_mended_alike(
    path: str, here: TestClient, front: TestClient
) -> None:
    mine, its = here.get(path), front.get(path)
    assert (its.status_code, its.content) == (mine.status_code, mine.content)
    assert its.headers["content-type"] == mine.headers["content-type"]
    assert its.headers.get("link") == mine.headers.get("link")


@pytest.mark.parametrize("media", ROWS)
@pytest.mark.parametrize("query", [LABELS, "ASK { ?s ?p 1 }", "SELECT (1/0 AS ?x) (2.50 AS ?y) {}"])
def test_rows_come_in_every_format(
    media: str, query: str, here: TestClient, front: TestClient
) -> None:
    mine, its = asked(here, query, media), asked(front, query, media)
    assert its.status_code == 200
    assert its.content == mine.content
    for header in ("content-type", "dataset-version", "vary"):
        assert its.headers[header] == mine.headers[header]


def test_a_large_answer_is_as_whole_as_a_small_one(here: TestClient, front: TestClient) -> None:
    """More than is held in memory on its way: it lies on disk, here and behind the walls."""
    few = "SELECT ?o ?p ?s WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 300"
    rows = asked(here, few, "text/csv").text.splitlines()[1:]
    query = f"SELECT * {{ {{ {few} }} VALUES ?n {{ {' '.join(map(str, range(200)))} }} }}"
    head, *its = asked(front, query, "text/csv").text.splitlines()
    assert head == "n,o,p,s"
    assert sorted(its) == sorted(f"{number},{row}" for number in range(200) for row in rows)
    zipped = front.get("/sparql", params={"query": query}, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert len(zipped.json()["results"]["bindings"]) == 60_000


@pytest.mark.parametrize("media", GRAPH)
def test_graphs_come_in_every_format(media: str, here: TestClient, front: TestClient) -> None:
    query = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"
    form = RdfFormat.from_media_type(media)
    found = [set(parse(asked(of, query, media).content, format=form)) for of in (here, front)]
    assert len(found[0]) > 100
    assert found[1] == found[0]


def test_a_query_sees_the_graphs_that_it_names(here: TestClient, front: TestClient) -> None:
    graphs = asked(here, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", "text/csv")
    one = graphs.text.split()[1]
    query = COUNT.replace("WHERE", f"FROM <{one}> WHERE")
    for form in (
        {"query": COUNT, "default-graph-uri": one},
        {"query": COUNT, "named-graph-uri": one},
        {"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": one},
        {"query": query},
        {"query": COUNT.replace("WHERE", "FROM <urn:no> WHERE")},
        {"query": "SELECT ?p ?o { <org/ods/RR8> ?p ?o } ORDER BY ?p ?o"},
    ):
        mine, its = here.post("/sparql", data=form), front.post("/sparql", data=form)
        assert (its.status_code, its.json()) == (mine.status_code, mine.json())


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <urn:a> <urn:p> 1 }",
        "DROP ALL",
        "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELEKT",
        "DEFINE get:soft 'replace' SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }",
        "ASK " + "{" * 5000 + "}" * 5000,
    ],
)
def test_what_is_no_query_is_refused_before_the_engine_sees_it(
    query: str, here: TestClient, front: TestClient
) -> None:
    mine, its = asked(here, query), asked(front, query)
    assert its.status_code in {400, 403, 503}
    assert its.json() == mine.json()


def test_an_update_is_refused_however_it_comes(front: TestClient, engine: str) -> None:
    update = "INSERT DATA { <urn:a> <urn:p> 1 }"
    kind = {"content-type": "application/sparql-update"}
    assert problem(front.post("/sparql", content=update, headers=kind)) == (403, "read-only")
    assert problem(front.post("/sparql", data={"update": update})) == (403, "read-only")
    assert problem(front.get("/sparql", params={"update": update})) == (403, "read-only")
    assert not bool(connected(engine).ask("ASK { <urn:a> ?p ?o }"))


def test_an_answer_that_is_known_is_not_given_again(front: TestClient) -> None:
    first = front.get("/sparql", params={"query": LABELS})
    again = {"if-none-match": first.headers["etag"]}
    assert front.get("/sparql", params={"query": LABELS}, headers=again).status_code == 304


@pytest.mark.parametrize(
    "path", ["/", "/editor", "/graphs?default", "/mcp", "/api/export/nquads", "/api/diff", "/id/x"]
)
def test_what_lies_in_a_folder_is_not_given(path: str, front: TestClient) -> None:
    reply = front.get(path, headers={"accept": "text/html"})
    assert problem(reply) == (404, "not-at-an-engine")
    assert "careatlas serve" in reply.json()["detail"]
    assert problem(front.get("/sparql")) == (400, "no-query")
    paths = front.get("/api/openapi.json").json()["paths"]
    assert {one.split("/")[2] for one in paths} == {"questions"}


# ---- another release


@pytest.fixture(scope="module")
def moving(
    small: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, TestClient]]:
    """An engine that tests publish to, and a front before it."""
    with sparql_engines.oxigraph(tmp_path_factory.mktemp("moving")) as url:
        published(small, url)
        with fronted(url, workers=1) as front:
            yield url, front


def test_a_new_publication_is_what_the_next_request_sees(
    small: Release, other: Release, moving: tuple[str, TestClient]
) -> None:
    url, front = moving
    published(small, url)
    before = [asked(front, COUNT), front.get("/api/questions/trusts")]
    assert front.get("/ready").json()["release"] == small.name
    published(other, url)
    assert front.get("/ready").json()["release"] == other.name
    after = [asked(front, COUNT), front.get("/api/questions/trusts")]
    assert {one.headers["dataset-version"] for one in before} == {small.name}
    assert {one.headers["dataset-version"] for one in after} == {other.name}
    assert after[0].json()["results"]["bindings"][0]["n"]["value"] == "1"
    assert (after[1].json()["release"], after[1].json()["rows"]) == (other.name, [])
    assert before[0].headers["etag"] != after[0].headers["etag"]
    assert problem(asked(front, COUNT, release=small.name)) == (404, "no-such-release")
    assert asked(front, COUNT, release=other.name).status_code == 200
    assert f'release="{other.name}"' in front.get("/metrics").text


def test_no_answer_mixes_two_publications(
    small: Release, other: Release, moving: tuple[str, TestClient]
) -> None:
    """What an answer says of its release is true of its rows, whenever the engine is given another."""
    url, front = moving
    sizes = {
        one.name: sum(1 for _ in one.store.quads_for_pattern(None, None, None, DefaultGraph()))
        for one in (small, other)
    }
    seen: list[tuple[str, int]] = []
    told: set[tuple[int, str]] = set()
    done = threading.Event()

    def read(mark: int) -> None:
        at = 0
        while not done.is_set():
            at += 1
            reply = asked(front, f"{COUNT} # {mark} {at}")
            if reply.status_code == 200:
                count = reply.json()["results"]["bindings"][0]["n"]["value"]
                seen.append((reply.headers["dataset-version"], int(count)))
            else:
                told.add(problem(reply))
                assert reply.headers["retry-after"]

    published(small, url)
    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read, mark) for mark in range(2)]
        for at in range(4):
            published((other, small)[at % 2], url)
        done.set()
        for one in reading:
            one.result()
    assert set(seen) == set(sizes.items())
    assert told <= {(503, "release-changed")}


# ---- an engine that fails: what stands between changes what it says

Tamper = Callable[[BaseHTTPRequestHandler, httpx.Response, bytes], None]


def honest(to: BaseHTTPRequestHandler, said: httpx.Response, _: bytes) -> None:
    """Pass on what the engine says."""
    answered(to, said.status_code, said.headers["content-type"], said.content)


def answered(to: BaseHTTPRequestHandler, status: int, media: str, body: bytes) -> None:
    to.send_response(status)
    to.send_header("content-type", media)
    to.send_header("content-length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


@dataclass
class Between:
    """A server between the front and its engine."""

    url: str = ""
    tamper: Tamper = honest
    at_once: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def between(engine: str) -> Iterator[Between]:
    state = Between()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with state.lock:
                state.at_once += MARKED not in body
                state.most = max(state.most, state.at_once)
            try:
                headers = {name: self.headers[name] for name in ("content-type", "accept")}
                said = httpx.post(f"{engine}{self.path}", content=body, headers=headers)
                state.tamper(self, said, body)
            finally:
                with state.lock:
                    state.at_once -= MARKED not in body

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def way(engine: str) -> Iterator[Between]:
    with between(engine) as one:
        yield one


@pytest.fixture(scope="module")
def behind(way: Between) -> Iterator[TestClient]:
    """A front whose engine is reached by way of what changes its answers."""
    with fronted(way.url, workers=1, slow=1, seconds=10) as one:
        yield one


@pytest.fixture(autouse=True)
def _honest_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "way" in request.fixturenames:
        request.getfixturevalue("way").tamper = honest


def of_answers(change: Tamper) -> Tamper:
    """Change the answers to queries, and leave the mark as it is."""

    def play(to: BaseHTTPRequestHandler, said: httpx.Response, body: bytes) -> None:
        (honest if MARKED in body else change)(to, said, body)

    return play


def half(to: BaseHTTPRequestHandler, said: httpx.Response, _: bytes) -> None:
    """Break the connection in the middle of an answer."""
    to.send_response(200)
    to.send_header("content-type", said.headers["content-type"])
    to.send_header("content-length", str(len(said.content)))
    to.end_headers()
    to.wfile.write(said.content[: len(said.content) // 2])
    to.close_connection = True


def short(to: BaseHTTPRequestHandler, said: httpx.Response, _: bytes) -> None:
    """Give a part of an answer as if it were whole."""
    answered(to, 200, said.headers["content-type"], said.content[: len(said.content) // 2])


def refusing(status: int) -> Tamper:
    return lambda to, _, __: answered(to, status, "text/plain", b"not now")


@pytest.mark.parametrize(
    ("change", "told", "retry"),
    [
        (half, (502, "answer-cut"), True),
        (short, (502, "answer-cut"), False),
        (refusing(503), (502, "engine-refused"), True),
        (refusing(500), (502, "engine-refused"), True),
        (refusing(403), (502, "engine-refused"), False),
    ],
)
def test_a_failing_engine_is_told_of_and_nothing_of_its_answer_shown(
    change: Tamper, told: tuple[int, str], retry: bool, way: Between, behind: TestClient
) -> None:
    way.tamper = of_answers(change)
    mark = f"{change} {told}".replace("\n", "")
    for reply in (asked(behind, f"{LABELS} # {mark}"), behind.get("/api/questions/conflicts")):
        assert problem(reply) == told
        assert ("retry-after" in reply.headers) == retry
        assert "127.0.0.1" not in reply.text
    way.tamper = honest
    assert len(asked(behind, f"{LABELS} # {mark}", "text/csv").text.splitlines()) == 51


def test_another_publication_during_an_answer_is_no_answer(
    way: Between, behind: TestClient
) -> None:
    left = iter([honest, honest])

    def renamed(to: BaseHTTPRequestHandler, said: httpx.Response, body: bytes) -> None:
        if next(left, None):
            honest(to, said, body)
            return
        token = said.json()["results"]["bindings"][0]["token"]["value"]
        answered(to, 200, said.headers["content-type"], said.content.replace(token.encode(), b"x"))

    way.tamper = renamed
    reply = asked(behind, f"{COUNT} # renamed")
    assert problem(reply) == (503, "release-changed")
    assert reply.headers["retry-after"] == "1"


def test_what_is_being_published_is_not_ready(way: Between, behind: TestClient) -> None:
    def unmarked(to: BaseHTTPRequestHandler, said: httpx.Response, _: bytes) -> None:
        told = said.json()
        told["results"]["bindings"] = []
        answered(to, 200, said.headers["content-type"], json.dumps(told).encode())

    way.tamper = unmarked
    for reply in (behind.get("/ready"), asked(behind, COUNT), behind.get("/api/questions/trusts")):
        assert problem(reply) == (503, "no-release")
        assert int(reply.headers["retry-after"]) > 0
    assert behind.get("/health").status_code == 200
    assert behind.get("/metrics").status_code == 200
    way.tamper = honest
    assert behind.get("/ready").status_code == 200


@contextmanager
def hanging(way: Between, *, marks: bool = False) -> Iterator[None]:
    """An engine that tells its mark, or not even that, and then nothing."""
    gone = threading.Event()

    def waits(to: BaseHTTPRequestHandler, _: httpx.Response, __: bytes) -> None:
        gone.wait(20)
        to.close_connection = True

    way.tamper = waits if marks else of_answers(waits)
    try:
        yield
    finally:
        gone.set()
        way.tamper = honest


def test_so_many_queries_are_with_the_engine_and_no_more(way: Between, behind: TestClient) -> None:
    """One short, one long, and two that wait for their turn: others are sent away."""
    way.most = 0
    with hanging(way), ThreadPoolExecutor(12) as threads:
        replies = threads.map(lambda at: asked(behind, f"{COUNT} # {at}", timeout="3"), range(12))
        # Before the first of them is given up: an engine does not see that, nor does this one.
        sleep(1.5)
        most = way.most
        told = {problem(reply) for reply in replies}
    assert told <= {(504, "time-limit"), (503, "too-many-long-queries"), (503, "busy")}
    assert (504, "time-limit") in told
    assert len(told) > 1
    assert 2 <= most <= 2 * 1 + 3 * 1
    assert asked(behind, f"{COUNT} # after").status_code == 200


def test_an_engine_that_does_not_tell_what_it_holds_is_too_slow(
    way: Between, behind: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = behind.app.state.service  # type: ignore[attr-defined]
    monkeypatch.setattr(service.engine.wire, "seconds", 0.3)
    with hanging(way, marks=True):
        reply = behind.get("/ready")
        assert problem(reply) == (504, "engine-slow")
        assert int(reply.headers["retry-after"]) > 0
        assert behind.get("/health").status_code == 200


def test_a_query_is_ended_by_whoever_asked(way: Between, behind: TestClient) -> None:
    with hanging(way), ThreadPoolExecutor(1) as threads:
        begun = monotonic()
        headers = {"query-id": "my-query"}
        waits = threads.submit(
            behind.post, "/sparql", data={"query": f"{COUNT} # ended"}, headers=headers
        )
        while not behind.get("/sparql/queries").json():
            sleep(0.01)
        assert behind.delete("/sparql/queries/my-query").status_code == 204
        assert problem(waits.result()) == (503, "ended-by-client")
        assert monotonic() - begun < 5


def test_a_query_ends_in_its_time(front: TestClient) -> None:
    begun = monotonic()
    reply = asked(front, LONG, timeout="0.5")
    assert problem(reply) == (504, "time-limit")
    assert "0.5 seconds" in reply.json()["detail"]
    assert monotonic() - begun < 5
    assert asked(front, "ASK {}").json()["boolean"] is True


def test_an_engine_that_is_gone_is_missed_until_it_is_back(
    small: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"{sparql_engines.HOST}:{sparql_engines.free_port()}"
    url, store = f"http://{address}", tmp_path / "store"
    program = sparql_engines.command("oxigraph", "oxigraph with pip")
    line = [program, "serve", "--bind", address, "--location", str(store)]
    with contextlib.ExitStack() as stack:
        with sparql_engines.running(line, url, tmp_path):
            published(small, url)
            front = stack.enter_context(fronted(f"http://me:secret@{address}"))
            known = asked(front, COUNT)
            assert known.status_code == 200
        for reply in (asked(front, COUNT), asked(front, LABELS), front.get("/ready")):
            assert problem(reply) == (502, "engine-unreachable")
            assert int(reply.headers["retry-after"]) > 0
        assert front.get("/health").text == "ok\n"
        with sparql_engines.running(line, url, tmp_path):
            assert asked(front, COUNT).content == known.content
            assert asked(front, LABELS).status_code == 200
            assert front.get("/ready").json()["release"] == small.name
    assert "cannot be reached" in caplog.text
    said = [one.getMessage() for one in caplog.records if one.name.startswith("careatlas")]
    assert "secret" not in " ".join(said)


# ---- the command


def test_the_command_serves_what_the_engine_holds(
    small: Release, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREATLAS_ENGINE", engine.replace("//", "//me:secret@"))
    monkeypatch.setenv("CAREATLAS_ENGINE_TIMEOUT", "0.5")
    with serve(Path("/nowhere"), tmp_path / "log") as server:
        assert httpx.get(f"{server.url}/ready").json()["release"] == small.name
        assert server.sparql(COUNT).status_code == 200
        reply = server.sparql(LONG)
        assert problem(reply) == (504, "time-limit")
        assert "0.5 seconds" in reply.json()["detail"]
    log = server.log.read_text(encoding="utf-8")
    assert "/sparql" in log
    assert "secret" not in log


def test_without_an_engine_the_command_says_so_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREATLAS_ENGINE", "http://me:secret@127.0.0.1:1")
    assert main(["serve", "--home", str(tmp_path / "none"), "--port", "0"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "cannot be reached" in said[0]
    assert "secret" not in said[0]
    assert list(tmp_path.iterdir()) == []
