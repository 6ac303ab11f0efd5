"""Publishing: a release goes to an engine elsewhere, whole before anybody reads it there."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Store, serialize

from careatlas.graph import virtuoso
from careatlas.graph.engine import MARK, Publication, Remote, marked
from careatlas.graph.engine_errors import NotPublishedError, OccupiedError, RefusedError
from careatlas.graph.release import Release
from careatlas.graph.terms import ID

_NQUADS = "application/n-quads"
_TURTLE = "text/turtle"
_UPDATE = "application/sparql-update"
_BLOCK = 20_000
"""So many statements go in one request where a whole release cannot."""
_STORES = {"query": ("store", "data", "statements"), "sparql": ("store", "data")}
_NOT_THERE = frozenset({400, 404, 405, 406, 415, 501})
_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_DEFAULT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

Say = Callable[[str], None]


def publish(release: Release, engine: Remote, say: Say, *, replace: bool = False) -> Publication:
    """Send a release to an engine, in place of the one that is there; readers see one or the other.

    Raises:
        OccupiedError: the engine holds something else, and nobody said that it may go.
        EngineError: it takes no release, or not all of it.
    """
    if not replace and engine.published() is None and _holds_other(engine):
        raise OccupiedError(engine.url)
    publication = Publication(release.name, secrets.token_hex(8))
    marks = list(marked(publication, {"labels": release.labels, "manifest": release.manifest}))
    if engine.is_virtuoso:
        _by_graphs(release.store, engine, marks, say)
    elif not _at_once(release.store, engine, marks):
        _by_updates(release.store, engine, marks, say)
    return publication


def _holds_other(engine: Remote) -> bool:
    if engine.is_virtuoso:
        return False  # it always has graphs of its own, and only ours are touched
    return bool(engine.ask("ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"))


def _at_once(store: Store, engine: Remote, marks: list[Quad]) -> bool:
    """Put the whole dataset in one request, where the engine takes it: one transaction there."""
    base, _, last = engine.url.rpartition("/")
    for place in _STORES.get(last, ()):
        with TemporaryFile() as file:
            store.dump(file, format=RdfFormat.N_QUADS)
            serialize(marks, file, RdfFormat.N_QUADS)
            file.seek(0)
            try:
                engine.wire.send(
                    "PUT", f"{base}/{place}", _NQUADS, iter(lambda: file.read(1 << 16), b"")
                )
            except RefusedError as error:
                if error.status not in _NOT_THERE:
                    raise
                continue
        try:
            _verify(store, engine)
        except NotPublishedError:
            _unmark(engine, f"{base}/update")
            raise
        return True
    return False


def _by_updates(store: Store, engine: Remote, marks: list[Quad], say: Say) -> None:
    """Send the statements by SPARQL 1.1 Update, the mark last."""
    url = f"{engine.url.rpartition('/')[0]}/update"

    def update(text: str) -> None:
        engine.wire.send("POST", url, _UPDATE, text.encode())

    update(f"DROP SILENT GRAPH {MARK} ; INSERT DATA {{ GRAPH {MARK} {{ {_triple(marks[0])} }} }}")
    update("DROP SILENT DEFAULT")
    for old in _graphs(engine):
        if old != MARK:
            update(f"DROP SILENT GRAPH {old}")
    for graph, quads in _by_graph(store):
        say(f"sending {graph}")
        for block in _blocks(quads):
            lines = " ".join(map(_triple, block))
            inner = lines if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{ {lines} }}"
            update(f"INSERT DATA {{ {inner} }}")
    _verify(store, engine)
    for block in _blocks(marks):
        update(f"INSERT DATA {{ GRAPH {MARK} {{ {' '.join(map(_triple, block))} }} }}")


def _by_graphs(store: Store, engine: Remote, marks: list[Quad], say: Say) -> None:
    """Send each graph by the Graph Store Protocol, the mark last; the default graph has a name there."""
    url = f"{engine.url.rpartition('/')[0]}/sparql-graph-crud-auth?graph-uri="

    def put(graph: str, quads: Iterable[Quad]) -> None:
        method = "PUT"
        for block in _blocks(quads):
            triples = serialize((quad.triple for quad in block), format=RdfFormat.N_TRIPLES)
            engine.wire.send(method, url + graph, _TURTLE, triples)
            method = "POST"

    put(MARK.value, marks[:1])
    ours = {f"<{virtuoso.DEFAULT}>", *(str(graph) for graph in store.named_graphs())}
    for old in _graphs(engine):
        if old.value.startswith(ID) and old != MARK and str(old) not in ours:
            engine.wire.send("DELETE", url + old.value, _TURTLE, None)
    for graph, quads in _by_graph(store):
        say(f"sending {graph}")
        put(virtuoso.DEFAULT if isinstance(graph, DefaultGraph) else graph.value, quads)
    _verify(store, engine)
    put(MARK.value, marks)


def _verify(store: Store, engine: Remote) -> None:
    """See that the engine holds as many statements as the release, in each graph.

    Raises:
        NotPublishedError: it does not.
    """
    there = _graphs(engine)
    for graph, quads in _by_graph(store):
        sent = sum(1 for _ in quads)
        if isinstance(graph, DefaultGraph):
            found = engine.ask(_DEFAULT)
            held = (
                next((int(row[0].value) for row in found), 0)
                if isinstance(found, QuerySolutions)
                else 0
            )
        else:
            held = there.get(graph, 0)
        if held != sent:
            raise NotPublishedError(engine.url, f"{held} of {sent} statements of {graph} are there")


def _unmark(engine: Remote, url: str) -> None:
    engine.wire.send("POST", url, _UPDATE, f"DROP SILENT GRAPH {MARK}".encode())


def _graphs(engine: Remote) -> dict[NamedNode, int]:
    """The named graphs of an engine, with the number of their statements."""
    found = engine.ask(_GRAPHS)
    rows = list(found) if isinstance(found, QuerySolutions) else []
    return {row[0]: int(row[1].value) for row in rows if isinstance(row[0], NamedNode)}


def _by_graph(store: Store) -> Iterator[tuple[NamedNode | DefaultGraph, Iterator[Quad]]]:
    named = sorted((one for one in store.named_graphs() if isinstance(one, NamedNode)), key=str)
    graphs: list[NamedNode | DefaultGraph] = [DefaultGraph(), *named]
    for graph in graphs:
        yield graph, store.quads_for_pattern(None, None, None, graph)


def _blocks(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    rest = iter(quads)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _triple(quad: Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} ."
