"""Validation: shapes over every node, then checks over the whole graph."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pyoxigraph import Literal as Term
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, Variable, serialize

from careatlas import queries, shapes
from careatlas.graph.answer import select
from careatlas.graph.patterns import Reading
from careatlas.graph.query_reading import read
from careatlas.graph.shape_reach import around, shape_foci
from careatlas.graph.terms import LABEL, RDF_TYPE
from careatlas.graph.touched import MOST, Change, ManyError, Node

if TYPE_CHECKING:
    from rdflib import Graph

Engine = Literal["pyshifty", "pyshacl"]
ENGINES: tuple[Engine, ...] = ("pyshifty", "pyshacl")
SEVERITIES = ("Violation", "Warning", "Info")
_SH = "http://www.w3.org/ns/shacl#"
_MARK = "#+ "
_SIGNS = re.compile("[^a-z0-9]+")


class InvalidGraphError(ValueError):
    """A graph that does not conform, and is therefore not published."""

    def __init__(self, findings: "list[Finding]") -> None:
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


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a rule found wrong, or worth a look."""

    severity: str
    rule: str
    focus: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule} {self.focus}: {self.message}"


@dataclass(frozen=True)
class Check:
    """A rule over the whole graph: each row of its query is a finding."""

    name: str
    severity: str
    message: str
    query: str
    alike: tuple[str, ...] = ()
    """Two columns that are paired by labels which are alike; no pattern leads from one to the other."""

    @classmethod
    def read(cls, path: Path) -> "Check":
        """Read a check from its file."""
        text = path.read_text(encoding="utf-8")
        head = "\n".join(line[len(_MARK) :] for line in text.splitlines() if line.startswith(_MARK))
        says = tomllib.loads(head)
        if says["severity"] not in SEVERITIES:
            raise ValueError(f"{path.name}: {says['severity']!r} is no severity")
        return cls(path.stem, says["severity"], says["message"], text, tuple(says.get("alike", ())))

    @cached_property
    def reading(self) -> Reading:
        """What it reads."""
        return read(self.query)

    def findings(self, store: Store, among: Collection[Node] | None = None) -> Iterable[Finding]:
        """What the check finds: the first column is the focus, the others fill the message.

        Among some values of the focus alone, if they are given.
        """
        query = self.query
        if among is not None:
            if self.reading.cuts:  # what is taken away need not be known where there is nothing
                bare = self.reading.focused(among, *self.foci, bare=True)
                left = {row[0] for _, row in select(store, bare)}
                among = [
                    node for node in among if not isinstance(node, Triple) and node.value in left
                ]
            if not among:
                return
            query = self.reading.focused(among, *self.foci)
        for columns, row in select(store, query):
            said = self.message.format_map(dict(zip(columns, row, strict=True)))
            yield Finding(self.severity, self.name, row[0], said)

    @property
    def foci(self) -> tuple[Variable, ...]:
        """The variables that a change narrows: the focus, and those that are like it by name."""
        named = [Variable(name) for name in self.alike]
        first = self.reading.first
        return tuple(named) or ((first,) if first else ())

    def anew(self, change: Change, before: Iterable[Finding]) -> Iterable[Finding]:
        """What it finds after a change: what it found before, but for what the change touches."""
        try:
            among = (
                alike(change) if self.alike else change.reached(self.reading, self.reading.first)
            )
        except ManyError:
            return self.findings(change.after)
        if not among:
            return before
        again = {node.value for node in among if isinstance(node, NamedNode | Term)}
        kept = [finding for finding in before if finding.focus not in again]
        return [*kept, *self.findings(change.after, among)]


def alike(change: Change) -> set[Node]:
    """Organisations and products that a change names or says anew what they are, and those called alike.

    Raises:
        ManyError: they are too many.
    """
    touched: set[Node] = {
        triple.subject
        for triple in change.triples
        if triple.predicate in (LABEL, RDF_TYPE) and _named(triple.subject)
    }
    if not touched:
        return set()
    named = [triple for triple in change.triples if triple.predicate == LABEL]
    names = {_plain(triple.object) for triple in named if triple.subject in touched}
    for thing in touched:
        names |= {_plain(label) for label in change.labels(thing)}
    found: set[Node] = touched | {
        thing for thing in change.labelled(names, _plain) if _named(thing)
    }
    if len(found) > MOST:
        raise ManyError
    return found


def _named(thing: Node) -> bool:
    return isinstance(thing, NamedNode) and (
        "/id/org/" in thing.value or "/id/product/" in thing.value
    )


def _plain(label: object) -> str:
    """A label without signs and case, as the check on labels that are alike compares them."""
    said = label.value.lower().replace("&", "and") if isinstance(label, Term) else ""
    return _SIGNS.sub("", said)


def checks() -> list[Check]:
    """All whole-graph checks, by name."""
    return [Check.read(path) for path in sorted(queries.folder("checks").glob("*.rq"))]


def triples(quads: Iterable[Quad]) -> bytes:
    """The union of all graphs as N-Triples, sorted, each triple once."""
    lines = BytesIO()
    serialize({quad.triple for quad in quads}, lines, format=RdfFormat.N_TRIPLES)
    return b"".join(sorted(lines.getvalue().splitlines(keepends=True)))


def shapes_report(data: bytes, engine: Engine) -> "Graph":
    """The SHACL report of an engine on N-Triples that hold the ontology too.

    Raises:
        EngineError: the engine gave no report.
    """
    from rdflib import Graph

    rules = b"".join(path.read_bytes() for path in shapes.paths())
    if engine == "pyshifty":
        import shifty

        _, report, text = shifty.validate(data, rules, infer=False, on_unsupported="error")
    else:
        import pyshacl

        graph = Graph().parse(data=data, format="nt")
        try:
            _, report, text = pyshacl.validate(
                graph,
                shacl_graph=Graph().parse(data=rules, format="turtle"),
                inference="none",
                allow_warnings=True,
                allow_infos=True,
            )
        except TypeError as error:  # it compares an ill-typed date with a date
            raise EngineError(engine, f"{error}; an ill-typed date is the likely cause") from error
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


def check_findings(store: Store) -> list[Finding]:
    """What the whole-graph checks find, sorted."""
    return sorted({finding for check in checks() for finding in check.findings(store)})


def validate(store: Store, engine: Engine = "pyshifty") -> list[Finding]:
    """All findings of shapes and checks on a store that holds the ontology too."""
    data = triples(store)
    return sorted([*shape_findings(shapes_report(data, engine)), *check_findings(store)])


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
        report = shapes_report(triples(around(change.after, again)), engine)
        shaped += [one for one in shape_findings(report) if one.focus in again]
    return sorted([*shaped, *anew])


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """The number of findings of each severity, worst first."""
    tally = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        tally[finding.severity] += 1
    return tally
