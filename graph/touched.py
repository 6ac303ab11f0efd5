"""What a change touches: from the statements that came and went to the things that a query may tell anew.

A row of a query can only come, go or differ if a changed statement fits one of its patterns, and the
patterns that must hold beside it hold too, in the release before the change or in the one after it. So
the things that such a row is about are reached from the changed statement along those patterns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Generic, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple, Variable

from careatlas.graph.dataset import DEFAULT, merged
from careatlas.graph.patterns import Pattern, Reading, Step, Unit, alone, way, ways
from careatlas.graph.terms import LABEL

Node = NamedNode | Literal | BlankNode | Triple
One = TypeVar("One", Triple, Quad)
MOST = 4000
"""Where more things than this may be told anew, all are: asking for each costs more."""
FEW = (100, 300, 900)
"""A way that leads to more things than these is gone only where no other is left that leads to fewer."""


class ManyError(Exception):
    """A change reaches so much that telling it apart does not pay, or cannot be told apart."""


class Change:
    """A release before a change, the store that becomes the one after it, and what differs so far."""

    def __init__(self, before: Store, after: Store) -> None:
        self.before = before
        self.after = after
        self.come: set[Quad] = set()
        self.gone: set[Quad] = set()
        self._merged = _Moved[Triple]()
        self._named = _Moved[Quad]()
        self._fallen = _Index()
        self._out: dict[Node, dict[NamedNode, set[Node]]] = {}
        self._into: dict[tuple[Node, NamedNode | None], bool | set[Node]] = {}

    def apply(self, gone: Collection[Quad], come: Collection[Quad]) -> None:
        """Change the store; its default graph holds what any named graph states, each statement once."""
        for quad in gone:
            self.after.remove(quad)
        fallen = [quad.triple for quad in gone if not self._stated(quad.triple)]
        for triple in fallen:
            self.after.remove(merged(triple))
        self.after.extend(come)
        risen = [quad.triple for quad in come if merged(quad.triple) not in self.after]
        self.after.extend(merged(triple) for triple in risen)
        for triple in fallen:
            self._fallen.add(triple)
        self._merged.add(fallen, risen)
        self._named.add(gone, come)
        self.come, self.gone = (
            (self.come - set(gone)) | (set(come) - self.gone),
            (self.gone - set(come)) | (set(gone) - self.come),
        )
        self._out.clear()
        self._into.clear()

    def _stated(self, triple: Triple) -> bool:
        found = self.after.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(one.graph_name != DEFAULT for one in found)

    @property
    def triples(self) -> Iterable[Triple]:
        """The statements that came or went, whichever graphs state them."""
        return self._merged.all

    def labels(self, thing: Node) -> set[Node]:
        """The labels of a thing, before the change or after it."""
        return self._from(thing).get(LABEL, set())

    def reached(
        self,
        reading: Reading,
        focus: Variable | None = None,
        beside: Collection[NamedNode] = (),
    ) -> set[Node]:
        """The values of a variable for which a query may give other rows; without one, whatever it touches.

        What is only told with properties that stand `beside` a row makes no other row.

        Raises:
            ManyError: they cannot be told, or are too many.
        """
        found: set[Node] = set()
        for unit in reading.units:
            if unit.pattern.predicate in beside and alone(unit.pattern, unit.context, beside):
                continue
            fits = [fit for fit in self._fits(unit.pattern) if self._holds(fit, unit)]
            if not fits:
                continue
            if unit.pattern.repeats or (focus and not reading.can_focus(focus)):
                raise ManyError
            found |= self._walk(fits, unit, focus)
            if len(found) > MOST or any(isinstance(node, BlankNode) for node in found):
                raise ManyError
        return found

    def touches(self, reading: Reading, beside: Collection[NamedNode] = ()) -> bool:
        """Whether a query may give other rows at all."""
        try:
            return bool(self.reached(reading, beside=beside))
        except ManyError:
            return True

    def _fits(self, pattern: Pattern) -> Iterator[dict[Variable, Node]]:
        """What the variables of a pattern stand for in each changed statement that fits it."""
        moved = self._named if pattern.graph else self._merged
        for one in moved.like(pattern):
            if (fit := _fit(pattern, one)) is not None:
                yield fit

    def _holds(self, fit: dict[Variable, Node], unit: Unit) -> bool:
        """Whether what must hold beside a pattern holds for each of these values, looked at alone."""
        for variable, value in fit.items():
            for pattern in unit.near.get(variable, ()):
                if not self._some(pattern, variable, value):
                    return False
        return True

    def _walk(
        self, fits: list[dict[Variable, Node]], unit: Unit, focus: Variable | None
    ) -> set[Node]:
        """The values of the focus that the fits lead to: whichever way is gone, it leads to them and to others.

        Of several ways one that leads to few is gone, even if it is longer.
        """
        at: dict[Variable, set[Node]] = defaultdict(set)
        for fit in fits:
            for variable, value in fit.items():
                at[variable].add(value)
        if focus is None:
            steps = way(unit.pattern, unit.context, None) or ()
            return set().union(*self._gone(steps, at, unit, MOST).values())
        found = ways(unit.pattern, unit.context, focus)
        for most in FEW:
            ends = []
            for steps in found:
                with suppress(ManyError):
                    ends.append(self._gone(steps, at, unit, most)[focus])
            if ends:
                return min(ends, key=len)
        for steps in found[:1]:
            return self._gone(steps, at, unit, MOST)[focus]
        raise ManyError

    def _gone(
        self, steps: Iterable[Step], start: Mapping[Variable, set[Node]], unit: Unit, most: int
    ) -> dict[Variable, set[Node]]:
        """What the variables stand for along a way; nothing where it leads nowhere."""
        at = defaultdict(set, start)
        for step in steps:
            if step.start not in at:
                continue
            ends: set[Node] = set()
            for value in at[step.start]:
                ends.update(self._along(step, value, most))
                if len(ends) > most:
                    raise ManyError
            at[step.end] = {end for end in ends if self._holds({step.end: end}, unit)}
            if not at[step.end]:
                return defaultdict(set)
        return at

    def _along(self, step: Step, value: Node, most: int) -> Iterable[Node]:
        """The ends of a step from a value, before the change or after it."""
        pattern = step.pattern
        named = pattern.predicate if isinstance(pattern.predicate, NamedNode) else None
        if step.start == pattern.subject:
            found = self._from(value)
            if step.end == pattern.predicate:
                return found
            return found.get(named, ()) if named else set().union(*found.values())
        if step.start == pattern.object and step.end == pattern.subject:
            return self._to(value, named, most)
        raise ManyError

    def _some(self, pattern: Pattern, variable: Variable, value: Node) -> bool:
        """Whether a pattern holds for a value of one of its variables, before the change or after it."""
        named = pattern.predicate if isinstance(pattern.predicate, NamedNode) else None
        if variable == pattern.subject:
            found = self._from(value)
            ends = found.get(named, set()) if named else found
            if named and not isinstance(pattern.object, Variable):
                return pattern.object in ends
            return bool(ends)
        if variable == pattern.object:
            return self._any_to(value, named)
        return True

    def _from(self, node: Node) -> dict[NamedNode, set[Node]]:
        if node not in self._out:
            found: dict[NamedNode, set[Node]] = defaultdict(set)
            if isinstance(node, NamedNode):
                for quad in self.after.quads_for_pattern(node, None, None, DEFAULT):
                    found[quad.predicate].add(quad.object)
                for triple in self._fallen.of(node):
                    found[triple.predicate].add(triple.object)
            self._out[node] = found
        return self._out[node]

    def _any_to(self, node: Node, predicate: NamedNode | None) -> bool:
        key = (node, predicate)
        if key not in self._into:
            stated = self.after.quads_for_pattern(None, predicate, node, DEFAULT)
            self._into[key] = any(True for _ in stated) or any(
                predicate in (None, triple.predicate) for triple in self._fallen.to(node)
            )
        return bool(self._into[key])

    def _to(self, node: Node, predicate: NamedNode | None, most: int) -> set[Node]:
        key = (node, predicate)
        known = self._into.get(key)
        if not isinstance(known, set):
            known = {
                triple.subject
                for triple in self._fallen.to(node)
                if predicate in (None, triple.predicate)
            }
            for quad in self.after.quads_for_pattern(None, predicate, node, DEFAULT):
                known.add(quad.subject)
                if len(known) > most:
                    raise ManyError
            self._into[key] = known
        return known


class _Moved(Generic[One]):
    """What came or went, by the terms that a pattern may give."""

    def __init__(self) -> None:
        self.all: dict[One, None] = {}
        self._by: dict[tuple[object, object], dict[One, None]] = defaultdict(dict)

    def add(self, *several: Iterable[One]) -> None:
        for moved in several:
            for one in moved:
                self.all[one] = None
                self._by[one.predicate, None][one] = None
                self._by[one.predicate, one.object][one] = None

    def like(self, pattern: Pattern) -> Iterable[One]:
        """Those that have the predicate and the object of a pattern."""
        if isinstance(pattern.predicate, Variable):
            return self.all
        given = None if isinstance(pattern.object, Variable) else pattern.object
        return self._by.get((pattern.predicate, given), ())


class _Index:
    """Statements by what they are of, and by what they lead to."""

    def __init__(self) -> None:
        self._of: dict[Node, list[Triple]] = defaultdict(list)
        self._to: dict[Node, list[Triple]] = defaultdict(list)

    def add(self, triple: Triple) -> None:
        self._of[triple.subject].append(triple)
        self._to[triple.object].append(triple)

    def of(self, node: Node) -> Iterable[Triple]:
        return self._of.get(node, ())

    def to(self, node: Node) -> Iterable[Triple]:
        return self._to.get(node, ())


def _fit(pattern: Pattern, one: Triple | Quad) -> dict[Variable, Node] | None:
    pairs: list[tuple[object, Node]] = [
        (pattern.object, one.object),
        (pattern.subject, one.subject),
        (pattern.predicate, one.predicate),
    ]
    if isinstance(one, Quad) and isinstance(one.graph_name, NamedNode):
        pairs.append((pattern.graph, one.graph_name))
    fit: dict[Variable, Node] = {}
    for term, value in pairs:
        if isinstance(term, Variable):
            if fit.setdefault(term, value) != value:
                return None
        elif term != value:
            return None
    return fit
