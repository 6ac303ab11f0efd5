"""Validation: shapes over every node, then checks over the whole graph."""

import os
from collections import defaultdict, deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Literal, cast

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from careatlas import shapes
from careatlas.graph.checks import checks
from careatlas.graph.dataset import DEFAULT, is_merged, merged
from careatlas.graph.findings import Finding
from careatlas.graph.shape_parts import Part, parts, rules, some
from careatlas.graph.shape_reach import shape_foci
from careatlas.graph.touched import Change

if TYPE_CHECKING:
    from rdflib import Graph
    from shifty import PreparedValidator

Engine = Literal["pyshifty", "pyshacl"]
ENGINES: tuple[Engine, ...] = ("pyshifty", "pyshacl")
PART = 50_000
"""So many statements, and what the shapes look at beside them, are validated at a time."""
_BESIDE = 8
"""No more parts, or checks, than these are validated side by side, since each needs memory."""
_SH = "http://www.w3.org/ns/shacl#"
_BOUNDS = frozenset(
    _SH + end + kind for end in ("min", "max") for kind in ("Inclusive", "Exclusive")
)


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
    """What the whole-graph checks find, sorted; the engine answers several side by side."""
    with ThreadPoolExecutor(min(_BESIDE, _cores())) as workers:
        found = workers.map(lambda check: set(check.findings(store)), checks())
        return sorted(set().union(*found))


def validate(store: Store, engine: Engine = "pyshifty") -> list[Finding]:
    """All findings of shapes and checks on a store that holds the ontology too.

    Raises:
        EngineError: the engine gave no report.
    """
    shaped = _in_parts(store) if engine == "pyshifty" else _judged(whole(store), engine)
    return sorted([*shaped, *check_findings(store)])


def _in_parts(store: Store) -> list[Finding]:
    """What the shapes find, looked for in parts of the things side by side, and in little memory."""
    if not is_merged(store):
        union = Store()
        union.bulk_extend({merged(quad.triple) for quad in store})
        return _in_parts(union)
    found: list[Finding] = []
    cores = min(_BESIDE, _cores())
    with ThreadPoolExecutor(cores) as workers:
        waiting: deque[Future[list[Finding]]] = deque()
        for part in parts(store, PART):
            waiting.append(workers.submit(of_part, part))
            if len(waiting) > cores:
                found += waiting.popleft().result()
        for one in waiting:
            found += one.result()
    return found


def _cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def of_part(part: Part) -> list[Finding]:
    """What the shapes find in a part: the engine is quick to say what fails, and slow to say why."""
    failed = failing(part.seen(), rules())
    return _judged(part.only(failed).seen(), "pyshifty", rules()) if failed else []


def failing(data: bytes, rules: bytes) -> set[bytes]:
    """The things that break some shape, as N-Triples write them."""
    quick = _quick(rules).validate_algebra(
        data, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
    )
    return {violation.focus_node.encode() for violation in quick.violations}


@lru_cache(maxsize=1)
def _quick(rules: bytes) -> "PreparedValidator":
    """Shapes in Turtle, read once, with each bound of values in a shape of its own.

    Where the engine writes no report, it takes a datatype that is no number, and a bound beside it,
    for what no value can have.
    """
    import shifty

    found: list[Triple] = []
    for quad in parse(rules, RdfFormat.TURTLE):
        if quad.predicate.value in _BOUNDS:
            bound = BlankNode()
            found.append(Triple(quad.subject, NamedNode(_SH + "node"), bound))
            found.append(Triple(bound, quad.predicate, quad.object))
        else:
            found.append(quad.triple)
    return shifty.PreparedValidator(serialize(found, format=RdfFormat.N_TRIPLES) or b"")


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
        shaped += _judged(some(change.after, again).seen(), engine, rules())
    return sorted([*shaped, *anew])
