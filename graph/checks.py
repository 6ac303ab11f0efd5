"""Checks: rules over the whole graph as queries, and which of their findings a change can move."""

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal as Term
from pyoxigraph import NamedNode, Store, Triple, Variable

from careatlas import queries
from careatlas.graph.answer import select
from careatlas.graph.findings import SEVERITIES, Finding
from careatlas.graph.patterns import Reading
from careatlas.graph.query_reading import read
from careatlas.graph.terms import LABEL, RDF_TYPE
from careatlas.graph.touched import MOST, Change, ManyError, Node

_MARK = "#+ "
_SIGNS = re.compile("[^a-z0-9]+")
_VARIABLE = re.compile(r"\?\w+")
_VALUES = "%VALUES%"
_CALLED = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?plain {{ {_VALUES} }}
  {{
    SELECT ?thing ?plain WHERE {{
      ?thing rdfs:label ?label
      BIND(COALESCE(REPLACE(REPLACE(LCASE(STR(?label)), "&", "and"), "[^a-z0-9]", ""), "") AS ?plain)
    }}
  }}
}}
"""


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
            among = self._left(store, among)
            if among and self.reading.cuts:
                # What is taken away need not be known where there is nothing.
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

    def _left(self, store: Store, among: Collection[Node]) -> Collection[Node]:
        """Those of some values of the focus that no MINUS takes away whatever else holds of them."""
        for spare in self.spares:
            if among:
                values = " ".join(sorted(map(str, among)))
                gone = {row[0] for _, row in select(store, spare.replace(_VALUES, values))}
                among = [node for node in among if getattr(node, "value", None) not in gone]
        return among

    @cached_property
    def spares(self) -> tuple[str, ...]:
        """For each MINUS that hangs on the focus alone, the query that gives what it takes away."""
        focus, text = self.reading.first, self.query
        head = text[: text.index("SELECT")]
        found = []
        for start, end in self.reading.cuts:
            inside = set(_VARIABLE.findall(text[start:end]))
            outside = set(_VARIABLE.findall(text[len(head) : start] + text[end:]))
            before = _VARIABLE.findall(text[text.index("{", len(head)) : start])
            if focus and str(focus) in before and inside & outside == {str(focus)}:
                group = text[start:end].removeprefix("MINUS")
                found.append(
                    f"{head}SELECT DISTINCT {focus} WHERE {{ VALUES {focus} {{ {_VALUES} }} {group} }}"
                )
        return tuple(found)

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
    listed = " ".join(sorted(str(Term(name)) for name in names))
    rows = select(change.after, _CALLED.replace(_VALUES, listed))
    found = touched | {thing for _, (iri,) in rows if _named(thing := NamedNode(iri))}
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
