"""A release in a real SPARQL engine answers as it does here, or says in one line why it does not."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import pytest
import sparql_engines
from pyoxigraph import NamedNode, Quad, Store

import careatlas
from careatlas.cli import main
from careatlas.graph import engine_wire
from careatlas.graph.answer import Answer, answer
from careatlas.graph.brought import Brought
from careatlas.graph.dataset import Asked
from careatlas.graph.engine import MARK, Publication, Remote, connected, marked
from careatlas.graph.engine_errors import (
    CutAnswerError,
    DifferentAnswerError,
    EngineError,
    NotPublishedError,
    OccupiedError,
    RefusedError,
    ReleaseChangedError,
    SlowEngineError,
    UnreachableError,
)
from careatlas.graph.engine_wire import RESULTS, Wire, parsed
from careatlas.graph.labels import Labels
from careatlas.graph.publishing import publish
from careatlas.graph.questions import get, names
from careatlas.graph.release import Release, Releases
from careatlas.graph.virtuoso import DEFAULT

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
TWO = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}},{}]}}'


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def small(small_home: Path) -> Release:
    return Releases(small_home).current()


@pytest.fixture(scope="module")
def oxigraph(small: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sparql_engines.oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        publish(small, connected(url), quiet)
        yield url


@pytest.fixture(scope="module")
def oxigraph_shipped(
    release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Remote]:
    with sparql_engines.oxigraph(tmp_path_factory.mktemp("oxigraph-shipped")) as url:
        publish(release, connected(url), quiet)
        yield connected(url)


def narrowed(found: Answer, labels: Labels) -> dict[str, str]:
    """A value for one parameter that the answer has rows for; else a day."""
    for parameter in found.question.parameters:
        if parameter.name in found.columns and parameter.type not in {"date", "decimal", "integer"}:
            at = found.columns.index(parameter.name)
            for value in dict.fromkeys(row[at] for row in found.rows if row[at]):
                try:
                    answer(Store(), labels, found.question, {parameter.name: value})
                except (LookupError, ValueError):
                    continue
                return {parameter.name: value}
    return {"as_of": "2025-05-31"}


def differing(release: Release, engine: Asked, asked: Iterable[str], *, narrow: bool) -> list[str]:
    """The questions that an engine answers otherwise, whole or narrowed."""
    labels, found = Labels(release.labels), []
    for name in asked:
        question = get(name)
        whole = answer(release.store, labels, question, {})
        alike = answer(engine, labels, question, {}) == whole
        if alike and narrow:
            values = narrowed(whole, labels)
            own = answer(release.store, labels, question, values)
            alike = answer(engine, labels, question, values) == own
        if not alike:
            found.append(name)
    return found


@pytest.mark.long
def test_oxigraph_answers_each_question_row_by_row(
    release: Release, oxigraph_shipped: Remote
) -> None:
    assert differing(release, oxigraph_shipped, names(), narrow=True) == []


@pytest.fixture(scope="module")
def on_virtuoso(small: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with sparql_engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as url:
        publish(small, connected(url), quiet)
        yield connected(url)


@pytest.mark.long
def test_virtuoso_answers_each_question_row_by_row(small: Release, on_virtuoso: Remote) -> None:
    assert differing(small, on_virtuoso, names(), narrow=True) == []


def test_virtuoso_is_given_another_release_and_keeps_nothing_of_the_first(
    small: Release, on_virtuoso: Remote
) -> None:
    graphs = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    answer(on_virtuoso, Labels(small.labels), get("adoption"), {})
    before = [str(row) for row in on_virtuoso.ask(graphs)]  # type: ignore[union-attr]
    publish(small, on_virtuoso, quiet)
    assert [str(row) for row in on_virtuoso.ask(graphs)] == before  # type: ignore[union-attr]
    with pytest.raises(ReleaseChangedError):
        on_virtuoso.query(COUNT)
    with pytest.raises(ReleaseChangedError):
        answer(on_virtuoso, Labels(small.labels), get("adoption"), {})
    again = connected(on_virtuoso.url)
    assert bool(again.query("ASK { ?s a ?c }"))
    on_virtuoso.pinned = None


def test_what_virtuoso_cuts_at_its_limit_is_none(small: Release, tmp_path: Path) -> None:
    with sparql_engines.virtuoso(tmp_path, most=50) as url:
        engine = connected(url)
        for at in range(60):
            one = f"<urn:{at}> <urn:p> {at} ."
            place = f"{url}sparql-graph-crud-auth?graph-uri={DEFAULT}"
            engine.wire.send("POST", place, "text/turtle", one.encode())
        with pytest.raises(CutAnswerError, match="50"):
            engine.ask("SELECT ?s WHERE { ?s ?p ?o }")
        # It cuts a CONSTRUCT unsaid.
        with pytest.raises(CutAnswerError, match="of 60 statements"):
            Brought(url, engine.ask, ()).query("SELECT ?s WHERE { ?s <urn:p> ?o }")
        with pytest.raises(DifferentAnswerError, match="CONSTRUCT"):
            engine.query("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "who-uses-what", "--format", "json"),
        ("ask", "adoption", "--format", "table"),
        ("ask", "trusts"),
        ("sparql", COUNT),
        ("sparql", "ASK { ?s a ?c }"),
        (
            "sparql",
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g ORDER BY ?n ?g",
        ),
        ("sparql", "SELECT (1.50 / 3 AS ?a) (1/0 AS ?b) ('x'@en AS ?c) (true AS ?d) {}"),
        ("sparql", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } ORDER BY ?s ?c LIMIT 1"),
    ],
)
def test_the_command_prints_the_same(
    arguments: tuple[str, ...],
    small_home: Path,
    oxigraph: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = main([*arguments, "--home", str(small_home)]), capsys.readouterr().out
    monkeypatch.setenv("CAREATLAS_ENGINE", oxigraph)
    there = main([*arguments, "--home", "/nowhere"]), capsys.readouterr().out
    assert here[0] == 0
    # The mark is a graph more, and only who asks for graphs sees it.
    assert [x for x in there[1].splitlines() if MARK.value not in x] == here[1].splitlines()
    assert there[0] == 0


def test_python_is_given_the_same(
    small_home: Path, oxigraph: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = careatlas.open(small_home)
    monkeypatch.setenv("CAREATLAS_ENGINE", oxigraph)
    there = careatlas.open()
    assert repr(there) == repr(here)
    mine, other = here.ask("who-uses-what"), there.ask("who-uses-what")
    assert list(other) == list(mine)
    assert list(there.evidence(other[0])) == list(here.evidence(mine[0]))
    assert sorted(there.graph().edges) == sorted(here.graph().edges)
    assert list(there.find("NHS Foundation Trust")) == list(here.find("NHS Foundation Trust"))


def test_the_command_says_what_it_cannot(
    small_home: Path,
    oxigraph: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["publish", "--home", str(small_home)]) == 2
    assert main(["publish", "--home", str(small_home), "--to", "http://127.0.0.1:1"]) == 1
    monkeypatch.setenv("CAREATLAS_ENGINE", oxigraph)
    assert main(["ask", "trusts", "--release", "no"]) == 1
    assert main(["sparql", "SELEKT"]) == 2
    monkeypatch.setenv("CAREATLAS_ENGINE_TIMEOUT", "soon")
    assert main(["ask", "trusts"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 5, said
    assert ["--to" in said[0], "cannot be reached" in said[1], "--release" in said[2]] == [True] * 3
    assert ["SPARQL" in said[3], "CAREATLAS_ENGINE_TIMEOUT" in said[4]] == [True] * 2


def test_another_release_takes_the_place_of_the_first_and_is_never_mixed_with_it(
    small: Release, tmp_path: Path
) -> None:
    other = Releases(tmp_path / "other").publish(
        [Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:b"), NamedNode("urn:g"))],
        {},
        {"release": "0" * 16, "as_of": "2025-01-01"},
        "",
    )
    releases = {small.name: small, other.name: other}
    sizes = {
        one.name: len(list(one.store.quads_for_pattern(None, None, None, None)))
        for one in releases.values()
    }
    others = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {MARK})"
    pair = f"SELECT ?g ?s ?p ?o {{ {{ ?s ?p ?o }} UNION {{ {others} }} }}"
    with sparql_engines.oxigraph(tmp_path) as url:
        publish(other, connected(url), quiet)
        done, faults, seen = threading.Event(), [], set()

        def read() -> None:
            while not done.is_set():
                try:
                    engine = connected(url)
                    rows = sum(1 for _ in engine.query(pair))
                    seen.add(engine.publication.name)
                    if rows != sizes[engine.publication.name]:
                        faults.append(rows)
                except (ReleaseChangedError, NotPublishedError):
                    continue

        readers = [threading.Thread(target=read) for _ in range(2)]
        for one in readers:
            one.start()
        for at in range(8):
            publish((small, other)[at % 2], connected(url), quiet)
        done.set()
        for one in readers:
            one.join()
        held = connected(url)
        assert held.publication.name == other.name
        publish(small, connected(url), quiet)
        with pytest.raises(ReleaseChangedError, match="ask again"):
            held.query(COUNT)
    assert faults == []
    assert seen <= set(releases)


def test_a_release_that_is_not_whole_there_is_not_read(small: Release, tmp_path: Path) -> None:
    with sparql_engines.oxigraph(tmp_path) as url:
        engine = connected(url)
        with pytest.raises(NotPublishedError, match="none was published"):
            engine.query(COUNT)
        engine.wire.send("PUT", f"{url}/store?default", "text/turtle", b"<urn:a> <urn:p> 1 .")
        with pytest.raises(OccupiedError, match="--replace"):
            publish(small, engine, quiet)
        first = next(marked(Publication(small.name, ""), {}))
        engine.wire.send("POST", f"{url}/store", "application/n-quads", f"{first} .".encode())
        with pytest.raises(NotPublishedError, match="is being published"):
            engine.query(COUNT)
        publish(small, engine, quiet)
        assert connected(url).publication.name == small.name


def test_an_engine_that_takes_updates_alone_is_given_the_release_too(
    small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careatlas.graph.publishing._STORES", {"query": ("nothing",)})
    with sparql_engines.oxigraph(tmp_path) as url:
        publish(small, connected(url), quiet)
        publish(small, connected(url), quiet)
        assert differing(small, connected(url), ["who-uses-what"], narrow=True) == []
        found = connected(url).told("labels")
    assert found == small.labels


# Faults on the way: a server of a few lines says each in turn.

Script = Callable[[BaseHTTPRequestHandler], None]


def whole(
    body: bytes = TWO,
    media: str = RESULTS,
    status: int = 200,
    more: Mapping[str, str] | None = None,
) -> Script:
    def play(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in ({"content-type": media} | dict(more or {})).items():
            to.send_header(name, value)
        to.send_header("content-length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return play


def cut(at: int, *, chunked: bool = False, said: bool = True) -> Script:
    """A body that ends too early; where no length is said, only the text itself can tell."""

    def play(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("content-type", RESULTS)
        if chunked:
            to.send_header("transfer-encoding", "chunked")
        elif said:
            to.send_header("content-length", str(len(TWO)))
        to.end_headers()
        to.wfile.write(b"%x\r\n%s\r\n" % (at, TWO[:at]) if chunked else TWO[:at])
        to.close_connection = True

    return play


@contextmanager
def faulty(*scripts: Script) -> Iterator[str]:
    """A server that plays a script for each request, the last again and again."""
    left = list(scripts)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            (left.pop(0) if len(left) > 1 else left[0])(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_wire, "PAUSES", (0.01, 0.01))


def rows(url: str, seconds: float = 5) -> int:
    found = parsed(url, Wire(seconds).read(url, COUNT))
    return sum(1 for _ in found)  # type: ignore[union-attr]


@pytest.mark.parametrize("fault", [500, 502, 503, 504])
def test_a_server_that_fails_once_is_asked_again(fault: int) -> None:
    with faulty(whole(b"busy", "text/plain", fault), whole()) as url:
        assert rows(url) == 2


def test_a_server_that_always_fails_is_given_up() -> None:
    with (
        faulty(whole(b"busy", "text/plain", 503)) as url,
        pytest.raises(RefusedError, match="refused: 503 busy"),
    ):
        rows(url)


def test_what_is_refused_is_not_asked_again() -> None:
    with faulty(whole(b"no", "text/plain", 403), whole()) as url:
        with pytest.raises(RefusedError, match="403"):
            rows(url)
        assert rows(url) == 2


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("at", [0, 1, 20, 40, 60, len(TWO) - 2, len(TWO) - 1])
def test_a_cut_answer_is_none(at: int, said: bool) -> None:
    with faulty(cut(at, said=said)) as url, pytest.raises(CutAnswerError, match="none is shown"):
        rows(url)


@pytest.mark.parametrize("at", [1, 40, len(TWO)])
def test_a_cut_answer_in_chunks_is_none(at: int) -> None:
    with faulty(cut(at, chunked=True)) as url, pytest.raises(CutAnswerError):
        rows(url)


@pytest.mark.parametrize(
    "reply",
    [
        whole(media="text/html"),
        whole(b"n\n1\n", "text/csv"),
        whole(more={"X-SQL-State": "S1TAT", "X-SQL-Message": "incomplete results"}),
        whole(more={"X-Partial-Result": "true"}),
        whole(more={"X-SPARQL-MaxRows": "2"}),
        whole(TWO[:-1] + b",}"),
        whole(b"{}"),
        whole(b"\xff" + TWO),
    ],
)
def test_an_answer_that_may_be_a_part_is_none(reply: Script) -> None:
    with faulty(reply) as url, pytest.raises(CutAnswerError, match="none is shown"):
        rows(url)


def test_statements_are_read_to_their_end() -> None:
    body = (
        b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="urn:a"><p xmlns="urn:" rdf:resource="urn:b"/></rdf:Description>'
    )
    construct = "CONSTRUCT WHERE { ?s ?p ?o }"
    media = "application/rdf+xml"
    with faulty(whole(body + b"</rdf:RDF>", media), whole(body, media)) as url:
        found = parsed(url, Wire().read(url, construct))
        assert [str(one.object) for one in found] == ["<urn:b>"]  # type: ignore[union-attr]
        with pytest.raises(CutAnswerError):
            Wire().read(url, construct)


def test_a_server_that_hangs_or_drips_is_left() -> None:
    gone = threading.Event()

    def drips(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("content-type", RESULTS)
        to.send_header("content-length", str(len(TWO)))
        to.end_headers()
        for at in range(len(TWO)):
            if gone.wait(0.02):
                break
            try:
                to.wfile.write(TWO[at : at + 1])
                to.wfile.flush()
            except OSError:
                break
        to.close_connection = True

    for script in (lambda _: gone.wait(10), drips):
        begun = monotonic()
        with faulty(script) as url:
            with pytest.raises(SlowEngineError, match="CAREATLAS_ENGINE_TIMEOUT"):
                rows(url, 0.3)
            gone.set()
        gone.clear()
        assert monotonic() - begun < 5


def test_nobody_there_is_said_without_the_password() -> None:
    with pytest.raises(UnreachableError) as raised:
        connected("http://user:secret@127.0.0.1:1/query")
    assert "secret" not in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_no_answer_of_a_release_that_another_replaced_meanwhile() -> None:
    def mark(token: str) -> Script:
        said = {"name": {"type": "literal", "value": "a" * 16}}
        if token:
            said["token"] = {"type": "literal", "value": token}
        told = {"head": {"vars": ["name", "token"]}, "results": {"bindings": [said]}}
        return whole(json.dumps(told).encode())

    with faulty(mark("1"), mark("1"), whole(), mark("1"), whole(), mark("2")) as url:
        engine = connected(url)
        assert sum(1 for _ in engine.query(COUNT)) == 2
        with pytest.raises(ReleaseChangedError):
            engine.query(COUNT)
    with faulty(mark("1"), mark(""), whole()) as url, pytest.raises(EngineError):
        connected(url).query(COUNT)
