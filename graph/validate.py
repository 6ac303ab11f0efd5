"""Validation: shapes over every node, then checks over the whole graph."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Literal, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

from careatlas import shapes
from careatlas.graph.checks import checks
from careatlas.graph.dataset import DEFAULT, is_merged
from careatlas.graph.findings import Finding
from careatlas.graph.shape_reach import aimed, around, shape_foci, sight
from careatlas.graph.touched import Change

if TYPE_CHECKING:
    from rdflib import Graph

Engine = Literal["pyshifty", "pyshacl"]
ENGINES: tuple[Engine, ...] = ("pyshifty", "pyshacl")
PART = 500_000
"""So many statements, and what the shapes look at beside them, are validated at a time."""
_SH = "http://www.w3.org/ns/shacl#"


class InvalidGraphError(ValueError):
    """A graph that does not conform, and is therefore not published."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        worst = [finding for finding in self.findings if finding.severity == "Violation"]
        return f"{len(worst)} violations; nothing was published"


class EngineError(RuntimeError):
    """A SHACL engine that could not judge the graph."""

    def __init__(self, engine: str, problem: str) -> None:
        super().__init__(engine, problem)
        self.engine = engine
        self.problem = problem

    def __str__(self) -> str:
        return f"the SHACL engine {self.engine} failed: {self.problem}"


def triples(quads: Iterable[Quad]) -> bytes:
    """The union of all graphs as N-Triples, sorted, each triple once."""
    lines = BytesIO()
    serialize({quad.triple for quad in quads}, lines, format=RdfFormat.N_TRIPLES)
    return b"".join(sorted(lines.getvalue().splitlines(keepends=True)))


def whole(store: Store) -> bytes:
    """All that any graph of a store states, as N-Triples: what its default graph holds, where it has one."""
    if not is_merged(store):
        return triples(store)
    lines = BytesIO()
    store.dump(lines, RdfFormat.N_TRIPLES, from_graph=DEFAULT)
    return lines.getvalue()


def shapes_report(data: bytes, engine: Engine, rules: bytes | None = None) -> "Graph":
    """The SHACL report of an engine on N-Triples that hold the ontology too; by the shipped shapes, if by no others.

    Raises:
        EngineError: the engine gave no report.
    """
    from rdflib import Graph

    rules = rules or b"".join(path.read_bytes() for path in shapes.paths())
    if engine == "pyshifty":
        import shifty

        _, report, text = shifty.validate(data, rules, infer=False, on_unsupported="error")
    else:
        import pyshacl
        from pyshacl.errors import ReportableRuntimeError

        graph = Graph().parse(data=data, format="nt")
        try:
            _, report, text = pyshacl.validate(
                graph,
                shacl_graph=Graph().parse(data=rules, format="turtle"),
                inference="none",
                allow_warnings=True,
                allow_infos=True,
            )
        except (TypeError, ArithmeticError, ReportableRuntimeError) as error:
            # It compares an ill-typed date with a date, no number with one, or a blank node with either.
            raise EngineError(engine, f"{error}; an ill-typed value is the likely cause") from error
    if not isinstance(report, Graph):
        raise EngineError(engine, str(text or report).splitlines()[0])
    return report


def shape_findings(report: "Graph") -> list[Finding]:
    """The results of a SHACL report, sorted; the details within a result are not results."""
    from rdflib import URIRef

    found = set()
    for result in report.objects(None, URIRef(_SH + "result")):

        def value(name: str, result: object = result) -> str:
            return str(report.value(cast("URIRef", result), URIRef(_SH + name)) or "")

        found.add(
            Finding(
                value("resultSeverity").removeprefix(_SH),
                value("sourceShape").rsplit("#", 1)[-1],
                value("focusNode"),
                value("resultMessage"),
            )
        )
    return sorted(found)


def _judged(data: bytes, engine: Engine, rules: bytes | None = None) -> list[Finding]:
    return shape_findings(shapes_report(data, engine, rules))


def check_findings(store: Store) -> list[Finding]:
    """What the whole-graph checks find, sorted."""
    return sorted({finding for check in checks() for finding in check.findings(store)})


def validate(store: Store, engine: Engine = "pyshifty") -> list[Finding]:
    """All findings of shapes and checks on a store that holds the ontology too, and a default graph."""
    shaped = _in_parts(store, engine)
    return sorted([*shaped, *check_findings(store)])


def _in_parts(store: Store, engine: Engine) -> list[Finding]:
    """What the shapes find, looked for in one part of the things after another where there are many.

    An engine holds what it judges in memory. It needs no other thread meanwhile: the next part is
    made ready while it works.
    """
    parts = list(_parts(store))
    if len(parts) < 2:  # noqa: PLR2004 - one part is the whole
        return _judged(whole(store), engine)
    found: list[Finding] = []
    with ThreadPoolExecutor(max_workers=1) as worker:
        waiting: deque[Future[list[Finding]]] = deque()
        for foci in parts:
            seen, rules = triples(around(store, foci)), aimed(store, foci)
            waiting.append(worker.submit(_judged, seen, engine, rules))
            if len(waiting) > 1:
                found += waiting.popleft().result()
        for one in waiting:
            found += one.result()
    return found


def _parts(store: Store) -> Iterator[list[str]]:
    """The things of a store in parts of about as many statements, in the order of their names."""
    sizes = Counter(
        quad.subject.value
        for quad in store.quads_for_pattern(None, None, None, DEFAULT)
        if isinstance(quad.subject, NamedNode)
    )
    sizes.update({node.value: 1 for node in sight().named})  # one of these may be led to alone
    part: list[str] = []
    held = 0
    for iri in sorted(sizes):
        part.append(iri)
        held += sizes[iri]
        if held >= PART:
            yield part
            part, held = [], 0
    if part:
        yield part


def revalidate(
    change: Change, before: Iterable[Finding], engine: Engine = "pyshifty"
) -> list[Finding]:
    """All findings after a change, of which only those that it touches are looked for again."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in before:
        found[finding.rule].append(finding)
    anew = {
        finding for check in checks() for finding in check.anew(change, found.pop(check.name, ()))
    }
    again = shape_foci(change)
    shaped = [one for rule in found.values() for one in rule if one.focus not in again]
    if again:
        seen = triples(around(change.after, again))
        shaped += _judged(seen, engine, aimed(change.after, again))
    return sorted([*shaped, *anew])
