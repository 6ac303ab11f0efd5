"""Reading what a query reads: from SPARQL to its patterns.

It knows the SPARQL in which the repository's own queries are written, as far as the shape of their
groups and patterns goes; expressions are passed over. A test reads every query with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, Variable

from careatlas.graph.patterns import Conjunction, Place, Reading, Term
from careatlas.graph.query_patterns import Graph, PatternReader, UnreadableQueryError, both

_BARRIER = 10_000_000
"""A limit so high only keeps the engine from taking a group apart."""


@dataclass
class _Parser(PatternReader):
    places: list[Place] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0
    limited: bool = False

    def read(self) -> Reading:
        if self.take("CONSTRUCT"):
            self.skip_braces()
            projected: list[Variable] = []
        elif self.take("SELECT"):
            projected = self.projection() or []
        else:
            raise UnreadableQueryError(self.peek(), "a form that is neither SELECT nor CONSTRUCT")
        self.take("WHERE")
        ways = self.group(graph=None, place=True)
        self.modifiers()
        first = projected[0] if projected else None
        cuts = tuple(self.cuts)
        return Reading(self.text, tuple(ways), tuple(self.places), cuts, first, self.limited)

    def group(self, *, graph: Graph, place: bool) -> list[Conjunction]:
        """The ways in which the group that opens here holds; `place` if it can be asked for some values alone."""
        self.expect("{")
        offset = self.tokens[self.at - 1][2]
        if self.take("SELECT"):
            self.depth += 1
            inner = self.subselect(graph=graph)
            self.depth -= 1
            return inner
        ways = [Conjunction()]
        own: set[Variable] = set()
        self.depth += 1
        while not self.take("}"):
            ways = self.element(ways, own, graph=graph, place=place)
        self.depth -= 1
        if place:
            self.places.append(Place(offset, frozenset(own)))
        return ways

    def element(
        self, ways: list[Conjunction], own: set[Variable], *, graph: Graph, place: bool
    ) -> list[Conjunction]:
        """The ways in which a group holds with one more of its parts; `own` are the variables of its patterns."""
        if self.take("OPTIONAL"):
            return _beside(ways, self.group(graph=graph, place=False))
        if self.take("MINUS"):
            begun = self.tokens[self.at - 1][2] - len("MINUS")
            without = self.group(graph=graph, place=True)
            if self.depth == 1:
                self.cuts.append((begun, self.tokens[self.at - 1][2]))
            return _beside(ways, without)
        if self.take("GRAPH"):
            named = self.term()
            own |= {named} if isinstance(named, Variable) else set()
            return both(ways, self.group(graph=_graph(named), place=place))
        if self.peek() == "{":
            either = self.group(graph=graph, place=place)
            while self.take("UNION"):
                either += self.group(graph=graph, place=place)
            return both(ways, either)
        if self.take("FILTER") or self.take("BIND"):
            for inner in self.expression(graph=graph):
                ways = _beside(ways, inner)
        elif self.take("VALUES"):
            self.values()
        elif not self.take("."):
            stated = self.triples(graph=graph)
            own |= {v for way in stated for p in way.required if not p.repeats for v in p.variables}
            return both(ways, stated)
        return ways

    def subselect(self, *, graph: Graph) -> list[Conjunction]:
        """A select within a group: what it does not give out is its own."""
        begun = len(self.places)
        given = self.projection()
        self.take("WHERE")
        ways = self.group(graph=graph, place=True)
        self.modifiers()
        self.expect("}")
        if given is None:
            return ways
        self.fresh += 1
        mark = f"_{self.fresh}"

        def own(term: Term) -> Term:
            return (
                term
                if not isinstance(term, Variable) or term in given
                else Variable(term.value + mark)
            )

        self.places[begun:] = [
            Place(
                one.offset, frozenset(v for v in map(own, one.variables) if isinstance(v, Variable))
            )
            for one in self.places[begun:]
        ]
        return [_renamed(way, own) for way in ways]

    def projection(self) -> list[Variable] | None:
        """The variables that a SELECT gives as they are; None for all."""
        self.take("DISTINCT")
        found = []
        while self.peek() not in ("{", "") and self.peek().upper() != "WHERE":
            if self.peek() == "(":
                self.expression(graph=None)
            elif self.take("*"):
                return None
            elif self.kind() == "var":
                found.append(Variable(self.next()[1:]))
            else:
                raise UnreadableQueryError(self.peek(), "a projection")
        return found

    def modifiers(self) -> None:
        while self.peek() not in ("}", ""):
            if self.take("LIMIT") or self.take("OFFSET"):
                self.limited |= int(self.next()) < _BARRIER
            elif self.peek() == "(":
                self.expression(graph=None)
            else:
                self.next()

    def values(self) -> None:
        while self.peek() != "{":
            self.next()
        self.skip_braces()

    def expression(self, *, graph: Graph) -> list[list[Conjunction]]:
        """Pass over an expression; the groups that it asks the existence of."""
        found = []
        depth = 0
        while True:
            sign = self.peek()
            if sign.upper() == "EXISTS":
                self.next()
                found.append(self.group(graph=graph, place=False))
            else:
                self.next()
                depth += (sign == "(") - (sign == ")")
            if depth == 0 and sign.upper() != "NOT" and self.peek() != "(":
                return found


def _graph(named: Term) -> Graph:
    if isinstance(named, Literal):
        raise UnreadableQueryError(str(named), "a graph")
    return named


def _beside(ways: list[Conjunction], more: list[Conjunction]) -> list[Conjunction]:
    return [replace(way, beside=way.beside + tuple(more)) for way in ways]


def _renamed(way: Conjunction, own: Callable[[Term], Any]) -> Conjunction:
    return Conjunction(
        tuple(
            replace(
                one,
                subject=own(one.subject),
                predicate=own(one.predicate),
                object=own(one.object),
                graph=own(one.graph) if one.graph else None,
            )
            for one in way.required
        ),
        tuple(_renamed(one, own) for one in way.beside),
    )


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """What a query reads.

    Raises:
        UnreadableQueryError: it is written in a way that is not read here.
    """
    return _Parser(text).read()
