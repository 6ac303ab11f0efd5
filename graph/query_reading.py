"""Reading what a query reads: from SPARQL to its patterns.

It knows the SPARQL in which the repository's own queries are written, as far as the shape of their
groups and patterns goes; expressions are passed over. A test reads every query with it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Any

from pyoxigraph import Literal, NamedNode, Variable

from careatlas.graph.patterns import Conjunction, Pattern, Place, Reading, Term
from careatlas.graph.terms import RDF_TYPE

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<iri><[^<>"{}|^`\\\s]*>)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<tag>@[A-Za-z-]+|\^\^)|(?P<var>[?$]\w+)|(?P<name>[A-Za-z][\w-]*:[\w-]*(?:\.[\w-]+)*)"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]+)|(?P<sign>&&|\|\||[<>!]=|[^\s\w])"""
)
_BARRIER = 10_000_000
"""A limit so high only keeps the engine from taking a group apart."""


Graph = NamedNode | Variable | None


class UnreadableQueryError(ValueError):
    """A query is written in a way that is not read here."""

    def __init__(self, at: str, problem: str) -> None:
        super().__init__(at, problem)
        self.at = at
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"cannot tell what a query reads: {self.problem} at {self.at!r}; write it more plainly"
        )


@dataclass
class _Parser:
    text: str
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    at: int = 0
    prefixes: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    fresh: int = 0
    limited: bool = False

    def read(self) -> Reading:
        place = 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            if not match:
                raise UnreadableQueryError(self.text[place : place + 20], "a sign")
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[0], match.end()))
            place = match.end()
        while self.take("PREFIX"):
            name, iri = self.next(), self.next()
            self.prefixes[name.rstrip(":")] = iri[1:-1]
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
        return Reading(self.text, tuple(ways), tuple(self.places), first, self.limited)

    # Tokens

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        found = self.peek()
        if not found:
            raise UnreadableQueryError("", "its end")
        self.at += 1
        return found

    def take(self, word: str) -> bool:
        if self.peek().upper() != word:
            return False
        self.at += 1
        return True

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise UnreadableQueryError(self.peek(), f"something else than {sign}")

    def skip_braces(self) -> None:
        self.expect("{")
        depth = 1
        while depth:
            sign = self.next()
            depth += (sign == "{") - (sign == "}")

    # Groups

    def group(self, *, graph: Graph, place: bool) -> list[Conjunction]:
        """The ways in which the group that opens here holds; `place` if it can be asked for some values alone."""
        self.expect("{")
        offset = self.tokens[self.at - 1][2]
        if self.take("SELECT"):
            return self.subselect(graph=graph)
        ways = [Conjunction()]
        own: set[Variable] = set()
        while not self.take("}"):
            if self.take("OPTIONAL"):
                ways = _beside(ways, self.group(graph=graph, place=False))
            elif self.take("MINUS"):
                ways = _beside(ways, self.group(graph=graph, place=True))
            elif self.take("FILTER"):
                for inner in self.expression(graph=graph):
                    ways = _beside(ways, inner)
            elif self.take("BIND"):
                self.expression(graph=graph)
            elif self.take("VALUES"):
                self.values()
            elif self.take("GRAPH"):
                named = self.term()
                if isinstance(named, Variable):
                    own.add(named)
                ways = _both(ways, self.group(graph=_graph(named), place=place))
            elif self.peek() == "{":
                either = self.group(graph=graph, place=place)
                while self.take("UNION"):
                    either += self.group(graph=graph, place=place)
                ways = _both(ways, either)
            elif not self.take("."):
                alternatives = self.triples(graph=graph)
                for way in alternatives:
                    own |= {v for p in way.required if not p.repeats for v in p.variables}
                ways = _both(ways, alternatives)
        if place:
            self.places.append(Place(offset, frozenset(own)))
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

    # Triples

    def term(self) -> Term:
        kind, sign = self.kind(), self.next()
        if kind == "var":
            return Variable(sign[1:])
        if kind == "iri":
            return NamedNode(sign[1:-1])
        if kind == "name":
            prefix, local = sign.split(":", 1)
            return NamedNode(self.prefixes[prefix] + local)
        if kind == "text":
            value = sign[1:-1].encode().decode("unicode_escape") if "\\" in sign else sign[1:-1]
            if self.kind() == "tag":
                tag = self.next()
                if tag == "^^":
                    datatype = self.term()
                    if isinstance(datatype, NamedNode):
                        return Literal(value, datatype=datatype)
                return Literal(value, language=tag[1:])
            return Literal(value)
        if kind == "number":
            return Literal(int(sign))
        if sign in ("true", "false"):
            return Literal(sign == "true")
        raise UnreadableQueryError(sign, "a term")

    def triples(self, *, graph: Graph) -> list[Conjunction]:
        subject = self.term()
        ways = [Conjunction()]
        while True:
            path = self.path_choice()
            while True:
                ends = self.term()
                ways = _both(
                    ways, [Conjunction(one) for one in self.steps(subject, path, ends, graph)]
                )
                if not self.take(","):
                    break
            if not self.take(";") or self.peek() in (".", "}"):
                return ways

    def path_choice(self) -> "list[list[_Step]]":
        ways = self.path_sequence()
        while self.take("|"):
            ways += self.path_sequence()
        return ways

    def path_sequence(self) -> "list[list[_Step]]":
        ways = self.path_step()
        while self.take("/"):
            ways = [one + two for one, two in product(ways, self.path_step())]
        return ways

    def path_step(self) -> "list[list[_Step]]":
        back = self.take("^")
        if self.take("("):
            ways = self.path_choice()
            self.expect(")")
        elif self.kind() == "word" and self.take("A"):
            ways = [[_Step(RDF_TYPE)]]
        else:
            term = self.term()
            if isinstance(term, Literal):
                raise UnreadableQueryError(str(term), "a predicate")
            ways = [[_Step(term)]]
        if self.peek() in ("*", "+"):
            self.next()
            ways = [[replace(step, repeats=True) for step in way] for way in ways]
        if back:
            ways = [[replace(step, back=not step.back) for step in reversed(way)] for way in ways]
        return ways

    def steps(
        self, start: Term, ways: "list[list[_Step]]", end: Term, graph: Graph
    ) -> Iterator[tuple[Pattern, ...]]:
        for way in ways:
            found, here = [], start
            for place, step in enumerate(way):
                there: Term = end
                if place < len(way) - 1:
                    self.fresh += 1
                    there = Variable(f"_step_{self.fresh}")
                one, other = (there, here) if step.back else (here, there)
                found.append(Pattern(one, step.predicate, other, graph, step.repeats))
                here = there
            yield tuple(found)


@dataclass(frozen=True)
class _Step:
    predicate: NamedNode | Variable
    back: bool = False
    repeats: bool = False


def _graph(named: Term) -> Graph:
    if isinstance(named, Literal):
        raise UnreadableQueryError(str(named), "a graph")
    return named


def _both(ways: list[Conjunction], more: list[Conjunction]) -> list[Conjunction]:
    return [one.together(other) for one, other in product(ways, more)]


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
