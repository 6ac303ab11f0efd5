"""Reading the patterns of SPARQL: from a query's text to triple patterns, property paths taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from pyoxigraph import Literal, NamedNode, Variable

from careatlas.graph.patterns import Conjunction, Pattern, Term
from careatlas.graph.terms import RDF_TYPE

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<iri><[^<>"{}|^`\\\s]*>)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<tag>@[A-Za-z-]+|\^\^)|(?P<var>[?$]\w+)|(?P<name>[A-Za-z][\w-]*:[\w-]*(?:\.[\w-]+)*)"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]+)|(?P<sign>&&|\|\||[<>!]=|[^\s\w])"""
)
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


@dataclass(frozen=True)
class Step:
    """One step of a property path."""

    predicate: NamedNode | Variable
    back: bool = False
    repeats: bool = False


@dataclass
class PatternReader:
    """Reads a query from its beginning, part by part."""

    text: str
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    at: int = 0
    prefixes: dict[str, str] = field(default_factory=dict)
    fresh: int = 0

    def __post_init__(self) -> None:
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

    def peek(self) -> str:
        """The sign that comes next; nothing at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def kind(self) -> str:
        """Which kind of sign comes next."""
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        """The sign that comes next, which is then read."""
        found = self.peek()
        if not found:
            raise UnreadableQueryError("", "its end")
        self.at += 1
        return found

    def take(self, word: str) -> bool:
        """Whether a word or sign comes next, which is then read."""
        if self.peek().upper() != word:
            return False
        self.at += 1
        return True

    def expect(self, sign: str) -> None:
        """Read a sign that must come next."""
        if not self.take(sign):
            raise UnreadableQueryError(self.peek(), f"something else than {sign}")

    def skip_braces(self) -> None:
        """Pass over a group."""
        self.expect("{")
        depth = 1
        while depth:
            sign = self.next()
            depth += (sign == "{") - (sign == "}")

    def term(self) -> Term:
        """Read a variable, an IRI or a literal."""
        kind, sign = self.kind(), self.next()
        if kind == "var":
            return Variable(sign[1:])
        if kind == "iri":
            return NamedNode(sign[1:-1])
        if kind == "name":
            prefix, local = sign.split(":", 1)
            return NamedNode(self.prefixes[prefix] + local)
        if kind in ("text", "number"):
            return self.literal(kind, sign)
        raise UnreadableQueryError(sign, "a term")

    def iris(self) -> set[NamedNode]:
        """Every IRI that the query names from here on."""
        ahead = (
            PatternReader("", [token], prefixes=self.prefixes)
            for token in self.tokens[self.at :]
            if token[0] in ("iri", "name")
        )
        return {term for one in ahead if isinstance(term := one.term(), NamedNode)}

    def literal(self, kind: str, sign: str) -> Literal:
        """Read the rest of a literal."""
        if kind == "number":
            return Literal(int(sign))
        value = sign[1:-1].encode().decode("unicode_escape") if "\\" in sign else sign[1:-1]
        if self.kind() != "tag":
            return Literal(value)
        tag = self.next()
        datatype = self.term() if tag == "^^" else None
        if isinstance(datatype, NamedNode):
            return Literal(value, datatype=datatype)
        return Literal(value, language=tag[1:])

    def triples(self, *, graph: Graph) -> list[Conjunction]:
        """Read what is said of one subject: the ways in which it can hold."""
        subject = self.term()
        ways = [Conjunction()]
        while True:
            path = self.path_choice()
            while True:
                ends = self.term()
                ways = both(
                    ways, [Conjunction(one) for one in self.steps(subject, path, ends, graph)]
                )
                if not self.take(","):
                    break
            if not self.take(";") or self.peek() in (".", "}"):
                return ways

    def path_choice(self) -> "list[list[Step]]":
        """Read a path: its ways, each as its steps."""
        ways = self.path_sequence()
        while self.take("|"):
            ways += self.path_sequence()
        return ways

    def path_sequence(self) -> "list[list[Step]]":
        """Read steps that follow each other."""
        ways = self.path_step()
        while self.take("/"):
            ways = [one + two for one, two in product(ways, self.path_step())]
        return ways

    def path_step(self) -> "list[list[Step]]":
        """Read one step, or a path in brackets."""
        back = self.take("^")
        if self.take("("):
            ways = self.path_choice()
            self.expect(")")
        elif self.kind() == "word" and self.take("A"):
            ways = [[Step(RDF_TYPE)]]
        else:
            term = self.term()
            if isinstance(term, Literal):
                raise UnreadableQueryError(str(term), "a predicate")
            ways = [[Step(term)]]
        if self.peek() in ("*", "+"):
            self.next()
            ways = [[replace(step, repeats=True) for step in way] for way in ways]
        if back:
            ways = [[replace(step, back=not step.back) for step in reversed(way)] for way in ways]
        return ways

    def steps(
        self, start: Term, ways: "list[list[Step]]", end: Term, graph: Graph
    ) -> Iterator[tuple[Pattern, ...]]:
        """The patterns of each way from a start to an end."""
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


def both(ways: list[Conjunction], more: list[Conjunction]) -> list[Conjunction]:
    """The ways in which two things hold together."""
    return [one.together(other) for one, other in product(ways, more)]
