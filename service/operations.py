"""What a worker can do with a release: run a query, answer a question, compare, export."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from careatlas.graph import diff as changes
from careatlas.graph import export as export_files
from careatlas.graph.answer import Answer, Cohort, ParameterError, answer, cohort, term, typed
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.questions import Question, get
from careatlas.graph.release import Release
from careatlas.graph.terms import ID
from careatlas.service import media
from careatlas.service.evidence import sources
from careatlas.service.problems import Problem
from careatlas.service.route_job import find_routes

if TYPE_CHECKING:
    from careatlas.graph.engine import Remote, RemoteRelease

    Held = Release | RemoteRelease

Job = Mapping[str, Any]
Found = QuerySolutions | QueryBoolean | QueryTriples


class Output(export_files.Output, Protocol):
    """Where an answer is written to, after what is to be known of it first."""

    head: dict[str, Any]


def query(releases: "Sequence[Held]", job: Job, output: Output) -> None:
    """Run a SPARQL query and write its result in the media type negotiated for its kind."""
    store = releases[0].store
    for name in job["from"]:
        if not _has(store, _graph(name)):
            raise Problem(
                400,
                "no-such-graph",
                f"the release has no graph <{name}>: see /graphs; nothing is fetched",
            )
    found = _here(store, job) if isinstance(store, Store) else _elsewhere(store, job)
    kind = "rows" if isinstance(found, QuerySolutions | QueryBoolean) else "graph"
    chosen = job["media"][kind]
    if chosen is None:
        raise media.not_acceptable(kind)
    output.head["media"] = chosen
    if isinstance(found, QuerySolutions | QueryBoolean):
        found.serialize(cast("IO[bytes]", output), media.ROWS[chosen])
    else:
        form = media.GRAPH[chosen]
        abbreviated = export_files.PREFIXES if form in {RdfFormat.TURTLE, RdfFormat.TRIG} else None
        serialize(found, cast("IO[bytes]", output), form, prefixes=abbreviated)


def _has(store: "Store | Remote", graph: NamedNode) -> bool:
    if isinstance(store, Store):
        return store.contains_named_graph(graph)
    return bool(store.query(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}"))


def _here(store: Store, job: Job) -> Found:
    protocol = job["default_graphs"] is not None or job["named_graphs"] is not None
    return store.query(
        job["query"],
        base_iri=ID,
        default_graph=[_graph(name) for name in job["default_graphs"] or ()] if protocol else None,
        named_graphs=[_graph(name) for name in job["named_graphs"] or ()] if protocol else None,
    )


def _elsewhere(store: "Remote", job: Job) -> Found:
    """What an engine elsewhere gives, after the text was read here: only SPARQL 1.1 gets there."""
    _here(Store(), job)
    if job["from"]:
        store.allow_graphs()
    fields = {"default-graph-uri": "default_graphs", "named-graph-uri": "named_graphs"}
    graphs = {field: job[name] for field, name in fields.items() if job[name]}
    return store.query(f"BASE <{ID}> {job['query']}", graphs)


def _graph(name: str) -> NamedNode:
    """The graph of this name; one that the release has not is empty, and is not fetched.

    Raises:
        Problem: the name is no IRI.
    """
    try:
        return NamedNode(name)
    except ValueError as wrong:
        raise Problem(400, "no-such-graph", str(wrong)) from None


def ask(releases: "Sequence[Held]", job: Job, output: Output) -> None:
    """Answer a question of the catalogue, as a card in JSON."""
    release = releases[0]
    question = get(job["question"])
    labels = Labels(release.labels)
    for name, value in job["values"].items():
        _check(question, name, value, labels)
    found = answer(release.store, labels, question, job["values"], rows_alone=True)
    if question.cohort:
        found = replace(found, cohort=_counted(release, question.cohort, job["values"]))
    output.head["media"] = "application/json"
    # A day is written as text: JSON has none.
    output.write(json.dumps(card(found, release), ensure_ascii=False, default=str).encode())


def each(releases: "Sequence[Held]", job: Job, output: Output) -> None:
    """Answer several questions, each in a line of JSON."""
    for one in job["jobs"]:
        ask(releases, one, output)
        output.write(b"\n")


def _counted(release: "Held", source: str, values: Mapping[str, str]) -> Cohort | None:
    """Who was asked by a source, which the worker counts once for each day that is asked for."""
    key = (source, values.get("as_of", ""), values.get("known_by", ""))
    if key not in release.counted:
        release.counted[key] = cohort(release.store, source, values)
    return cast("Cohort | None", release.counted[key])


def _check(question: Question, name: str, value: str, labels: Labels) -> None:
    """Say of one value alone what is wrong with it, with the name of its field."""
    try:
        term(question.parameter[name], value, labels)
    except ParameterError as error:
        raise Problem(422, "wrong-parameter", error.problem, field=name) from None
    except UnknownNameError as error:
        raise Problem(422, "unknown-name", str(error), field=name, nearest=error.nearest) from None
    except AmbiguousNameError as error:
        raise Problem(422, "ambiguous-name", str(error), field=name, found=error.found) from None


def card(found: Answer, release: "Held") -> dict[str, Any]:
    """An answer with all that it rests on, its cells in the types of their columns."""
    rows = typed(found)
    return {
        "question": found.question.name,
        "title": found.question.title,
        "release": release.name,
        "columns": list(found.columns),
        "rows": rows,
        "sources": sources(release, rows),
        "counting_rule": found.question.description,
        "cohort": found.cohort.__dict__ if found.cohort else None,
        "not_known": list(found.not_known),
        "query": found.query,
    }


def diff(releases: list[Release], job: Job, output: Output) -> None:
    """What changed from one release to the next, as rows in JSON."""
    before, after = releases
    rows = [change._asdict() for change in changes.diff(before.store, after.store)]
    output.head["media"] = "application/json"
    found = {"before": before.name, "after": after.name, "changes": rows}
    output.write(json.dumps(found, ensure_ascii=False).encode())


def export(releases: list[Release], job: Job, output: Output) -> None:
    """All quads of a release, or a view of it, in a format of RDF or of networks."""
    kind, view = job["format"], job["view"]
    output.head["media"] = (media.EXPORTS | media.NETWORKS)[kind]
    if kind in media.EXPORTS and view is None:
        export_files.write(releases[0].store, kind, output)
        return
    from careatlas.graph.networks import write_network

    write_network(releases[0], kind, view or "adoption", output)


OPERATIONS: dict[str, Callable[[list[Any], Job, Output], None]] = {
    "query": query,
    "ask": ask,
    "each": each,
    "diff": diff,
    "export": export,
    "routes": find_routes,
}
