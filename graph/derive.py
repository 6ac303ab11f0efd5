"""Derivation: ordered CONSTRUCTs add what follows from the claims, and never change a claim.

No two rules derive the same statement, and none reads what a later one derives: so what a rule gives
after a change can be told from what it gave before, whatever the others do.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Variable

from careatlas import queries
from careatlas.graph import cubes, measures
from careatlas.graph.breadth import is_wide
from careatlas.graph.dataset import add, kept, query
from careatlas.graph.patterns import Reading
from careatlas.graph.query_reading import read
from careatlas.graph.questions import MARK
from careatlas.graph.terms import GRAPHS, XSD
from careatlas.graph.touched import Change, ManyError, Node

_DAY = "VALUES ?_as_of { UNDEF }"


class Figures(Protocol):
    """What a release holds of all things together."""

    def observe(self, store: Store) -> Iterator[Quad]:
        """Work them out, in a store in which all else is derived."""

    def told(self, store: Store) -> set[Quad]:
        """Those that a release holds."""

    def moved(self, change: Change) -> tuple[set[Quad], set[Quad]]:
        """Those that a change takes away, and those that it brings."""


FIGURES: tuple[tuple[str, Figures], ...] = (("cubes", cubes), ("measures", measures))
"""What no rule can derive, in order."""


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT, and the variable that all it gives of a row is told apart by, where there is one."""

    file: str
    text: str
    focus: Variable | None

    @classmethod
    def read(cls, path: Path) -> "Rule":
        """Read a rule from its file."""
        text = path.read_text(encoding="utf-8")
        head = [line[len(MARK) :] for line in text.splitlines() if line.startswith(MARK)]
        focus = tomllib.loads("\n".join(head)).get("focus")
        return cls(path.name, text, Variable(focus) if focus else None)

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.file.removesuffix(".rq")

    @cached_property
    def reading(self) -> Reading:
        """What it reads."""
        return read(self.text)

    def gives(self, store: Store, as_of: date, among: Iterable[Node] | None = None) -> set[Quad]:
        """What follows in a store as of a day; among some values of the focus, if they are given.

        Raises:
            TypeError: it is no CONSTRUCT.
        """
        text = self.text
        if among is not None and self.focus:
            text = self.reading.focused(among, self.focus)
        bound = str(Literal(as_of.isoformat(), datatype=NamedNode(XSD + "date")))
        found = query(store, text.replace(_DAY, f"VALUES ?_as_of {{ {bound} }}"))
        if not isinstance(found, QueryTriples):
            raise TypeError(f"{self.file} is no CONSTRUCT")
        return kept(
            Quad(one.subject, one.predicate, one.object, GRAPHS["derived"]) for one in found
        )

    def moves(self, day: date, before: date) -> bool:
        """Whether another day moves it as a whole."""
        return day != before and _DAY in self.text


def rules() -> list[Rule]:
    """All rules, in the order in which they run."""
    return [Rule.read(path) for path in sorted(queries.folder("derive").glob("*.rq"))]


def derive(store: Store, as_of: date) -> dict[str, int]:
    """Run every derivation in the order of its file's name, then observe and measure; the new quads of each.

    Where the graph is wide, nothing is observed and measured, and nothing counted of it.
    """
    counts = {rule.name: _add(store, rule.gives(store, as_of)) for rule in rules()}
    for name, figures in () if is_wide(store) else FIGURES:
        counts[name] = _add(store, set(figures.observe(store)))
    return counts


def _add(store: Store, quads: set[Quad]) -> int:
    fresh = {quad for quad in quads if quad not in store}
    add(store, fresh)
    return len(fresh)


def rederive(change: Change, counts: dict[str, int], as_of: date, before: date) -> dict[str, int]:
    """Bring what was derived in line with a change; the quads of each derivation after it."""
    fresh = {}
    for rule in rules():
        gone, come = _moved(rule, change, as_of, before)
        change.apply(gone, come)
        fresh[rule.name] = counts[rule.name] + len(come) - len(gone)
    wide = is_wide(change.after)
    for name, figures in FIGURES:
        if wide or name not in counts:
            gone = figures.told(change.before)
            come = set() if wide else kept(figures.observe(change.after))
        else:
            gone, come = figures.moved(change)
        change.apply(gone, come)
        if not wide:
            fresh[name] = counts.get(name, 0) + len(come) - len(gone)
    return fresh


def _moved(
    rule: Rule, change: Change, as_of: date, before: date
) -> tuple[Collection[Quad], Collection[Quad]]:
    """What a rule no longer gives, and what it gives anew."""
    among: set[Node] | None = None
    if not rule.moves(as_of, before):
        try:
            among = change.reached(rule.reading, rule.focus)
        except ManyError:
            among = None
        if among is not None and not among:
            return (), ()
    if rule.focus is None:
        among = None
    was, now = rule.gives(change.before, before, among), rule.gives(change.after, as_of, among)
    return was - now, now - was
